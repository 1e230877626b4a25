// The time of an entry or a statement: UTC, whole seconds, "2026-11-28T23:00:00Z", in the years 1970 to 9999.
//
// A claim: order is the position. Those of one commit have one.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "vault/base/clock.h"
#include "vault/base/error.h"

namespace exhibit::custody {

struct EntryTime {
  std::int64_t seconds = 0;  // since 1970
  auto operator<=>(const EntryTime&) const = default;
};

std::string FormatEntryTime(EntryTime time);
// The one spelling; kInvalid for any other.
Result<EntryTime> ParseEntryTime(std::string_view text);

// The fraction of a second is cut off; what is outside of 1970 to 9999 becomes the nearest time inside.
EntryTime EntryTimeOf(Moment moment);
inline Moment MomentOf(EntryTime time) { return {time.seconds * 1000}; }

}  // namespace exhibit::custody
