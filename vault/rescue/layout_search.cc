#include "vault/rescue/layout_search.h"

#include <algorithm>
#include <string>
#include <vector>

#include "vault/rescue/block_hashes.h"

namespace exhibit::rescue {
namespace {

// One that is damaged is passed over.
constexpr std::size_t kMostEnds = 4;
constexpr std::uint64_t kMostPayload = std::uint64_t{1} << 40;
constexpr std::uint64_t kNonce = 16;
constexpr std::uint64_t kTag = 16;

// Where the first run of zeros begins: what was destroyed is zeros, and sealed bytes never are. `end` if there is none.
std::uint64_t FindZeros(const PackFiles& packs, std::span<const store::Extent> extents, std::uint64_t begin,
                        std::uint64_t end) {
  constexpr std::size_t kRun = 256;
  constexpr std::uint64_t kAtOnce = 1 << 20;
  const std::string zeros(kRun, '\0');
  for (std::uint64_t at = begin; at < end; at += kAtOnce) {
    const Bytes bytes = packs.Read(extents, {at, std::min(kAtOnce + kRun, end - at)});
    const std::size_t found = TextOf(bytes).find(zeros);
    if (found != std::string_view::npos) return at + found;
  }
  return end;
}

// Where it may end, in bytes after its header's first: where another header begins, where the packs end, where zeros begin.
std::vector<std::uint64_t> FindEnds(const PackFiles& packs, std::span<const store::Extent> extents,
                                    const FoundHeaders& headers, const FoundHeader& header) {
  std::vector<std::uint64_t> ends;
  for (const auto& [digest, other] : headers) {
    if (other.packs != header.packs) continue;
    std::uint64_t before = 0;
    for (const store::Extent& extent : extents) {
      const bool is_here = other.pack == extent.pack && other.offset >= extent.offset;
      if (is_here && (other.pack > header.pack || other.offset > header.offset))
        ends.push_back(before + other.offset - extent.offset);
      before += extent.bytes;
    }
  }
  ends.push_back(BytesOf(extents));
  std::ranges::sort(ends);
  ends.resize(std::min(ends.size(), kMostEnds));
  if (const std::uint64_t zeros = FindZeros(packs, extents, header.bytes, ends.front()); zeros < ends.front()) {
    // Its last bytes may be zeros, too.
    for (std::uint64_t more = 0; more < kMostEnds; ++more) ends.push_back(zeros + more);
  }
  return ends;
}

// So many bytes in so many blocks: how many chunks they are, and how many of them can be the content's. Its blocks have 16
// each but the last one; the tail has the others.
struct Division {
  std::uint64_t payload = 0;
  std::uint64_t chunks = 0;
  std::uint64_t least_content = 0;
  std::uint64_t most_content = 0;
};
Division Divide(std::uint64_t payload, std::uint64_t blocks) {
  return {payload, (payload - kNonce + seal::kSealedChunkBytes - 1) / seal::kSealedChunkBytes,
          blocks == 2 ? 0 : (blocks - 3) * seal::kChunksInBlock + 1, (blocks - 2) * seal::kChunksInBlock};
}

// The layout with this hash; every length of the tail is tried.
std::optional<seal::PayloadLayout> TryTails(const Division& division, const tlog::RootHash& root,
                                            const custody::PayloadDigest& wanted) {
  for (std::uint64_t content = division.least_content; content <= division.most_content && content < division.chunks;
       ++content) {
    const std::uint64_t tail = division.payload - kNonce - content * seal::kSealedChunkBytes;
    const auto layout = seal::PayloadLayout::Create({division.payload, tail}, root);
    if (layout && Equal(layout->Digest().view(), wanted.view())) return *layout;
  }
  return std::nullopt;
}

}  // namespace

std::optional<seal::PayloadLayout> SearchLayout(const Found& found, const FoundHeaders& headers,
                                                const FoundHeader& header, const custody::PayloadDigest& wanted) {
  constexpr std::uint64_t kMostTailChunks = seal::kMaxTailBytes / seal::kSealedChunkBytes + 1;
  const PackFiles& packs = found.packs[header.packs];
  const auto extents = packs.From(header.pack, header.offset, kMostPayload);
  for (const std::uint64_t end : FindEnds(packs, extents, headers, header)) {
    const std::uint64_t length = end - header.bytes;  // payload and hashes
    for (std::uint64_t blocks = 2; blocks * kBlockHashBytes + kNonce + kTag < length; ++blocks) {
      const Division division = Divide(length - blocks * kBlockHashBytes, blocks);
      if (division.least_content >= division.chunks) break;
      if (division.chunks > division.most_content + kMostTailChunks) continue;
      const Bytes hashes = packs.Read(extents, {header.bytes + division.payload, blocks * kBlockHashBytes});
      if (auto layout = TryTails(division, RootOfBlocks(BlockHashesIn(hashes)), wanted)) return layout;
    }
  }
  return std::nullopt;
}

}  // namespace exhibit::rescue
