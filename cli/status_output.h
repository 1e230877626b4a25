// What `exhibit status` knows when it has looked: for the screen, and as JSON.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "cli/people.h"
#include "vault/custody/case_facts.h"
#include "vault/work/status.h"

namespace exhibit::cli {

using Cases = std::map<std::string, custody::CaseFacts>;

// What left the vault last as a bundle.
struct Exported {
  tlog::Sequence entry;
  custody::EntryTime time;
};

// All that is shown.
struct Seen {
  const custody::Facts& facts;
  work::StatusOfVault status;
  People people;
  std::optional<Cases> cases;             // nothing without a key
  std::optional<Exported> exported = {};  // the last export, where a key tells of it
  std::string log_key;
};

// Whether locks end soon, ended, or are not what they should be.
bool LocksNeedCare(const store::LocksSeen& seen);
bool HasDamage(const work::StatusOfVault& status);
std::uint64_t CountOf(const custody::PositionRanges& positions);

// "-12" days from now; a day that began counts.
std::int64_t DaysUntil(Moment due);

// What should be done, the most urgent first; each with the command that does it.
std::vector<std::string> NextSteps(const Seen& seen);

// All of it, as docs/JSON.md says.
Json JsonOf(const Globals& globals, const Seen& seen);

}  // namespace exhibit::cli
