#include "cli/verdict.h"

#include <algorithm>

#include "vault/base/error.h"
#include "vault/base/format.h"
#include "vault/base/text.h"
#include "vault/tell/item_counts.h"
#include "vault/tlog/sequence_range.h"

namespace exhibit::cli {
namespace {

using verify::Finding;
using verify::Property;

// Of the whole log, so that no item can be said to hold.
bool IsOfTheLog(const Finding& finding) {
  return !finding.entry && finding.property != Property::kBundle && finding.property != Property::kCompanion &&
         finding.property != Property::kMedium;
}

// Files of a bundle that findings of this property name and no entry does, each once.
std::vector<std::string> FilesOf(const verify::Report& report, Property property) {
  std::vector<std::string> files;
  for (const Finding& finding : report.findings) {
    const bool is_meant = finding.property == property && !finding.entry && !finding.file.empty();
    if (is_meant && std::ranges::find(files, finding.file) == files.end()) files.push_back(finding.file);
  }
  return files;
}

std::string ListOf(const std::vector<std::string>& files) {
  constexpr std::size_t kMost = 4;
  std::string text;
  for (std::size_t i = 0; i < std::min(files.size(), kMost); ++i) text += (i == 0 ? "" : ", ") + Printable(files[i]);
  return files.size() > kMost ? Format("{} and {} more", text, files.size() - kMost) : text;
}

void Append(std::string& text, const std::string& more) {
  if (!more.empty()) text += (text.empty() ? "" : "; ") + more;
}

std::string WhatFailed(const verify::Report& report) {
  if (std::ranges::any_of(report.findings, IsOfTheLog)) return Counted(report.findings.size(), "finding", "findings");
  std::string text = tell::CountsOf(report);
  const std::vector<std::string> files = FilesOf(report, Property::kBundle);
  if (!files.empty()) {
    Append(text, Format("{} {} not as the bundle was made", ListOf(files), files.size() == 1 ? "is" : "are"));
  }
  const auto damaged = std::ranges::count(report.findings, Property::kMedium, &Finding::property);
  if (damaged > 0)
    Append(text, Counted(static_cast<std::uint64_t>(damaged), "finding", "findings") + " of the store's files");
  const std::vector<std::string> companions = FilesOf(report, Property::kCompanion);
  if (!companions.empty()) {
    Append(text, Format("{} {} nothing", ListOf(companions),
                        companions.size() == 1 ? "was changed, which proves" : "were changed, which prove"));
    const bool is_all =
        std::ranges::all_of(report.findings, [](const Finding& one) { return one.property == Property::kCompanion; });
    if (is_all) Append(text, "the evidence and its proofs are as the bundle was made");
  }
  return text.empty() ? Counted(report.findings.size(), "finding", "findings") : text;
}

std::string NotHere(const verify::Report& report) {
  if (report.not_here.empty()) return "the bundle has every position of the log";
  constexpr std::size_t kMost = 20;
  const bool is_one = report.not_here.size() == 1 && report.not_here.front().count() == 1;
  return Format("{} {} of the log {} not in this bundle", is_one ? "position" : "positions",
                tlog::ListOf(report.not_here, kMost), is_one ? "is" : "are");
}

// How deep it went, where it could have gone deeper.
std::string Depth(const verify::Report& report, tell::Verified what) {
  if (!report.unopened.empty()) {
    const bool is_one = report.unopened.size() == 1;
    return Format("; {} {} {} not opened by the key at hand", is_one ? "entry" : "entries",
                  tlog::ListOf(tlog::RangesOf(report.unopened)), is_one ? "was" : "were");
  }
  if (what == tell::Verified::kPublishedLog) return "; sealed files are not published";
  if (report.depth == verify::Depth::kLog) return "; sealed files were not read";
  if (report.depth == verify::Depth::kSealed && report.items > 0) return "; contents were not opened";
  return {};
}

std::string WhatHolds(const verify::Report& report, tell::Verified what) {
  if (what == tell::Verified::kBundle) {
    return Format("nothing was changed or slipped in; {}{}", NotHere(report), Depth(report, what));
  }
  const std::uint64_t size = report.head ? report.head->size.value : 0;
  const std::string entries = size == 1
                                  ? "entry 0 is as it was signed"
                                  : Format("of entries 0 to {} nothing was changed, dropped or slipped in", size - 1);
  return entries + Depth(report, what);
}

std::string WithWhom(const tell::TrustedInput& brought) {
  if (brought.fingerprint || !brought.policy_file.empty() || brought.kept.empty()) return {};
  return "; it is the vault that this user saw before, by " + Printable(brought.kept);
}

std::string Identities(const tell::TrustedInput& brought) {
  if (brought.identity_files.empty()) return "the key at hand opens";
  std::string text = brought.identity_files.size() == 1 ? "the identity in " : "the identities in ";
  for (std::size_t i = 0; i < brought.identity_files.size(); ++i)
    text += (i == 0 ? "" : ", ") + Printable(brought.identity_files[i]);
  return text + (brought.identity_files.size() == 1 ? " opens" : " open");
}

}  // namespace

std::string_view WordOf(ExitCode code) {
  switch (code) {
    case ExitCode::kOk: return "holds";
    case ExitCode::kVerificationFailed: return "changed";
    case ExitCode::kNotAnchored: return "not-anchored";
    case ExitCode::kWrongKey: return "wrong-key";
    case ExitCode::kOlder: return "older";
    case ExitCode::kNewerNeeded: return "newer-needed";
    case ExitCode::kBusy: return "busy";
    case ExitCode::kInterrupted: return "interrupted";
    case ExitCode::kFailed:
    case ExitCode::kUsage: return "not-read";
  }
  InternalError("an exit status has no word", __FILE__, __LINE__);
}

Verdict Judge(const verify::Report& report, const tell::TrustedInput& brought, tell::Verified what) {
  const std::string anchor = tell::IsAnchored(brought) ? "" : "; whose vault this is was not checked";
  if (!report.findings.empty())
    return {ExitCode::kVerificationFailed, "verification failed", ": " + WhatFailed(report) + anchor};
  if (!report.undecided.empty()) {
    return {ExitCode::kFailed, "not verified",
            Format(": {} could not be read or compared; nothing was found to be wrong{}",
                   Counted(report.undecided.size(), "thing", "things"), anchor)};
  }
  if (brought.opens_nothing || verify::OpensNothing(report)) {
    return {ExitCode::kWrongKey, "not opened",
            Format(": {} none of the {}; nothing of what was checked was changed{}", Identities(brought),
                   Counted(report.items, "sealed file", "sealed files"), anchor)};
  }
  if (report.newer) {
    return {ExitCode::kOlder, "older",
            Format(" than what was seen before (size {}, seen {}), and consistent with it", report.head->size,
                   report.newer->checkpoint.size)};
  }
  if (!tell::IsAnchored(brought)) {
    std::string rest =
        "; whose vault this is was not checked (compare the fingerprint with the one that was written down "
        "when it was made, or give that: --fingerprint HEX)";
    if (what == tell::Verified::kBundle) rest += "; " + NotHere(report);
    return {ExitCode::kNotAnchored, "consistent with itself", rest + Depth(report, what)};
  }
  return {ExitCode::kOk, "verified", ": " + WhatHolds(report, what) + WithWhom(brought)};
}

}  // namespace exhibit::cli
