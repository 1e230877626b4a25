// Parts: an original taken in with a tree over its lines or blocks, so that some of it can be shown and proven to stand
// where it stood.
//
//   part i     a line with its line feed; a line of more than 65,536 bytes is cut into parts of 65,536. Where that makes
//              more than 1,048,576 parts, or where blocks were asked for, 4,096 bytes, and the last what is left
//   salt(i)    the first 16 bytes of HMAC-SHA-256(parts-seed, 32 bytes; i as u64)
//   leaf(i)    SHA-256(0x00 salt(i) part i)
//   root       the RFC 6962 tree hash over the leaves
//
// An empty original has no parts. The seed is a field that is never told; shown parts come with their salts.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "vault/base/bytes.h"
#include "vault/base/error.h"
#include "vault/crypto/kdf.h"
#include "vault/custody/words.h"
#include "vault/tlog/partial_tree.h"

namespace exhibit::custody {

inline constexpr std::uint64_t kMaxLineParts = 1'048'576;
inline constexpr std::size_t kMaxPartLineBytes = 65'536;
inline constexpr std::size_t kPartBlockBytes = 4'096;

enum class PartsBy : std::uint8_t { kLines, kBlocks };
template <>
struct Words<PartsBy> {
  static constexpr std::array<std::string_view, 2> kAll = {"lines", "4096"};
};

struct PartSaltTag;
using PartSalt = Fixed<PartSaltTag, 16>;

class PartsSeed {
 public:
  static PartsSeed Generate();
  // The field's 64 hex digits.
  static Result<PartsSeed> Parse(std::string_view hex);
  std::string ToFieldText() const;
  PartSalt SaltOf(std::uint64_t part) const;

 private:
  explicit PartsSeed(crypto::DerivedKey seed) : seed_(std::move(seed)) {}
  crypto::DerivedKey seed_;
};

tlog::LeafHash LeafOfPart(const PartSalt& salt, ByteView part);

// What the field `parts` says.
struct PartsSummary {
  PartsBy by = PartsBy::kLines;
  std::uint64_t count = 0;  // never 0
  tlog::RootHash root;
  bool operator==(const PartsSummary&) const = default;
};

// Takes an original apart while it is read, piece by piece. Holds no more than one part.
class PartsTree {
 public:
  // Told of each part as it ends.
  using OnPart = std::function<void(std::uint64_t index, const PartSalt& salt, ByteView part)>;
  // REQUIRES: `seed` outlives it.
  PartsTree(PartsBy by, const PartsSeed& seed, OnPart on_part = {})
      : by_(by), seed_(seed), on_part_(std::move(on_part)) {}
  void Update(ByteView piece);
  // The parts; nothing of an empty original, and where it has more lines than may be parts (then: by blocks).
  std::optional<PartsSummary> Finish();
  bool HasTooManyLines() const { return by_ == PartsBy::kLines && range_.size() > kMaxLineParts; }

 private:
  void EndPart();
  PartsBy by_;
  const PartsSeed& seed_;
  OnPart on_part_;
  // What the part's leaf is the hash of: room for its prefix and salt, then the part so far. In one piece, because three
  // updates of a hash cost more than the copy.
  Bytes leaf_;
  tlog::CompactRange range_;
};

// The parts of a whole original that is at hand. By lines where that makes few enough of them.
struct Part {
  std::uint64_t index = 0;
  PartSalt salt;
  Bytes bytes;
};
std::vector<ByteView> SplitParts(ByteView original, PartsBy by);

// A showing: some parts, ascending, and the largest subtrees of which nothing is shown, in order of position. It covers the
// parts from index * 2^level on, to (index + 1) * 2^level - 1 or the last part.
using tlog::HiddenSubtree;
// kInvalid unless these parts and subtrees, and no others, give the root.
Result<void> CheckShownParts(const PartsSummary& parts, const std::vector<Part>& shown,
                             const std::vector<HiddenSubtree>& hidden);
// The subtrees that are needed beside these leaves. `leaves` are all of the original; `shown` ascending.
std::vector<HiddenSubtree> HiddenSubtrees(const std::vector<tlog::LeafHash>& leaves,
                                          const std::vector<std::uint64_t>& shown);

}  // namespace exhibit::custody
