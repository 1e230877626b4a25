#include "vault/verify/verifier.h"

#include <algorithm>

#include "vault/verify/log_check.h"
#include "vault/verify/sealed_check.h"

namespace exhibit::verify {
namespace {

// Every sealed file of a vault is sealed to its vault key.
void Take(const SealedEntry& entry, SealedOutcome outcome, Report& report) {
  if (outcome.unopened) {
    outcome.findings.push_back({Property::kSealed, entry.sequence, {}, {}, *outcome.unopened});
  }
  ++report.items;
  report.payload_bytes += outcome.payload_bytes;
  report.contents += outcome.content_checked ? 1 : 0;
  report.content_bytes += outcome.content_bytes;
  std::ranges::move(outcome.findings, std::back_inserter(report.findings));
}

// Damage of the source's files, besides the bytes that were read.
void CheckMedium(const Source& source, Report& report) {
  const auto faults = source.CheckMedium();
  if (!faults) {
    report.findings.push_back({Property::kMedium, {}, {}, {}, faults.error().message});
    return;
  }
  for (const MediumFault& fault : *faults) {
    if (fault.weight == MediumFault::Weight::kRemark) {
      report.remarks.push_back(fault.message);
    } else {
      report.findings.push_back({Property::kMedium, {}, {}, {}, fault.message});
    }
  }
}

// Items with a finding of the log too.
void CountEvidence(std::span<const SealedEntry> sealed, Report& report) {
  const std::vector<tlog::Sequence> failed = FailedEntries(report);
  for (const SealedEntry& entry : sealed) {
    if (entry.type != custody::EntryType::kItem) continue;
    ++report.evidence;
    if (std::ranges::binary_search(failed, entry.sequence)) report.failed_items.push_back(entry.sequence);
  }
}

}  // namespace

Result<Report> Verify(const Source& source, const Options& options, Pool& pool) {
  if (options.depth == Depth::kContent && !options.open_key) {
    return Fail(ErrorCode::kInvalid, "content cannot be checked without a reader's identity");
  }
  Report report;
  report.depth = options.depth;
  std::vector<SealedEntry> sealed;
  TRY_VOID(CheckLog(source, options, pool, report, sealed));
  CheckMedium(source, report);
  for (const tlog::Sequence wanted : options.selected) {
    if (!report.head || wanted.value >= report.head->size.value) {
      report.findings.push_back({Property::kEntry, wanted, {}, {}, "the log has no such entry"});
    }
  }
  if (options.depth != Depth::kLog) {
    TRY_VOID(CheckSealedFiles(source, options, sealed, pool, [&](const SealedEntry& entry, SealedOutcome outcome) {
      Take(entry, std::move(outcome), report);
    }));
  }
  if (options.depth != Depth::kLog) CountEvidence(sealed, report);
  std::ranges::stable_sort(report.findings, {},
                           [](const Finding& finding) { return finding.entry ? finding.entry->value + 1 : 0; });
  return report;
}

}  // namespace exhibit::verify
