#include "vault/verify/log_remarks.h"

#include "vault/base/encoding.h"
#include "vault/base/format.h"
#include "vault/base/text.h"
#include "vault/verify/read_entry.h"

namespace exhibit::verify {
namespace {

std::string MissingOf(const custody::Collectors::Gap& gap) {
  std::uint64_t missing = 0;
  for (const custody::ItemSet::Range& range : gap.missing_numbers) missing += range.last - range.first + 1;
  return Format("{} of the numbers up to {} are not in the log, first {}", missing, gap.last,
                gap.missing_numbers.front().first);
}

std::string Of(const Labelled& found) {
  const std::string counts =
      Format("{} and {}", Counted(found.items.size(), "item", "items"), Counted(found.acts.size(), "act", "acts"));
  const std::string items = found.items.empty() ? "" : ": items " + tlog::ListOf(tlog::RangesOf(found.items));
  return Format("case {}: its label is on {} of the entries that were read{}", Printable(found.case_name), counts,
                items);
}

std::string OfSuccessor(const LogSource& source, tlog::Sequence closed) {
  const auto entry = ReadEntryAt(source, closed);
  const auto* const body = entry ? std::get_if<custody::Closed>(&entry->parsed().body) : nullptr;
  if (body == nullptr || !body->successor) return "";
  return "; the vault that follows has the fingerprint " + ToHex(body->successor->view());
}

}  // namespace

void RemarkOnLog(const LogSource& source, const custody::State& state, Report& report) {
  const custody::Facts& facts = state.facts();
  if (const auto& before = state.genesis().continues) {
    report.remarks.push_back(Format("this vault goes on from the vault with the fingerprint {}, at size {}",
                                    ToHex(before->fingerprint.view()), before->size));
  }
  for (const tlog::Sequence recovery : facts.recoveries) {
    report.remarks.push_back(
        Format("entry {}: the readers took the vault back with the recovery key, and no rule of two holds for that",
               recovery));
  }
  for (const auto& [entry, lost] : facts.lost_heads) {
    report.remarks.push_back(Format("entry {}: the log went on from a copy that was restored; the head of {} was lost",
                                    entry, Describe(lost)));
  }
  if (facts.closed) {
    report.remarks.push_back(
        Format("entry {}: it closed this log{}", *facts.closed, OfSuccessor(source, *facts.closed)));
  }
  if (facts.newer) {
    report.remarks.push_back(Format("entry {}: from here on version {} of the formats is needed, and nothing was read",
                                    facts.newer->entry, facts.newer->version));
  }
  for (const Labelled& found : report.labelled) report.remarks.push_back(Of(found));
}

void RemarkGaps(const custody::Collectors& collectors, Report& report) {
  for (const custody::Collectors::Gap& gap : collectors.Gaps()) {
    const auto remark = [&](std::string_view what) {
      report.remarks.push_back(Format("collector {}: {}", Printable(gap.handle), what));
    };
    if (!gap.missing_numbers.empty()) remark(MissingOf(gap));
    if (gap.is_broken) remark("a statement follows one that is not in the log, or two follow the same one");
    if (gap.is_open) remark("its last run has no closing statement: whether it collected more is not known");
  }
}

}  // namespace exhibit::verify
