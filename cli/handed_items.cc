#include "cli/handed_items.h"

#include <algorithm>

#include "cli/interrupt.h"
#include "vault/base/encoding.h"
#include "vault/custody/field_forms.h"
#include "vault/verify/verifier.h"

namespace exhibit::cli {

Result<std::vector<tlog::Sequence>> ItemsOf(const TransferFile& statement) {
  TRY(const auto ranges, custody::ItemsIn(statement.fields));
  if (!ranges) return Fail(ErrorCode::kInvalid, "the statement names no items");
  std::vector<tlog::Sequence> items;
  for (const custody::ItemSet::Range& range : *ranges) {
    for (std::uint64_t item = range.first; item <= range.last; ++item) items.push_back({item});
  }
  return items;
}

Result<void> RehashItems(const VaultReader& vault, const std::vector<tlog::Sequence>& items) {
  verify::Options options;
  options.selected.insert(items.begin(), items.end());
  options.interrupted = &Interrupted();
  Pool pool;
  TRY(const verify::Report report, verify::Verify(vault, options, pool));
  const bool is_only_lost = report.undecided.empty() && std::ranges::all_of(report.findings, verify::IsLoss);
  const auto is_meant = [&](const verify::Finding& one) { return one.entry && options.selected.contains(*one.entry); };
  if (report.ok() || (is_only_lost && std::ranges::none_of(report.findings, is_meant))) return {};
  return Fail(report.findings.empty() ? ErrorCode::kPermission : ErrorCode::kTampered,
              "not signed: " + verify::FirstProblem(report), "exhibit verify names everything that is wrong");
}

Result<tlog::RootHash> LeavesOf(const VaultReader& vault, const std::vector<tlog::Sequence>& items) {
  std::vector<tlog::LeafHash> leaves;
  for (const tlog::Sequence item : items) {
    TRY(const custody::SignedEntry entry, vault.Entry(item));
    leaves.push_back(entry.leaf());
  }
  return custody::RootOfLeaves(leaves);
}

Result<void> CompareLeaves(const TransferFile& statement, const tlog::RootHash& leaves) {
  const custody::FieldValue* const said = statement.fields.Find("leaves");
  if (said != nullptr && said->Text() != nullptr && *said->Text() == ToHex(leaves.view())) return {};
  return Fail(ErrorCode::kTampered,
              "not signed: the statement is not of these items, but of others with the same numbers");
}

}  // namespace exhibit::cli
