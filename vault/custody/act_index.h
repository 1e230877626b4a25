// Which entries speak of what, so that one item's story and the vault's state are found without
// reading the whole log. Nothing is believed because of it: `verify` derives it again.
//
//   subject N > 0   entries that name item N
//   subject 0       entries that change the state (facts.h): custodian, rule, hold, release, shred,
//                   transfer, reader, reseal, receipt, case and those that speak of the log itself
//   from 2^63 on    the item that a collector numbered so (CollectedSubject)
//
// An entry that names many items has a row for each of them: a row for each range would be shorter, and
// finding the ranges that cover an item would be a search through all of them. ItemSet bounds the rows.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "vault/custody/body.h"

namespace exhibit::custody {

struct ActRow {
  std::uint64_t subject = 0;
  tlog::Sequence sequence;
  std::string type;  // the entry's word
  auto operator<=>(const ActRow&) const = default;
};

inline constexpr std::uint64_t kStateSubject = 0;

// 2^63 and the first 63 bits of SHA-256( collector ‖ "\n" ‖ number, decimal ). Two numbers may share one:
// who asks looks at the entries.
inline constexpr std::uint64_t kFirstCollectedSubject = std::uint64_t{1} << 63;
std::uint64_t CollectedSubject(const CollectedNumber& number);

// From the first to the last.
struct Subjects {
  std::uint64_t first = 0;
  std::uint64_t last = ~std::uint64_t{0};
};

// The rows of an entry at `sequence`, ascending.
std::vector<ActRow> ActRowsOf(tlog::Sequence sequence, const EntryBody& body);

}  // namespace exhibit::custody
