// Time as our records write it: RFC 3339, UTC, milliseconds, `2026-11-24T00:44:12.123Z`.
//
// A clock is a claim, never a proof: entries are in the order of their numbers, and no time decides it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "vault/base/error.h"

namespace exhibit {

// Milliseconds since 1970-01-01T00:00:00Z, without leap seconds. May be negative.
struct Moment {
  std::int64_t milliseconds = 0;
  auto operator<=>(const Moment&) const = default;
};

// The system's clock, now.
Moment Now();

// "2026-11-24T00:44:12.123Z". The year is clamped to 0000-9999, which is what RFC 3339 can write.
std::string FormatTime(Moment time);

// Exactly the form that `FormatTime` writes; anything else is kInvalid. For records of ours.
Result<Moment> ParseCanonicalTime(std::string_view text);

// What a person may type: "2026-11-24", "2026-11-24T00:44:12Z", with a fraction of one to nine
// digits, with "Z" or an offset such as "+01:00". A day alone begins in UTC. A time of day without a zone is kInvalid,
// and the hint says it in this machine's zone: what is signed must not depend on where it was typed.
// kInvalid names what is wrong.
Result<Moment> ParseTime(std::string_view text);

// The same day and time `years` later; 29 February becomes the 28th in a year that has no 29th.
Moment AddYears(Moment time, int years);

}  // namespace exhibit
