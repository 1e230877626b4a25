#include "cli/verdict.h"

#include <algorithm>
#include <optional>

#include "vault/base/clock.h"
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

enum class Fate : std::uint8_t { kMissing, kChanged };

// Files of a bundle that findings of this property name and no entry does, each once.
std::vector<std::string> FilesOf(const verify::Report& report, Property property, std::optional<Fate> fate = {}) {
  std::vector<std::string> files;
  for (const Finding& finding : report.findings) {
    const Fate became = finding.because == ErrorCode::kNotFound ? Fate::kMissing : Fate::kChanged;
    const bool is_meant =
        finding.property == property && !finding.entry && !finding.file.empty() && (!fate || *fate == became);
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

// They are made for people, and prove nothing.
std::string WhatBecameOfCompanions(const verify::Report& report) {
  std::string text;
  const std::vector<std::string> changed = FilesOf(report, Property::kCompanion, Fate::kChanged);
  if (!changed.empty()) {
    text = Format("{} {} nothing", ListOf(changed),
                  changed.size() == 1 ? "was changed, which proves" : "were changed, which prove");
  }
  const std::vector<std::string> missing = FilesOf(report, Property::kCompanion, Fate::kMissing);
  if (!missing.empty()) {
    Append(text, Format("{} {} nothing", ListOf(missing),
                        missing.size() == 1 ? "is missing, which proves" : "are missing, which prove"));
  }
  const bool is_all =
      std::ranges::all_of(report.findings, [](const Finding& one) { return one.property == Property::kCompanion; });
  if (!text.empty() && is_all) Append(text, "the evidence and its proofs are as the bundle was made");
  return text;
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
  Append(text, WhatBecameOfCompanions(report));
  return text.empty() ? Counted(report.findings.size(), "finding", "findings") : text;
}

// As of when, seen by whom, and that nobody knows what came later.
std::string AsOf(const verify::Report& report) {
  if (!report.head || report.head->size.value == 0) return {};
  std::string text = Format("as of entry {}", report.head->size.value - 1);
  const tlog::Witnessed* newest = nullptr;
  if (report.witnesses) {
    for (const tlog::Witnessed& one : *report.witnesses) {
      if (newest == nullptr || one.time.seconds > newest->time.seconds) newest = &one;
    }
  }
  text += newest == nullptr
              ? std::string("; newest seen by nobody that was named")
              : Format("; newest seen by {} at {}", Printable(newest->name), FormatTime(ShownTime(newest->time)));
  std::optional<Moment> not_later;
  bool is_believed = false;
  for (const verify::HeadStamp& stamp : report.head_stamps) {
    if (is_believed && !stamp.holds) continue;
    const Moment time = stamp.holds ? stamp.holds->time : stamp.claimed;
    if (!not_later || time < *not_later || (stamp.holds && !is_believed)) not_later = time;
    is_believed |= stamp.holds.has_value();
  }
  if (not_later) {
    text += Format("; not later than {}{}", FormatTime(*not_later),
                   is_believed ? "" : " by an authority that was not checked");
  }
  return text + "; what came later is not known";
}

std::string NotHere(const verify::Report& report) {
  if (report.not_here.empty()) return "every position is told";
  constexpr std::size_t kMost = 20;
  const bool is_one = report.not_here.size() == 1 && report.not_here.front().count() == 1;
  return Format("nothing is told of {} {}", is_one ? "position" : "positions", tlog::ListOf(report.not_here, kMost));
}

// How deep it went, where it could have gone deeper.
std::string Depth(const verify::Report& report, tell::Verified what) {
  if (!report.unopened.empty()) {
    const bool is_one = report.unopened.size() == 1;
    return Format("; {} {} {} not opened by the key at hand", is_one ? "entry" : "entries",
                  tlog::ListOf(tlog::RangesOf(report.unopened)), is_one ? "was" : "were");
  }
  if (what == tell::Verified::kPublishedLog) return "; sealed files are not published";
  if (what == tell::Verified::kBundle && report.depth == verify::Depth::kLog) return "; no original was given";
  if (report.depth == verify::Depth::kLog) return "; sealed files were not read";
  if (report.depth == verify::Depth::kSealed && report.items > 0) return "; contents were not opened";
  return {};
}

std::string WhatHolds(const verify::Report& report, tell::Verified what) {
  if (what == tell::Verified::kBundle) return "nothing was changed or slipped in";
  const std::uint64_t size = report.head ? report.head->size.value : 0;
  return size == 1 ? "entry 0 is as it was signed"
                   : Format("of entries 0 to {} nothing was changed, dropped or slipped in", size - 1);
}

// The end of the sentence about what holds.
std::string Reach(const verify::Report& report, tell::Verified what) {
  std::string text;
  Append(text, AsOf(report));
  if (what == tell::Verified::kBundle) Append(text, NotHere(report));
  return (text.empty() ? "" : "; " + text) + Depth(report, what);
}

std::string NewerNeeded(const custody::NewerFrom& newer) {
  if (newer.entry.value == 0) return ": this program does not know the vault's form; nothing was verified";
  return Format(": {} asks for version {}; verified up to entry {}, and nothing was found changed there",
                NameOf(newer.entry), newer.version, newer.entry.value - 1);
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

Moment ShownTime(tlog::CosignatureTime time) {
  constexpr std::uint64_t kLast = 253'402'300'799;  // of the year 9999
  return {static_cast<std::int64_t>(std::min(time.seconds, kLast)) * 1000};
}

std::string_view WordOf(ExitCode code) {
  switch (code) {
    case ExitCode::kOk: return "holds";
    case ExitCode::kVerificationFailed: return "changed";
    case ExitCode::kNotAnchored: return "not-anchored";
    case ExitCode::kWrongKey: return "wrong-key";
    case ExitCode::kOlder: return "older";
    case ExitCode::kNewerNeeded: return "newer";
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
  if (report.newer_from)
    return {ExitCode::kNewerNeeded, "a newer version is needed", NewerNeeded(*report.newer_from) + anchor};
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
    return {ExitCode::kNotAnchored, "consistent with itself",
            "; whose vault this is was not checked (compare the fingerprint with the one that was written down when it "
            "was made, or give that: --fingerprint HEX)" +
                Reach(report, what)};
  }
  return {ExitCode::kOk, "verified", ": " + WhatHolds(report, what) + WithWhom(brought) + Reach(report, what)};
}

}  // namespace exhibit::cli
