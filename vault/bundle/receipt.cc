#include "vault/bundle/receipt.h"

#include <set>

#include "vault/base/text.h"
#include "vault/custody/actor.h"
#include "vault/custody/field_forms.h"
#include "vault/custody/noted_checkpoint.h"

namespace exhibit::bundle {
namespace {

using custody::FieldList;
using custody::FieldValue;

constexpr std::size_t kMaxFindingBytes = 1024;

// How far the receiver looked.
std::string_view DepthOf(const verify::Report& report) {
  if (report.depth == verify::Depth::kContent && report.contents == report.evidence) return "content";
  return report.contents > 0 ? "fields" : "sealed";
}

FieldValue TextsOf(const std::vector<Belief>& believed) {
  FieldValue::Array words;
  for (const Belief one : believed)
    words.emplace_back(one == Belief::kFingerprint ? std::string_view("fingerprint") : std::string_view("policy"));
  return {std::move(words)};
}

Result<std::vector<FieldList::Item>> FindingFields(const verify::Report& report, const BundleIdentity& identity) {
  std::vector<FieldList::Item> fields;
  if (report.findings.empty()) return fields;
  fields.emplace_back("finding", PrintableUpTo(kMaxFindingBytes, verify::Describe(report.findings.front())));
  const std::set<tlog::Sequence> items(identity.items.begin(), identity.items.end());
  std::vector<tlog::Sequence> failed;
  for (const verify::Finding& finding : report.findings) {
    if (finding.entry && items.contains(*finding.entry)) failed.push_back(*finding.entry);
  }
  if (failed.empty()) return fields;
  TRY(const custody::ItemSet set, custody::ItemSet::Of(std::move(failed)));
  fields.emplace_back("failed", set.ToText());
  return fields;
}

Result<FieldList> FieldsOf(const CheckedBundle& checked, const std::vector<Belief>& believed,
                           const custody::PersonFacts& received_by) {
  TRY(std::vector<FieldList::Item> fields, custody::ItemFields(checked.identity->items));
  TRY(std::vector<FieldList::Item> found, FindingFields(checked.report, *checked.identity));
  for (FieldList::Item& field : found) fields.push_back(std::move(field));
  fields.emplace_back("depth", DepthOf(checked.report));
  if (!believed.empty()) fields.emplace_back("believed", TextsOf(believed));
  if (received_by != custody::PersonFacts())
    fields.emplace_back(std::string(custody::kReceivedByField), custody::FieldOf(received_by));
  return FieldList::Make(std::move(fields));
}

}  // namespace

Result<GivenReceipt> MakeReceipt(const CheckedBundle& checked, const std::vector<Belief>& believed,
                                 const custody::PersonFacts& received_by, const tlog::SigningKey& key,
                                 custody::EntryTime time) {
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
  TRY(custody::NotedCheckpoint checkpoint, custody::NotedCheckpoint::Of(identity.checkpoint, *report.log_key));
  TRY(tlog::KeyName name, tlog::KeyName::Parse(custody::ReceiverKeyName(report.head->origin)));
  const tlog::SigningKey receiver = key.CopyAs(std::move(name));
  auto fields = FieldsOf(checked, believed, received_by);
  if (!fields) return Fail(ErrorCode::kUnsupported, "no receipt: " + fields.error().message, "ask for several bundles");
  const custody::Receipt receipt{report.head->origin,
                                 identity.fingerprint,
                                 identity.note,
                                 std::move(checkpoint),
                                 identity.made_by,
                                 identity.made,
                                 receiver.verifier(),
                                 time,
                                 report.ok() ? custody::ReceiptOutcome::kHolds : custody::ReceiptOutcome::kFails,
                                 fields->digest()};
  TRY(custody::SignedReceipt given, custody::SignedReceipt::Sign(receipt, receiver));
  return GivenReceipt{std::move(*fields), std::move(given)};
}

}  // namespace exhibit::bundle
