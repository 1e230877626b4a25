#include "vault/verify/verifier.h"

#include <algorithm>

#include "vault/base/interrupt.h"
#include "vault/verify/log_check.h"
#include "vault/verify/sealed_check.h"

namespace exhibit::verify {
namespace {

// Larger items are checked one after another, each with all threads; smaller ones side by side.
constexpr std::uint64_t kLargePayload = 16 << 20;

// Checks the sealed files that the log speaks of, a batch of small ones at a time.
Result<void> CheckSealedFiles(const Source& source, const Options& options, Pool& pool,
                              const std::vector<SealedEntry>& sealed, Report& report) {
  std::vector<SealedOutcome> outcomes(sealed.size());
  const auto stop = [&] { return IsSet(options.interrupted); };
  pool.ForEach(sealed.size(), [&](std::size_t i) {
    if (sealed[i].file.payload_bytes < kLargePayload && !stop()) {
      outcomes[i] = CheckSealed(source, options, sealed[i], nullptr);
    }
  });
  for (std::size_t i = 0; i < sealed.size() && !stop(); ++i) {
    if (sealed[i].file.payload_bytes >= kLargePayload) outcomes[i] = CheckSealed(source, options, sealed[i], &pool);
  }
  TRY_VOID(StopIfAsked(options.interrupted));
  for (SealedOutcome& outcome : outcomes) {
    ++report.items;
    report.payload_bytes += outcome.payload_bytes;
    report.contents += outcome.content_checked ? 1 : 0;
    report.content_bytes += outcome.content_bytes;
    std::ranges::move(outcome.findings, std::back_inserter(report.findings));
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
