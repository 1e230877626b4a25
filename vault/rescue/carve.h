// Finds in bytes of any kind what proves itself: nothing around it is believed.
//
//   entry        {"v": …, a line, an empty one, its signature lines
//   checkpoint   three lines, of which the first is the name of a signature line after them
//   layout line  {"bytes":N,"tail":N,"root":"…"}: an entry names its hash
//   place        the bytes before a layout line, as a store keeps them (store/rocks_keys.h)
//   age header   age-encryption.org/v1 … to the line of its MAC: an entry names its hash
//   tree hash    of level 0, in a sorted file or a write-ahead log: the signed root says whether it is right
//
// A database keeps values as they were given: they are found although its index, its footer or its list of files is
// gone. So is what lies in a published log, a bundle, a proof, a kit or a tar of one of these.
//
// Whether the signatures are right is not asked here.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "vault/base/bytes.h"
#include "vault/crypto/hash.h"
#include "vault/custody/entry.h"
#include "vault/seal/age_header.h"
#include "vault/store/store.h"
#include "vault/tlog/checkpoint.h"
#include "vault/tlog/merkle.h"

namespace exhibit::rescue {

// A window is looked through so far that whatever begins in it is seen whole.
inline constexpr std::size_t kOverlap = 160 << 10;
static_assert(kOverlap > custody::kMaxEntryBytes && kOverlap > seal::kMaxHeaderBytes);

struct CarvedEntry {
  std::size_t at = 0;  // in the window
  std::size_t bytes = 0;
  tlog::Sequence sequence;
  std::string origin;  // empty, and so the type, of an entry that this version cannot read
  std::string_view type;
  tlog::LeafHash leaf;
  std::optional<tlog::LeafHash> previous;
};
struct CarvedCheckpoint {
  tlog::Checkpoint says;
  Bytes note;
};
struct CarvedLayout {
  std::string line;
  std::optional<store::SealedPlace> place;  // if one lay before it
};
struct CarvedHeader {
  std::size_t at = 0;
  std::size_t bytes = 0;
};
struct CarvedHash {
  tlog::Sequence leaf;
  tlog::LeafHash hash;
};

struct Carved {
  std::vector<CarvedEntry> entries;
  std::vector<CarvedCheckpoint> checkpoints;
  std::vector<CarvedLayout> layouts;
  std::vector<CarvedHeader> headers;
  std::vector<CarvedHash> hashes;
};

// All that begins within the first `begins_before` bytes. Of tree hashes those whose run begins there.
Carved Carve(ByteView window, std::size_t begins_before);

// Only age headers, for packs.
std::vector<CarvedHeader> CarveHeaders(ByteView window, std::size_t begins_before);

// The data of the records of a write-ahead log (store/log_records.h), one after another. A damaged record is passed over
// with the rest of its block of 32 KiB, unless its length still fits: its data may hold something whole.
Bytes JoinRecords(ByteView log);

}  // namespace exhibit::rescue
