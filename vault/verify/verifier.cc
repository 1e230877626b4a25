#include "vault/verify/verifier.h"

#include <algorithm>
#include <iterator>
#include <set>

#include "vault/verify/field_rules.h"
#include "vault/verify/label_check.h"
#include "vault/verify/log_check.h"
#include "vault/verify/sealed_check.h"

namespace exhibit::verify {
namespace {

// What was opened, to be compared across the log.
class OpenedFields {
 public:
  OpenedFields(const Options& options, const CheckedLog& log) : options_(options), log_(log) {}

  void Take(const SealedEntry& entry, const SealedOutcome& outcome, Report& report) {
    if (!outcome.fields || !log_.facts) return;
    if (entry.type == custody::Transfer::kForm.type) transfers_.emplace(entry.sequence, *outcome.fields);
    if (options_.case_keys == nullptr && options_.label_secret == nullptr) return;
    std::ranges::move(CompareLabels(entry.sequence, entry.file, *outcome.fields, log_.facts->fingerprint, CaseKeys()),
                      std::back_inserter(report.remarks));
  }

  void Finish(const Source& source, Report& report) const {
    if (!log_.facts) return;
    const bool all = log_.first.value == 0 && transfers_.size() == log_.transfers && !report.newer_from;
    CheckTransfers(source, *log_.facts, transfers_, all ? Opened::kAll : Opened::kSome, report);
  }

 private:
  FindCaseKey CaseKeys() const {
    if (options_.label_secret == nullptr) return FindAmong(*options_.case_keys, log_.facts->fingerprint);
    return [secret = options_.label_secret](std::string_view name) { return std::optional(secret->KeyOf(name)); };
  }

  const Options& options_;
  const CheckedLog& log_;
  TransferFields transfers_;
};

// Every sealed file of a vault is sealed to its vault key.
void Take(const SealedEntry& entry, SealedOutcome outcome, Report& report) {
  if (outcome.unopened) {
    outcome.findings.push_back({Property::kSealed, entry.sequence, {}, {}, *outcome.unopened});
  }
  ++report.items;
  report.payload_bytes += outcome.payload_bytes;
  report.contents += outcome.content_checked ? 1 : 0;
  report.content_bytes += outcome.content_bytes;
  for (Finding& finding : outcome.findings) {
    // An entry that needs a newer version may have destroyed it.
    if (report.newer_from && finding.because == ErrorCode::kNotFound) {
      report.remarks.push_back(Describe(finding) + "; entries that were not read may say why");
    } else {
      report.findings.push_back(std::move(finding));
    }
  }
}

// Damage of the source's files, besides the bytes that were read.
void CheckMedium(const Source& source, Report& report) {
  const auto faults = source.CheckMedium();
  if (!faults) {
    report.Add(Property::kMedium, {}, faults.error());
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

// Reads the entries of some sealed files again. One that cannot be read again is a finding.
std::vector<SealedEntry> ReadBatch(const SealedFiles& sealed, std::size_t first, Pool& pool, Report& report) {
  std::vector<std::optional<Result<SealedEntry>>> read(std::min(kSealedBatch, sealed.count() - first));
  pool.ForEach(read.size(), [&](std::size_t i) { read[i].emplace(sealed.Read(first + i)); });
  std::vector<SealedEntry> batch;
  batch.reserve(read.size());
  for (std::size_t i = 0; i < read.size(); ++i) {
    if (*read[i]) {
      batch.push_back(std::move(**read[i]));
    } else {
      report.Add(Property::kEntry, sealed.position(first + i), read[i]->error());
    }
  }
  return batch;
}

// The sealed files that the check of the log left; and then what was found of each item, by the log too.
Result<void> CheckAllSealed(const Source& source, const Options& options, const CheckedLog& log, Pool& pool,
                            Report& report) {
  OpenedFields opened(options, log);
  std::uint64_t count = 0;
  std::vector<bool> has_original(log.sealed.count());
  for (std::size_t first = 0; first < log.sealed.count(); first += kSealedBatch) {
    const std::vector<SealedEntry> batch = ReadBatch(log.sealed, first, pool, report);
    const std::size_t more = log.sealed.count() - std::min(log.sealed.count(), first + kSealedBatch);
    const auto take = [&](const SealedEntry& entry, SealedOutcome outcome) {
      opened.Take(entry, outcome, report);
      Take(entry, std::move(outcome), report);
      if (entry.HasOriginal()) ++count;
      has_original[log.sealed.IndexOf(entry.sequence)] = entry.HasOriginal();
    };
    TRY_VOID(CheckSealedFiles(source, options, batch, pool, take, more));
  }
  opened.Finish(source, report);
  CloseFindings(report, {count, [&](tlog::Sequence entry) {
                           const std::size_t i = log.sealed.IndexOf(entry);
                           return i < log.sealed.count() && has_original[i];
                         }});
  return {};
}

}  // namespace

Result<Report> Verify(const Source& source, const Options& options, Pool& pool) {
  if (options.depth == Depth::kContent && !options.open_key) {
    return Fail(ErrorCode::kInvalid, "content cannot be checked without a reader's identity");
  }
  Report report;
  report.depth = options.depth;
  TRY(CheckedLog log, CheckLog(source, options, pool, report));
  CheckMedium(source, report);
  for (const tlog::Sequence wanted : options.selected) {
    if (!report.head || wanted.value >= report.head->size.value) {
      report.findings.push_back({Property::kEntry, wanted, {}, {}, "the log has no such entry"});
    }
  }
  if (options.depth == Depth::kLog) {
    CloseFindings(report, {});
  } else {
    TRY_VOID(CheckAllSealed(source, options, log, pool, report));
  }
  std::ranges::stable_sort(report.findings, {},
                           [](const Finding& finding) { return finding.entry ? finding.entry->value + 1 : 0; });
  return report;
}

}  // namespace exhibit::verify
