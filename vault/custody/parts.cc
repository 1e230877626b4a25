#include "vault/custody/parts.h"

#include <algorithm>

#include "vault/base/encoding.h"
#include "vault/base/format.h"
#include "vault/crypto/hash.h"
#include "vault/crypto/random.h"

namespace exhibit::custody {
namespace {

Failure Bad(std::string rule) { return Fail(ErrorCode::kInvalid, "parts: " + std::move(rule)); }

constexpr std::size_t kBeforePart = 1 + PartSalt::kSize;  // in what is hashed

std::size_t MostBytes(PartsBy by) { return by == PartsBy::kLines ? kMaxPartLineBytes : kPartBlockBytes; }

std::uint64_t MostParts(PartsBy by) {
  constexpr std::uint64_t kMaxOriginal = std::uint64_t{1} << 43;
  return by == PartsBy::kLines ? kMaxLineParts : kMaxOriginal / kPartBlockBytes;
}

// How many bytes of `rest` belong to the part that has `has` bytes already, and whether it ends there.
struct Cut {
  std::size_t bytes = 0;
  bool ends = false;
};
Cut NextCut(ByteView rest, std::size_t has, PartsBy by) {
  const std::size_t room = std::min(rest.size(), MostBytes(by) - has);
  if (by == PartsBy::kLines) {
    const std::size_t until = TextOf(rest.first(room)).find('\n');
    if (until < room) return {until + 1, true};
  }
  return {room, has + room == MostBytes(by)};
}

enum class PartPlace : std::uint8_t { kBefore, kLast };
// Whether an original has such a part: a line, or a block.
bool IsPart(PartsBy by, ByteView bytes, PartPlace place) {
  if (bytes.empty() || bytes.size() > MostBytes(by)) return false;
  if (bytes.size() == MostBytes(by) || place == PartPlace::kLast)
    return by == PartsBy::kBlocks || NextCut(bytes, 0, by).bytes == bytes.size();
  return by == PartsBy::kLines && bytes.back() == '\n' && NextCut(bytes, 0, by).bytes == bytes.size();
}

}  // namespace

PartsSeed PartsSeed::Generate() {
  crypto::DerivedKey seed;
  crypto::FillRandom(seed.ExposeSecretForWriting());
  return PartsSeed(std::move(seed));
}

Result<PartsSeed> PartsSeed::Parse(std::string_view hex) {
  auto bytes = FromHex(hex);
  if (!bytes || bytes->size() != crypto::DerivedKey::kSize) return Bad("the seed is not 64 lower-case hex digits");
  crypto::DerivedKey seed;
  std::ranges::copy(*bytes, seed.ExposeSecretForWriting().begin());
  crypto::Wipe(*bytes);
  return PartsSeed(std::move(seed));
}

std::string PartsSeed::ToFieldText() const { return ToHex(seed_.ExposeSecret()); }

PartSalt PartsSeed::SaltOf(std::uint64_t part) const {
  std::array<std::uint8_t, 8> index{};
  PutU64(index, part);
  return *PartSalt::From(crypto::HmacSha256(seed_, {index}).view().first(PartSalt::kSize));
}

tlog::LeafHash LeafOfPart(const PartSalt& salt, ByteView part) {
  constexpr std::array<std::uint8_t, 1> kLeaf = {0};
  return *tlog::LeafHash::From(crypto::Sha256({kLeaf, salt.view(), part}).view());
}

void PartsTree::Update(ByteView piece) {
  while (!piece.empty()) {
    if (leaf_.empty()) leaf_.resize(kBeforePart);
    const Cut cut = NextCut(piece, leaf_.size() - kBeforePart, by_);
    Append(leaf_, piece.first(cut.bytes));
    piece = piece.subspan(cut.bytes);
    if (cut.ends) EndPart();
  }
}

void PartsTree::EndPart() {
  if (!HasTooManyLines()) {
    const PartSalt salt = seed_.SaltOf(range_.size());
    if (on_part_) on_part_(range_.size(), salt, ByteView(leaf_).subspan(kBeforePart));
    std::ranges::copy(salt.view(), leaf_.begin() + 1);
    range_.Append(*tlog::LeafHash::From(crypto::Sha256(leaf_).view()));
  }
  leaf_.clear();
}

std::optional<PartsSummary> PartsTree::Finish() {
  if (!leaf_.empty()) EndPart();
  if (range_.size() == 0 || HasTooManyLines()) return std::nullopt;
  return PartsSummary{by_, range_.size(), range_.Root()};
}

std::vector<ByteView> SplitParts(ByteView original, PartsBy by) {
  std::vector<ByteView> parts;
  while (!original.empty()) {
    const Cut cut = NextCut(original, 0, by);
    parts.push_back(original.first(cut.bytes));
    original = original.subspan(cut.bytes);
  }
  return parts;
}

Result<void> CheckShownParts(const PartsSummary& parts, const std::vector<Part>& shown,
                             const std::vector<HiddenSubtree>& hidden) {
  if (parts.count > MostParts(parts.by)) return Bad("more of them than an original has");
  std::vector<std::uint64_t> indexes;
  for (const Part& part : shown) {
    if (part.index >= parts.count || (!indexes.empty() && part.index <= indexes.back())) {
      return Bad("those shown do not ascend, or are beyond the last");
    }
    const PartPlace place = part.index == parts.count - 1 ? PartPlace::kLast : PartPlace::kBefore;
    if (!IsPart(parts.by, part.bytes, place)) {
      const std::string_view what = parts.by == PartsBy::kLines ? "line" : "block of 4,096 bytes";
      return Bad(Format("part {} is no {}", part.index, what));
    }
    indexes.push_back(part.index);
  }
  if (indexes.empty()) return Bad("none is shown");
  auto next_hidden = hidden.begin();
  auto next_shown = shown.begin();
  auto on_hidden = [&](int level, std::uint64_t index, std::uint64_t, std::uint64_t) -> Result<tlog::NodeHash> {
    if (next_hidden == hidden.end() || next_hidden->level != level || next_hidden->index != index) {
      return Bad(Format("the hash of level {} and index {} is not there in its place", level, index));
    }
    return (next_hidden++)->hash;
  };
  auto on_shown = [&](std::uint64_t) -> Result<tlog::NodeHash> {
    const Part& part = *next_shown++;
    return tlog::AsNode(LeafOfPart(part.salt, part.bytes));
  };
  TRY(const tlog::NodeHash root, tlog::WalkPartialTree(0, parts.count, indexes, on_hidden, on_shown));
  if (next_hidden != hidden.end()) return Bad("there are more hashes than are needed");
  if (tlog::AsRoot(root) == parts.root) return {};
  return Fail(ErrorCode::kTampered, "parts: what is shown is not what stood in the original at these places");
}

std::vector<HiddenSubtree> HiddenSubtrees(const std::vector<tlog::LeafHash>& leaves,
                                          const std::vector<std::uint64_t>& shown) {
  std::vector<HiddenSubtree> hidden;
  auto on_hidden = [&](int level, std::uint64_t index, std::uint64_t begin,
                       std::uint64_t end) -> Result<tlog::NodeHash> {
    tlog::CompactRange range;
    for (std::uint64_t i = begin; i < end; ++i) range.Append(leaves[i]);
    const tlog::NodeHash hash = tlog::AsNode(range.Root());
    hidden.push_back({level, index, hash});
    return hash;
  };
  auto on_shown = [&](std::uint64_t index) -> Result<tlog::NodeHash> { return tlog::AsNode(leaves[index]); };
  IgnoreBecause("neither fails", tlog::WalkPartialTree(0, leaves.size(), shown, on_hidden, on_shown));
  return hidden;
}

}  // namespace exhibit::custody
