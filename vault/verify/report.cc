#include "vault/verify/report.h"

#include <algorithm>
#include <iterator>
#include <set>

#include "vault/base/error.h"
#include "vault/base/format.h"

namespace exhibit::verify {

std::string_view ToText(Depth depth) {
  switch (depth) {
    case Depth::kLog: return "log";
    case Depth::kSealed: return "sealed";
    case Depth::kContent: return "content";
  }
  InternalError("a depth has no word", __FILE__, __LINE__);
}

std::string_view ToText(Property property) {
  switch (property) {
    case Property::kHead: return "head";
    case Property::kGenesis: return "genesis";
    case Property::kEntry: return "entry";
    case Property::kChain: return "chain";
    case Property::kSignature: return "signature";
    case Property::kTree: return "tree";
    case Property::kTile: return "tile";
    case Property::kIndex: return "index";
    case Property::kHeader: return "header";
    case Property::kLayout: return "layout";
    case Property::kPayload: return "payload";
    case Property::kSealed: return "sealed";
    case Property::kContent: return "content";
    case Property::kFields: return "fields";
    case Property::kBundle: return "bundle";
    case Property::kCompanion: return "companion";
    case Property::kConsistency: return "consistency";
    case Property::kTimestamp: return "timestamp";
    case Property::kPolicy: return "policy";
    case Property::kMedium: return "medium";
  }
  InternalError("a property has no word", __FILE__, __LINE__);
}

std::string Describe(const Finding& finding) {
  std::string text;
  if (finding.entry) text += Format("entry {}: ", finding.entry->value);
  if (finding.block) text += Format("block {}: ", *finding.block);
  if (finding.range && finding.range->bytes > 0) {
    text +=
        Format("bytes {}-{} of the payload: ", finding.range->offset, finding.range->offset + finding.range->bytes - 1);
  }
  return text + finding.message;
}

std::string WithoutNoun(tlog::Sequence entry, std::string message) {
  const std::string noun = NameOf(entry) + ": ";
  if (message.starts_with(noun)) message.erase(0, noun.size());
  return message;
}

std::vector<tlog::Sequence> FailedEntries(const Report& report) {
  std::set<tlog::Sequence> failed;
  for (const Finding& finding : report.findings) {
    if (finding.entry && finding.property != Property::kCompanion) failed.insert(*finding.entry);
  }
  return {failed.begin(), failed.end()};
}

std::string FirstProblem(const Report& report) {
  EXHIBIT_ASSERT(!report.ok());
  if (!report.findings.empty()) return Describe(report.findings.front());
  if (!report.undecided.empty()) return report.undecided.front();
  return Format("entry {}: from here on a newer version is needed; what is before it was checked",
                report.newer_from->entry);
}

bool IsUnread(ErrorCode code) { return code == ErrorCode::kIo || code == ErrorCode::kPermission; }

void Report::Add(Property property, std::optional<tlog::Sequence> entry, const Error& error) {
  if (!IsUnread(error.code)) {
    findings.push_back({property, entry, {}, {}, error.message, {}, error.code});
    return;
  }
  std::string what = error.message;
  if (!error.hint.empty()) what += Format(" ({})", error.hint);
  if (std::ranges::find(undecided, what) == undecided.end()) undecided.push_back(std::move(what));
}

void CloseFindings(Report& report, const ItemsToCheck& items) {
  std::set<std::string> told(report.undecided.begin(), report.undecided.end());
  std::set<tlog::Sequence> unread;
  for (const Finding& finding : report.findings) {
    if (!IsUnread(finding.because)) continue;
    if (finding.entry && finding.property != Property::kCompanion) unread.insert(*finding.entry);
    std::string what = Describe(finding);
    if (told.insert(what).second) report.undecided.push_back(std::move(what));
  }
  std::erase_if(report.findings, [](const Finding& finding) { return IsUnread(finding.because); });
  report.evidence = items.count;
  const std::vector<tlog::Sequence> failed = FailedEntries(report);
  std::ranges::copy_if(failed, std::back_inserter(report.failed_items), items.contains);
  std::ranges::set_difference(unread, failed, std::back_inserter(report.unread_items));
  std::erase_if(report.unread_items, [&](tlog::Sequence entry) { return !items.contains(entry); });
}

}  // namespace exhibit::verify
