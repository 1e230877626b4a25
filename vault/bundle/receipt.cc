#include "vault/bundle/receipt.h"

#include <set>

#include "vault/base/text.h"
#include "vault/custody/json_fields.h"
#include "vault/tlog/stamped_checkpoint.h"

namespace exhibit::bundle {
Result<custody::Receipt> MakeReceipt(const CheckedBundle& checked, std::vector<custody::Receipt::Belief> believed,
                                     const tlog::VerifierKey& receiver, Moment time) {
  const verify::Report& report = checked.report;
  if (!checked.identity || !report.head || checked.identity->items.empty()) {
    return Fail(ErrorCode::kTampered, "no receipt: the bundle does not prove who made it, nor of which log",
                "tell the sender what the report says, and ask for it again");
  }
  if (report.findings.empty() && !report.undecided.empty()) {
    return Fail(ErrorCode::kPermission,
                "no receipt: part of the bundle could not be read: " + report.undecided.front());
  }
  const BundleIdentity& identity = *checked.identity;
  TRY(const tlog::StampedCheckpoint stamped, tlog::FindStamped(identity.checkpoint));
  TRY(custody::NotedCheckpoint checkpoint, custody::NotedCheckpoint::ParseWithLogSignatureOnly(stamped.bytes));
  auto items = custody::ItemSet::Of(identity.items);
  if (!items) return Fail(ErrorCode::kUnsupported, "no receipt: " + items.error().message, "ask for several bundles");
  const bool is_read = report.depth == verify::Depth::kContent && report.contents == report.items;
  custody::Receipt receipt{report.head->origin,
                           identity.note,
                           std::move(checkpoint),
                           identity.made_by,
                           identity.made,
                           receiver,
                           time,
                           is_read ? custody::Receipt::Depth::kContent : custody::Receipt::Depth::kSealed,
                           std::move(believed),
                           std::move(*items)};
  if (report.ok()) return receipt;
  receipt.finding = PrintableUpTo(custody::kMaxLineBytes, verify::Describe(report.findings.front()));
  const std::set<tlog::Sequence> all(identity.items.begin(), identity.items.end());
  std::vector<tlog::Sequence> failed;
  for (const verify::Finding& finding : report.findings) {
    if (finding.entry && all.contains(*finding.entry)) failed.push_back(*finding.entry);
  }
  if (!failed.empty()) {
    TRY(receipt.failed, custody::ItemSet::Of(std::move(failed)));
  }
  return receipt;
}

}  // namespace exhibit::bundle
