#include "vault/verify/report.h"

#include <algorithm>
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
    case Property::kPayload: return "payload";
    case Property::kSealed: return "sealed";
    case Property::kContent: return "content";
    case Property::kMetadata: return "metadata";
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

std::vector<tlog::Sequence> FailedEntries(const Report& report) {
  std::set<tlog::Sequence> failed;
  for (const Finding& finding : report.findings) {
    if (finding.entry && finding.property != Property::kCompanion) failed.insert(*finding.entry);
  }
  return {failed.begin(), failed.end()};
}

std::string FirstProblem(const Report& report) {
  EXHIBIT_ASSERT(!report.ok());
  return report.findings.empty() ? report.undecided.front() : Describe(report.findings.front());
}

bool IsUnread(ErrorCode code) { return code == ErrorCode::kIo || code == ErrorCode::kPermission; }

namespace {

void AddUndecided(Report& report, std::string what) {
  if (std::ranges::find(report.undecided, what) == report.undecided.end()) report.undecided.push_back(std::move(what));
}

}  // namespace

void Report::Add(Property property, std::optional<tlog::Sequence> entry, const Error& error) {
  if (IsUnread(error.code)) return AddUndecided(*this, error.message);
  findings.push_back({property, entry, {}, {}, error.message, {}, error.code});
}

void SetUnreadAside(Report& report) {
  for (const Finding& finding : report.findings) {
    if (IsUnread(finding.because)) AddUndecided(report, Describe(finding));
  }
  std::erase_if(report.findings, [](const Finding& finding) { return IsUnread(finding.because); });
}

}  // namespace exhibit::verify
