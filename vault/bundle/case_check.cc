#include "vault/bundle/case_check.h"

#include <algorithm>
#include <iterator>

#include "vault/base/format.h"
#include "vault/base/text.h"
#include "vault/tlog/note.h"
#include "vault/tlog/tree.h"
#include "vault/verify/verifier.h"

namespace exhibit::bundle {
namespace {

using verify::Labelled;

std::vector<tlog::Sequence> Union(const std::vector<tlog::Sequence>& a, const std::vector<tlog::Sequence>& b) {
  std::vector<tlog::Sequence> all;
  std::ranges::set_union(a, b, std::back_inserter(all));
  return all;
}

std::vector<tlog::Sequence> Difference(const std::vector<tlog::Sequence>& all, const std::vector<tlog::Sequence>& but) {
  std::vector<tlog::Sequence> rest;
  std::ranges::set_difference(all, but, std::back_inserter(rest));
  return rest;
}

void Join(const Labelled& in_log, tlog::TreeSize size, Labelled& here) {
  const std::vector<tlog::Sequence> with_file = Difference(here.items, here.missing);
  here.items = Union(here.items, in_log.items);
  here.acts = Union(here.acts, in_log.acts);
  here.missing = Difference(here.items, with_file);
  here.whole_log = size;
}

Result<tlog::TreeSize> ClaimedSize(const verify::Source& log) {
  TRY(const Bytes head, log.ReadHead());
  TRY(const tlog::SignedNote note, tlog::SignedNote::Parse(head));
  TRY(const tlog::Checkpoint claimed, tlog::DecodeCheckpoint(note.text()));
  return claimed.size;
}

// An entry that the bundle tells and of which the log has another; nothing if there is none.
Result<std::optional<tlog::Sequence>> FindOther(const verify::Source& log, tlog::TreeSize size,
                                                const ToldLeaves& leaves) {
  for (const auto& [at, leaf] : leaves) {
    if (at.value >= size.value) break;
    TRY(const Bytes entry, log.ReadEntry(at));
    if (tlog::HashLeaf(entry) != leaf) return std::optional(at);
  }
  return std::optional<tlog::Sequence>();
}

}  // namespace

Result<void> CompareWithLog(const WholeLog& log, const std::vector<custody::GivenCaseKey>& keys,
                            const std::atomic<bool>* interrupted, CheckedBundle& checked, Pool& pool) {
  verify::Report& report = checked.report;
  if (!report.fingerprint || !report.head) return {};  // then the bundle does not hold, and says so
  const std::string where = Printable(log.where);
  const auto undecided = [&](const std::string& why) {
    report.undecided.push_back(Format("the log in {}: {}", where, why));
    return Result<void>();
  };
  const auto size = ClaimedSize(log.source);
  if (!size) return undecided(size.error().message);
  const bool is_older = size->value < report.head->size.value;
  verify::Options options;
  options.depth = verify::Depth::kLog;
  options.fingerprint = report.fingerprint;
  options.case_keys = &keys;
  options.interrupted = interrupted;
  if (!is_older && checked.identity)
    options.kept.push_back({verify::KeptCheckpoint::Use::kCompare, "the bundle", checked.identity->checkpoint});
  TRY(const verify::Report of_log, verify::Verify(log.source, options, pool));
  const auto contradicts =
      std::ranges::find(of_log.findings, verify::Property::kConsistency, &verify::Finding::property);
  if (contradicts != of_log.findings.end()) {
    report.findings.push_back({verify::Property::kConsistency,
                               {},
                               {},
                               {},
                               Format("the log in {} is another history: {}", where, contradicts->message)});
    return {};
  }
  if (!of_log.ok()) return undecided(verify::FirstProblem(of_log));
  const auto other = FindOther(log.source, *size, checked.leaves);
  if (!other) return undecided(other.error().message);
  if (*other) {
    report.findings.push_back({verify::Property::kConsistency,
                               **other,
                               {},
                               {},
                               Format("the log in {} has another entry there: it is another history", where)});
    return {};
  }
  if (is_older) {
    report.remarks.push_back(
        Format("the log in {} has {} entries, and the bundle's checkpoint {}: what came between is "
               "known only as far as the bundle tells it",
               where, *size, report.head->size));
  }
  for (Labelled& here : report.labelled) {
    const auto in_log = std::ranges::find(of_log.labelled, here.case_name, &Labelled::case_name);
    if (in_log != of_log.labelled.end()) Join(*in_log, *size, here);
  }
  return {};
}

}  // namespace exhibit::bundle
