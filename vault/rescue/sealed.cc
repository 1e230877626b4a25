#include "vault/rescue/sealed.h"

#include <algorithm>
#include <string>

#include "vault/base/interrupt.h"
#include "vault/tlog/merkle.h"

namespace exhibit::rescue {
namespace {

constexpr std::size_t kHash = tlog::LeafHash::kSize;

std::uint64_t BytesOf(std::span<const store::Extent> extents) {
  std::uint64_t bytes = 0;
  for (const store::Extent& extent : extents) bytes += extent.bytes;
  return bytes;
}

std::vector<tlog::LeafHash> HashesIn(ByteView bytes) {
  std::vector<tlog::LeafHash> hashes;
  for (; bytes.size() >= kHash; bytes = bytes.subspan(kHash))
    hashes.push_back(*tlog::LeafHash::From(bytes.first(kHash)));
  return hashes;
}

tlog::RootHash RootOf(std::span<const tlog::LeafHash> hashes) {
  tlog::CompactRange range;
  for (const tlog::LeafHash& hash : hashes) range.Append(hash);
  return range.Root();
}

// Of two lists that differ in a few places, the mixture that has this root: a block and its stored hash are rarely both
// damaged.
std::optional<std::vector<tlog::LeafHash>> Mix(const std::vector<tlog::LeafHash>& computed,
                                               const std::vector<tlog::LeafHash>& stored, const tlog::RootHash& root) {
  constexpr std::size_t kMostDiffering = 10;
  if (RootOf(computed) == root) return computed;
  if (stored.size() != computed.size()) return std::nullopt;
  std::vector<std::size_t> differ;
  for (std::size_t i = 0; i < computed.size(); ++i) {
    if (computed[i] != stored[i]) differ.push_back(i);
  }
  if (differ.size() > kMostDiffering) return std::nullopt;
  for (std::size_t choice = 1; choice < std::size_t{1} << differ.size(); ++choice) {
    std::vector<tlog::LeafHash> mixed = computed;
    for (std::size_t i = 0; i < differ.size(); ++i) {
      if ((choice >> i & 1) != 0) mixed[differ[i]] = stored[differ[i]];
    }
    if (RootOf(mixed) == root) return mixed;
  }
  return std::nullopt;
}

void Add(std::vector<ByteRange>& ranges, ByteRange range) {
  const bool goes_on = !ranges.empty() && ranges.back().offset + ranges.back().bytes == range.offset;
  if (goes_on) {
    ranges.back().bytes += range.bytes;
  } else {
    ranges.push_back(range);
  }
}

}  // namespace

namespace {

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

}  // namespace

std::uint64_t SealedLoss::lost_bytes() const {
  std::uint64_t bytes = 0;
  for (const ByteRange& range : payload) bytes += range.bytes;
  return bytes;
}

Result<void> SealedFinder::ReadAllHeaders() {
  if (headers_) return {};
  TRY(headers_, SearchHeaders(found_, search_));
  return {};
}

Result<std::optional<Bytes>> SealedFinder::FindHeader(const custody::HeaderDigest& digest) {
  const auto loose = found_.headers.find(digest);
  if (loose != found_.headers.end()) {
    Bytes header = found_.Read(loose->second);
    if (custody::DigestOf<custody::HeaderDigest>(header) == digest) return std::optional(std::move(header));
  }
  TRY_VOID(ReadAllHeaders());
  const auto at = headers_->find(digest);
  if (at == headers_->end()) return std::optional<Bytes>();
  const FoundHeader& header = at->second;
  const PackFiles& packs = found_.packs[header.packs];
  return std::optional(packs.Read(packs.From(header.pack, header.offset, header.bytes), {0, header.bytes}));
}

std::optional<seal::PayloadLayout> SealedFinder::Solve(const FoundHeader& header,
                                                       const custody::PayloadDigest& wanted) const {
  // What lies after it begins with a header, or the packs end. One that is damaged is passed over.
  constexpr std::size_t kMostEnds = 4;
  constexpr std::uint64_t kMostPayload = std::uint64_t{1} << 40;
  const PackFiles& packs = found_.packs[header.packs];
  const auto all = packs.From(header.pack, header.offset, kMostPayload);
  std::vector<std::uint64_t> ends;  // after the header's first byte
  for (const auto& [digest, other] : *headers_) {
    if (other.packs != header.packs) continue;
    std::uint64_t before = 0;
    for (const store::Extent& extent : all) {
      const bool is_here = other.pack == extent.pack && other.offset >= extent.offset;
      if (is_here && (other.pack > header.pack || other.offset > header.offset))
        ends.push_back(before + other.offset - extent.offset);
      before += extent.bytes;
    }
  }
  ends.push_back(BytesOf(all));
  std::ranges::sort(ends);
  ends.resize(std::min(ends.size(), kMostEnds));
  if (const std::uint64_t zeros = FindZeros(packs, all, header.bytes, ends.front()); zeros < ends.front()) {
    // Its last bytes may be zeros, too.
    for (std::uint64_t more = 0; more < kMostEnds; ++more) ends.push_back(zeros + more);
  }
  constexpr std::uint64_t kNonce = 16;
  constexpr std::uint64_t kTag = 16;
  const std::uint64_t most_tail_chunks = seal::kMaxTailBytes / seal::kSealedChunkBytes + 1;
  for (const std::uint64_t end : ends) {
    const std::uint64_t length = end - header.bytes;  // payload and hashes
    for (std::uint64_t blocks = 2; blocks * kHash + kNonce + kTag < length; ++blocks) {
      const std::uint64_t payload = length - blocks * kHash;
      const std::uint64_t chunks = (payload - kNonce + seal::kSealedChunkBytes - 1) / seal::kSealedChunkBytes;
      // The content's blocks have 16 chunks each but the last; so this many chunks are the tail's.
      const std::uint64_t most_content = (blocks - 2) * seal::kChunksInBlock;
      const std::uint64_t least_content = blocks == 2 ? 0 : (blocks - 3) * seal::kChunksInBlock + 1;
      if (least_content >= chunks) break;
      if (chunks > most_content + most_tail_chunks) continue;
      const auto hashes = HashesIn(packs.Read(all, {header.bytes + payload, blocks * kHash}));
      const tlog::RootHash root = RootOf(hashes);
      for (std::uint64_t content = least_content; content <= most_content && content < chunks; ++content) {
        const std::uint64_t tail = payload - kNonce - content * seal::kSealedChunkBytes;
        const auto layout = seal::PayloadLayout::Create({payload, tail}, root);
        if (layout && Equal(layout->Digest().view(), wanted.view())) return *layout;
      }
    }
  }
  return std::nullopt;
}

Result<void> SealedFinder::AddByHeader(const custody::SealedFile& file, Copies& at) {
  TRY_VOID(ReadAllHeaders());
  const auto [first, last] = headers_->equal_range(file.header);
  for (auto found = first; found != last; ++found) {
    const FoundHeader& header = found->second;
    if (!at.layout) at.layout = Solve(header, file.payload);
    if (!at.layout) continue;
    const std::uint64_t bytes = header.bytes + at.layout->payload_bytes() + at.layout->block_count() * kHash;
    SealedCopy copy{header.packs, found_.packs[header.packs].From(header.pack, header.offset, bytes), header.bytes};
    const bool is_known = std::ranges::any_of(at.copies, [&](const SealedCopy& known) {
      return known.packs == copy.packs && known.extents.front() == copy.extents.front();
    });
    if (!is_known) at.copies.push_back(std::move(copy));
  }
  if (!at.layout) return {};
  // A bundle has the same payload, after a header for its receivers.
  for (const auto& [digest, header] : *headers_) {
    const PackFiles& packs = found_.packs[header.packs];
    const bool is_loose = packs.paths().size() == 1 && header.pack == 1 && header.offset == 0;
    if (!is_loose || digest == file.header || packs.SizeOf(1) != header.bytes + at.layout->payload_bytes()) continue;
    at.copies.push_back({header.packs, packs.From(1, 0, packs.SizeOf(1)), header.bytes});
  }
  return {};
}

Result<SealedFinder::Copies> SealedFinder::FindCopies(const custody::SealedFile& file) {
  Copies at;
  if (const auto known = found_.layouts.find(file.payload); known != found_.layouts.end()) {
    auto layout = seal::PayloadLayout::Parse(known->second.line);
    if (layout) at.layout = *layout;
    at.copies = known->second.copies;
  }
  if (at.copies.empty()) TRY_VOID(AddByHeader(file, at));
  return at;
}

std::optional<std::vector<tlog::LeafHash>> SealedFinder::ProvenHashes(const Copies& at) const {
  const std::uint64_t blocks = at.layout->block_count();
  std::vector<std::vector<tlog::LeafHash>> stored;
  for (const SealedCopy& copy : at.copies) {
    const std::uint64_t before = copy.header_bytes + at.layout->payload_bytes();
    if (BytesOf(copy.extents) < before + blocks * kHash) continue;
    stored.push_back(HashesIn(ReadOf(copy, {before, blocks * kHash})));
    if (RootOf(stored.back()) == at.layout->root()) return stored.back();
  }
  // A stored hash is damaged, or none was stored here: the blocks themselves make the others.
  for (const SealedCopy& copy : at.copies) {
    std::vector<tlog::LeafHash> computed;
    for (std::uint64_t block = 0; block < blocks; ++block) {
      const ByteRange range = at.layout->block(block).range();
      computed.push_back(tlog::HashLeaf(ReadOf(copy, {copy.header_bytes + range.offset, range.bytes})));
    }
    if (stored.empty()) stored.emplace_back();
    for (const auto& one : stored) {
      if (auto mixed = Mix(computed, one, at.layout->root())) return mixed;
    }
  }
  return std::nullopt;
}

Result<SealedFinder::Staged> SealedFinder::Stage(const custody::SealedFile& file, store::SealedStage& stage) {
  TRY(Copies at, FindCopies(file));
  bool is_complete = false;  // what only reading all packs finds was added
  const auto complete = [&]() -> Result<void> {
    if (is_complete) return {};
    is_complete = true;
    return AddByHeader(file, at);
  };
  Staged staged;
  Bytes header;
  for (const SealedCopy& copy : at.copies) {
    const Bytes read = ReadOf(copy, {0, copy.header_bytes});
    const bool is_right = custody::DigestOf<custody::HeaderDigest>(read) == file.header;
    if (header.empty() || is_right) header = read;
    if (is_right) break;
  }
  if (custody::DigestOf<custody::HeaderDigest>(header) != file.header) {
    TRY(auto elsewhere, FindHeader(file.header));
    staged.loss.header = elsewhere ? SealedLoss::Part::kKept : SealedLoss::Part::kLost;
    if (elsewhere) header = std::move(*elsewhere);
  }
  std::erase_if(at.copies, [&](const SealedCopy& copy) { return !found_.packs[copy.packs].HasAny(copy.extents); });
  if (at.copies.empty()) TRY_VOID(complete());
  if (!at.layout || at.copies.empty()) {
    staged.loss.whole = SealedLoss::Part::kLost;
    if (at.layout) staged.loss.payload_bytes = at.layout->payload_bytes();
    if (at.layout) staged.loss.payload = {{0, at.layout->payload_bytes()}};
    return staged;
  }
  const seal::PayloadLayout layout = *at.layout;
  staged.loss.payload_bytes = layout.payload_bytes();
  auto hashes = ProvenHashes(at);
  if (!hashes) {
    TRY_VOID(complete());
    hashes = ProvenHashes(at);
  }
  TRY_VOID(stage.Begin(header));
  std::vector<tlog::LeafHash> kept;
  for (std::uint64_t block = 0; block < layout.block_count(); ++block) {
    TRY_VOID(StopIfAsked(search_.interrupted));
    const ByteRange range = layout.block(block).range();
    Bytes best;
    bool is_right = false;
    for (std::size_t i = 0; !is_right; ++i) {
      if (i == at.copies.size()) TRY_VOID(complete());
      if (i == at.copies.size()) break;
      Bytes read = ReadOf(at.copies[i], {at.copies[i].header_bytes + range.offset, range.bytes});
      const tlog::LeafHash hash = tlog::HashLeaf(read);
      is_right = hashes && hash == (*hashes)[static_cast<std::size_t>(block)];
      if (i > 0 && !is_right) continue;
      if (i == 0) kept.push_back(hash);
      best = std::move(read);
    }
    if (!is_right) Add(staged.loss.payload, range);
    TRY_VOID(stage.Put(best));
    if (search_.bytes_read != nullptr) *search_.bytes_read += range.bytes;
  }
  // Without the hashes nobody can say which block it is.
  if (!hashes) staged.loss.payload = {{0, layout.payload_bytes()}};
  TRY(staged.place, stage.End(hashes ? *hashes : kept, layout.Line()));
  return staged;
}

}  // namespace exhibit::rescue
