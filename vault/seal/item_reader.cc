#include "vault/seal/item_reader.h"

#include <algorithm>
#include <deque>
#include <future>
#include <utility>

#include "vault/base/format.h"
#include "vault/base/parallel.h"

namespace exhibit::seal {
namespace {

constexpr std::size_t kBlocksAhead = 6;

// Cuts the stretch of the original that is wanted out of the frames that hold it.
class RangeCutter {
 public:
  RangeCutter(const SeekTable& table, ByteRange range, const ItemReader::Sink& sink)
      : table_(table), end_(range.offset + range.bytes), at_(range.offset), sink_(sink), frame_(FrameAt(range.offset)) {
    Begin();
  }

  Result<void> Push(ByteView plaintext) {
    while (!plaintext.empty()) {
      EXHIBIT_ASSERT(at_ < end_);
      TRY(const std::size_t taken, decoder_.Push(plaintext));
      plaintext = plaintext.subspan(taken);
      if (decoder_.done()) TRY_VOID(TakeFrame());
    }
    return {};
  }
  bool done() const { return at_ == end_; }

 private:
  void Begin() { decoder_.Begin(frame_, table_.row(frame_).holds); }

  Result<void> TakeFrame() {
    if (decoder_.row() != table_.row(frame_)) {
      return Fail(ErrorCode::kInvalid, Format("frame {}: not the one that the seek table says", frame_));
    }
    const std::uint64_t begin = FrameBegin(frame_);
    const auto first = static_cast<std::size_t>(at_ - begin);
    const auto last = static_cast<std::size_t>(std::min<std::uint64_t>(decoder_.original().size(), end_ - begin));
    TRY_VOID(sink_(decoder_.original().subspan(first, last - first)));
    at_ = begin + last;
    if (at_ == end_) return {};
    ++frame_;
    Begin();
    return {};
  }

  const SeekTable& table_;
  std::uint64_t end_;
  std::uint64_t at_;  // what was given
  const ItemReader::Sink& sink_;
  std::uint64_t frame_;
  FrameDecoder decoder_;
};

}  // namespace

Result<ItemReader> ItemReader::Open(const FileKey& file_key, SealedFile file) {
  BlockReader blocks(file.layout, std::move(file.source));
  TRY_VOID(blocks.Unlock(file_key, file.commitment));
  BlockReader::Block tail_block = blocks.Read(file.layout.tail_block());
  TRY_VOID(tail_block.stored);
  TRY_VOID(tail_block.opened);
  tail_block.stored->clear();
  tail_block.stored->shrink_to_fit();
  TRY(Tail tail, ReadTail(tail_block.plaintext, file.layout));
  return ItemReader(std::move(blocks), std::move(tail_block), std::move(tail));
}

Result<void> ItemReader::ReadOriginal(const Sink& sink, Pool* pool) const {
  PlaintextReader reader(original_bytes(), sink);
  crypto::CompactRange root;
  const auto take = [&](std::uint64_t index, const BlockReader::Block& block) -> Result<void> {
    if (!block.stored) return Fail(block.stored.error());
    root.Append(block.hash);
    if (!block.opened) return Fail(Error(block.opened.error()).In(Format("block {}", index)));
    return reader.Push(block.plaintext);
  };
  std::deque<std::future<BlockReader::Block>> ahead;
  const auto take_all = [&]() -> Result<void> {
    const std::uint64_t tail = layout().tail_block();
    std::uint64_t next = 0;
    for (std::uint64_t index = 0; index < tail; ++index) {
      if (pool == nullptr) {
        TRY_VOID(take(index, blocks_.Read(index)));
        continue;
      }
      while (next < tail && ahead.size() < kBlocksAhead) {
        ahead.push_back(pool->Submit([this, number = next++] { return blocks_.Read(number); }));
      }
      const BlockReader::Block block = ahead.front().get();
      ahead.pop_front();
      TRY_VOID(take(index, block));
    }
    return take(tail, tail_block_);
  };
  const Result<void> taken = take_all();
  for (const std::future<BlockReader::Block>& block : ahead) block.wait();
  TRY_VOID(taken);
  TRY_VOID(reader.Finish());
  if (root.Root() == layout().root()) return {};
  return Fail(ErrorCode::kTampered, "payload: its blocks are not those under the entry's root");
}

ByteRange ItemReader::FramesOf(ByteRange range) const {
  EXHIBIT_ASSERT(range.bytes > 0 && range.offset + range.bytes <= original_bytes());
  return seek_table().ContentFrames(FrameAt(range.offset), FrameAt(range.offset + range.bytes - 1));
}

ByteRange ItemReader::PayloadOf(ByteRange range) const {
  const ByteRange frames = FramesOf(range);
  const std::uint64_t end = std::min(frames.offset + frames.bytes, layout().tail_begin());
  if (frames.offset >= end) return {layout().payload_bytes() - layout().tail_bytes(), 0};
  return layout().Chunks(frames.offset / kChunkBytes, (end - 1) / kChunkBytes).range();
}

Result<void> ItemReader::ReadRange(ByteRange range, const Sink& sink) const {
  if (range.offset > original_bytes() || range.bytes > original_bytes() - range.offset) {
    return Fail(ErrorCode::kInvalid, Format("bytes {} to {}: the original has only {}", range.offset,
                                            range.offset + range.bytes, original_bytes()));
  }
  if (range.bytes == 0) return {};
  RangeCutter cutter(seek_table(), range, sink);
  TRY_VOID(ReadPlaintext(FramesOf(range), [&cutter](ByteView plaintext) { return cutter.Push(plaintext); }));
  if (cutter.done()) return {};
  return Fail(ErrorCode::kInvalid, "the frames are longer than the seek table says");
}

// Gives the stretch `range` of the plaintext. REQUIRES: not empty, before the fields.
Result<void> ItemReader::ReadPlaintext(ByteRange range, const Sink& sink) const {
  const std::uint64_t end = range.offset + range.bytes;
  const std::uint64_t tail_begin = layout().tail_begin();
  std::uint64_t at = range.offset;
  Bytes plaintext;
  while (at < std::min(end, tail_begin)) {
    const std::uint64_t first = at / kChunkBytes;
    const std::uint64_t last = std::min(first + kChunksInBlock - 1, (std::min(end, tail_begin) - 1) / kChunkBytes);
    TRY_VOID(blocks_.Open(layout().Chunks(first, last), plaintext));
    const ByteView opened = ByteView(plaintext).subspan(static_cast<std::size_t>(at - first * kChunkBytes));
    const ByteView wanted = opened.first(static_cast<std::size_t>(std::min<std::uint64_t>(opened.size(), end - at)));
    TRY_VOID(sink(wanted));
    at += wanted.size();
  }
  if (at == end) return {};
  const auto skipped = static_cast<std::size_t>(at - tail_begin);
  return sink(ByteView(tail_block_.plaintext).subspan(skipped, static_cast<std::size_t>(end - at)));
}

}  // namespace exhibit::seal
