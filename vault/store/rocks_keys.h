// The keys and values of the database: one ordered space, a letter for each kind of thing.
//
//   key                                  value
//   "format"                             "exhibit-store 3"
//   'c' size u64                         the signed checkpoint of that size
//   'e' sequence u64                     the entry's bytes
//   'i' subject u64, sequence u64        the entry's type: the index of acts (custody/act_index.h)
//   'k' pack u64                         the number of bytes of this pack that entries name, u64
//   'n' level u8, index u64              one hash of the tree, 32 bytes: of tile index/256 at that level, hash index%256
//   'p' sequence u64                     the place of the entry's sealed file
//   'p' sequence u64, entry u64          the place of the header that this reseal entry made anew
//
//   a place: 's', or 'x' if the bytes there were destroyed, or 'h' if the header's alone were;
//            bytes of the header, of the payload, of the hashes, u64 each;
//            then for each extent: pack, offset, bytes, u64 each; they add up to the three sizes;
//            then the layout line. There is none after 'x', and none where there is no payload
//
// Integers are big-endian, so that the order of keys is the order of numbers. A written value never changes,
// except 'k', and 's' that becomes 'h' or 'x', and 'h' that becomes 'x'; a tile grows by rows.
#pragma once

#include <cstdint>
#include <string>

#include "vault/base/bytes.h"
#include "vault/base/error.h"
#include "vault/store/packs.h"
#include "vault/store/store.h"

namespace exhibit::store {

inline constexpr std::string_view kFormatKey = "format";
inline constexpr std::string_view kFormat = "exhibit-store 3";

enum class KeyKind : char {
  kCheckpoint = 'c',
  kEntry = 'e',
  kAct = 'i',
  kPack = 'k',
  kNode = 'n',
  kPlace = 'p',
};

// At most 17 bytes: no allocation on the way to the database.
class StoredKey {
 public:
  StoredKey(KeyKind kind, std::uint64_t number) : StoredKey(kind) { Put(number); }
  StoredKey(KeyKind kind, std::uint64_t number, std::uint64_t second) : StoredKey(kind, number) { Put(second); }
  static StoredKey OfNode(std::uint32_t level, std::uint64_t index);

  std::string_view view() const { return {bytes_, size_}; }

 private:
  explicit StoredKey(KeyKind kind) : size_(1) { bytes_[0] = static_cast<char>(kind); }
  void Put(std::uint64_t number);
  char bytes_[17] = {};
  std::size_t size_;
};

// The numbers after the letter of a key of `kind`, one or two. kTampered if the key has another form.
struct KeyNumbers {
  std::uint64_t first = 0;
  std::optional<std::uint64_t> second;
};
Result<KeyNumbers> NumbersOf(KeyKind kind, std::string_view key);

enum class PlaceState : char { kSealed = 's', kDestroyed = 'x', kHeaderDestroyed = 'h' };
struct StoredPlace {
  PlaceState state = PlaceState::kSealed;
  SealedPlace place;
};
// Without the layout line where `state` is kDestroyed.
std::string EncodePlace(PlaceState state, const SealedPlace& place);
// kTampered if the bytes are not a place, its extents do not add up, or it has no layout line where it must have one.
Result<StoredPlace> DecodePlace(std::string_view value);

std::string EncodeU64(std::uint64_t number);
Result<std::uint64_t> DecodeU64(std::string_view value);

}  // namespace exhibit::store
