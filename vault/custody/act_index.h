// The index of acts: what is found without reading the log from its beginning.
//
//   subject 0                      the entries that a state is resumed from: law entries, and what is known of the log itself
//                                  (hold, release, shred, transfer, timestamp, lost-head, receipt, case, run, and a reseal
//                                  that names another key file)
//   subject N                      the entries whose public members name item N. Items that fields name are not here: those
//                                  rows would link entries, and the fields are sealed
//   subject 2^63 - 1               the entries whose fields may name items (access, note, transfer, receipt), and entry 0: a
//                                  store without that row was begun before there were such rows, and has none that count
//   subject 2^63 + n               the item that a collector numbered so (CollectedSubject)
//
// An entry that names many items has a row for each of them: a row for each range would be shorter, and finding the
// ranges that cover an item would be a search through all of them. ItemSet bounds the rows.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "vault/custody/body.h"
#include "vault/custody/collectors.h"

namespace exhibit::custody {

struct ActRow {
  std::uint64_t subject = 0;
  tlog::Sequence sequence;
  std::string type;  // the entry's word
  auto operator<=>(const ActRow&) const = default;
};

inline constexpr std::uint64_t kStateSubject = 0;

// No item has this position.
inline constexpr std::uint64_t kByFieldsSubject = (std::uint64_t{1} << 63) - 1;

// 2^63 and the first 63 bits of SHA-256( handle 0A number, decimal ). Two numbers may share one: who asks looks at the
// entries.
inline constexpr std::uint64_t kFirstCollectedSubject = std::uint64_t{1} << 63;
std::uint64_t CollectedSubject(const CollectedNumber& number);

// From the first to the last.
struct Subjects {
  std::uint64_t first = 0;
  std::uint64_t last = ~std::uint64_t{0};
};

// Whether a state is resumed from entries like it.
bool ChangesState(const EntryBody& body);

// Whether its fields may name items that its public members do not.
bool MayNameItemsInFields(std::string_view type);

// The rows of an entry at `sequence`, ascending.
std::vector<ActRow> ActRowsOf(tlog::Sequence sequence, const EntryBody& body);

}  // namespace exhibit::custody
