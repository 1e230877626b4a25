#include "vault/rescue/sealed.h"

#include <algorithm>

#include "vault/base/interrupt.h"
#include "vault/rescue/block_hashes.h"
#include "vault/tlog/merkle.h"

namespace exhibit::rescue {
namespace {

void Add(std::vector<ByteRange>& ranges, ByteRange range) {
  const bool goes_on = !ranges.empty() && ranges.back().offset + ranges.back().bytes == range.offset;
  if (goes_on) {
    ranges.back().bytes += range.bytes;
  } else {
    ranges.push_back(range);
  }
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

Result<void> SealedFinder::AddByHeader(const custody::SealedFile& file, Copies& at) {
  TRY_VOID(ReadAllHeaders());
  const auto [first, last] = headers_->equal_range(file.header);
  for (auto found = first; found != last; ++found) {
    const FoundHeader& header = found->second;
    if (!at.layout) at.layout = SearchLayout(found_, *headers_, header, file.payload);
    if (!at.layout) continue;
    const std::uint64_t bytes = header.bytes + at.layout->payload_bytes() + at.layout->block_count() * kBlockHashBytes;
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

Result<void> SealedFinder::Complete(const custody::SealedFile& file, Copies& at) {
  if (at.is_complete) return {};
  at.is_complete = true;
  return AddByHeader(file, at);
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
    if (BytesOf(copy.extents) < before + blocks * kBlockHashBytes) continue;
    stored.push_back(BlockHashesIn(ReadOf(copy, {before, blocks * kBlockHashBytes})));
    if (RootOfBlocks(stored.back()) == at.layout->root()) return stored.back();
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
      if (auto mixed = ProvenMixture(computed, one, at.layout->root())) return mixed;
    }
  }
  return std::nullopt;
}

Result<Bytes> SealedFinder::BestHeader(const custody::HeaderDigest& digest, const Copies& at, SealedLoss& loss) {
  Bytes first;
  for (const SealedCopy& copy : at.copies) {
    Bytes read = ReadOf(copy, {0, copy.header_bytes});
    if (custody::DigestOf<custody::HeaderDigest>(read) == digest) return read;
    if (first.empty()) first = std::move(read);
  }
  TRY(auto elsewhere, FindHeader(digest));
  if (elsewhere) return std::move(*elsewhere);
  loss.header = SealedLoss::Part::kLost;
  return first;
}

Result<SealedFinder::FoundBlock> SealedFinder::BestBlock(const custody::SealedFile& file, ByteRange range,
                                                         const std::optional<tlog::LeafHash>& proven, Copies& at) {
  FoundBlock first;
  for (std::size_t i = 0;; ++i) {
    if (i == at.copies.size()) TRY_VOID(Complete(file, at));
    if (i == at.copies.size()) return first;
    FoundBlock block{ReadOf(at.copies[i], {at.copies[i].header_bytes + range.offset, range.bytes}), {}};
    block.hash = tlog::HashLeaf(block.bytes);
    block.is_proven = proven && block.hash == *proven;
    if (block.is_proven) return block;
    if (i == 0) first = std::move(block);
  }
}

Result<SealedFinder::Staged> SealedFinder::Stage(const custody::SealedFile& file, store::SealedStage& stage) {
  TRY(Copies at, FindCopies(file));
  Staged staged;
  TRY(const Bytes header, BestHeader(file.header, at, staged.loss));
  std::erase_if(at.copies, [&](const SealedCopy& copy) { return !found_.packs[copy.packs].HasAny(copy.extents); });
  if (at.copies.empty()) TRY_VOID(Complete(file, at));
  if (at.layout) staged.loss.payload_bytes = at.layout->payload_bytes();
  if (!at.layout || at.copies.empty()) {
    staged.loss.whole = SealedLoss::Part::kLost;
    if (at.layout) staged.loss.payload = {{0, at.layout->payload_bytes()}};
    return staged;
  }
  const seal::PayloadLayout layout = *at.layout;
  auto hashes = ProvenHashes(at);
  if (!hashes) {
    TRY_VOID(Complete(file, at));
    hashes = ProvenHashes(at);
  }
  TRY_VOID(stage.Begin(header));
  std::vector<tlog::LeafHash> kept;  // of what is written
  for (std::uint64_t i = 0; i < layout.block_count(); ++i) {
    TRY_VOID(StopIfAsked(search_.interrupted));
    const ByteRange range = layout.block(i).range();
    const auto proven = hashes ? std::optional((*hashes)[static_cast<std::size_t>(i)]) : std::nullopt;
    TRY(const FoundBlock block, BestBlock(file, range, proven, at));
    if (!block.is_proven) Add(staged.loss.payload, range);
    kept.push_back(block.hash);
    TRY_VOID(stage.Put(block.bytes));
    if (search_.bytes_read != nullptr) *search_.bytes_read += range.bytes;
  }
  // Without the hashes nobody can say which block it is.
  if (!hashes) staged.loss.payload = {{0, layout.payload_bytes()}};
  TRY(staged.place, stage.End(hashes ? *hashes : kept, layout.Line()));
  return staged;
}

}  // namespace exhibit::rescue
