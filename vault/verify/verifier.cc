#include "vault/verify/verifier.h"

#include <algorithm>

#include "vault/base/interrupt.h"
#include "vault/verify/log_check.h"
#include "vault/verify/sealed_check.h"

namespace exhibit::verify {
namespace {

// Larger items are checked one after another, each with all threads; smaller ones side by side.
constexpr std::uint64_t kLargePayload = 16 << 20;

// Sealed files that are checked together: bounds what is held of them, their metadata above all.
constexpr std::size_t kBatchFiles = 4096;

void Take(SealedOutcome outcome, Report& report) {
  ++report.items;
  report.payload_bytes += outcome.payload_bytes;
  report.contents += outcome.content_checked ? 1 : 0;
  report.content_bytes += outcome.content_bytes;
  std::ranges::move(outcome.findings, std::back_inserter(report.findings));
}

// Checks the sealed files that the log speaks of.
Result<void> CheckSealedFiles(const Source& source, const Options& options, Pool& pool,
                              std::span<const SealedEntry> sealed, Report& report) {
  const auto stop = [&] { return IsSet(options.interrupted); };
  while (!sealed.empty()) {
    const auto batch = sealed.first(std::min(sealed.size(), kBatchFiles));
    sealed = sealed.subspan(batch.size());
    std::vector<SealedOutcome> outcomes(batch.size());
    pool.ForEach(batch.size(), [&](std::size_t i) {
      if (batch[i].file.payload_bytes < kLargePayload && !stop()) {
        outcomes[i] = CheckSealed(source, options, batch[i], nullptr);
      }
    });
    for (std::size_t i = 0; i < batch.size() && !stop(); ++i) {
      if (batch[i].file.payload_bytes >= kLargePayload) outcomes[i] = CheckSealed(source, options, batch[i], &pool);
    }
    TRY_VOID(StopIfAsked(options.interrupted));
    for (SealedOutcome& outcome : outcomes) Take(std::move(outcome), report);
  }
  return {};
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
  for (const tlog::Sequence wanted : options.selected) {
    if (!report.head || wanted.value >= report.head->size.value) {
      report.findings.push_back({Property::kEntry, wanted, {}, {}, "the log has no such entry"});
    }
  }
  if (options.depth != Depth::kLog) TRY_VOID(CheckSealedFiles(source, options, pool, sealed, report));
  std::ranges::stable_sort(report.findings, {}, [](const Finding& finding) {
    return finding.entry ? finding.entry->value + 1 : 0;
  });
  return report;
}

}  // namespace exhibit::verify
