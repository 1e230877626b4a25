#include "vault/verify/compromise_check.h"

#include <algorithm>

#include "vault/base/format.h"
#include "vault/base/text.h"

namespace exhibit::verify {
namespace {

// The stated accuracy of the time, and the part of a millisecond that was cut from it.
std::int64_t SlackOf(const crypto::VerifiedTimestamp& stamp) {
  return static_cast<std::int64_t>(stamp.accuracy_us.value_or(0) / 1000) + 1;
}

// Up to where the log was seen before a time, and by whom.
struct SeenBefore {
  tlog::TreeSize size;
  std::string by;
};

SeenBefore FindSeenBefore(const Report& report, Moment time) {
  SeenBefore best;
  const auto consider = [&](tlog::TreeSize size, Moment latest, const std::string& by) {
    if (latest < time && size > best.size) best = {size, by};
  };
  for (const Stamped& stamp : report.stamps) {
    if (!stamp.holds || !stamp.covers) continue;
    consider(*stamp.covers, {stamp.holds->time.milliseconds + SlackOf(*stamp.holds)},
             Format("the timestamp in entry {}", stamp.entry));
  }
  for (const HeadStamp& stamp : report.head_stamps) {
    if (!stamp.holds || !report.head) continue;
    consider(report.head->size, {stamp.holds->time.milliseconds + SlackOf(*stamp.holds)},
             "the timestamp over the head");
  }
  for (const Seen& seen : report.seen) {
    consider(seen.size, seen.latest, Format("witnesses of size {}", seen.size));
  }
  return best;
}

// The first timestamp of this time or later: entries after it were made at that time or later.
const Stamped* FindFirstSince(const Report& report, Moment time) {
  const Stamped* first = nullptr;
  for (const Stamped& stamp : report.stamps) {
    if (!stamp.holds || stamp.holds->time.milliseconds - SlackOf(*stamp.holds) < time.milliseconds) continue;
    if (first == nullptr || stamp.entry < first->entry) first = &stamp;
  }
  return first;
}

void FindLater(const custody::Compromise& compromise, tlog::Sequence said_in, tlog::Sequence at, const Stamped& stamp,
               Report& report) {
  report.findings.push_back({Property::kSignature,
                             at,
                             {},
                             {},
                             Format("signed by {}, which others had since {} (entry {}), and made after that: it comes "
                                    "after the timestamp in entry {}, of {}",
                                    Printable(compromise.key.text()), custody::FormatEntryTime(compromise.since),
                                    said_in, stamp.entry, FormatTime(stamp.holds->time))});
}

std::vector<EntryRun> EveryEntry(tlog::Sequence first, tlog::Sequence end) {
  if (first >= end) return {};
  return {{first, end.value - first.value}};
}

}  // namespace

void SignerNotes::Add(tlog::Sequence entry, const custody::Signers& signers) {
  for (const auto* const keys : {&signers.of_entry(), &signers.of_statement()}) {
    for (const tlog::VerifierKey& key : *keys) {
      std::vector<EntryRun>& runs = by_[custody::ActorOf(key)];
      if (runs.empty() || runs.back().end() < entry.value) {
        runs.push_back({entry, 1});
      } else if (runs.back().end() == entry.value) {
        ++runs.back().count;
      }  // else it signed this entry in another place, too
    }
  }
}

const std::vector<EntryRun>& SignerNotes::By(const custody::Actor& actor) const {
  static const std::vector<EntryRun> kNone;
  const auto found = by_.find(actor);
  return found == by_.end() ? kNone : found->second;
}

void JudgeCompromises(const custody::Facts& facts, const SignerNotes& signers, tlog::Sequence first, Report& report) {
  for (const auto& told : facts.compromises) {
    const tlog::Sequence said_in = told.first;
    const custody::Compromise& compromise = told.second;
    const bool of_log = compromise.is_the_logs;
    const Moment since = custody::MomentOf(compromise.since);
    const SeenBefore seen = FindSeenBefore(report, since);
    const Stamped* const later = FindFirstSince(report, since);
    Compromised answer{compromise, said_in, first, {}, seen.by, {}, {}};
    const auto judge = [&](tlog::Sequence at) {
      if (at.value < seen.size.value) {
        ++answer.valid;
      } else if (!of_log && later != nullptr && at > later->entry) {
        answer.invalid.push_back(at);
        FindLater(compromise, said_in, at, *later, report);
      } else {
        answer.only_if_before.push_back(at);
      }
    };
    for (const EntryRun& run : of_log ? EveryEntry(first, said_in) : signers.By(compromise.key)) {
      for (std::uint64_t at = run.first.value; at < run.end(); ++at) judge({at});
    }
    report.compromised.push_back(std::move(answer));
  }
}

}  // namespace exhibit::verify
