#include "vault/seal/plaintext_writer.h"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include "vault/seal/fields_frame.h"

namespace exhibit::seal {

void PlaintextWriter::AppendContent(ByteView frame, std::size_t original_bytes) {
  const std::uint64_t number = rows_.size();
  EXHIBIT_ASSERT(!finished_ && original_bytes_ == FrameBegin(number));
  EXHIBIT_ASSERT(original_bytes <= FrameCapacity(number) && (original_bytes > 0 || number == 0));
  EXHIBIT_ASSERT(frame.size() <= std::numeric_limits<std::uint32_t>::max());
  rows_.push_back({static_cast<std::uint32_t>(frame.size()), static_cast<std::uint32_t>(original_bytes)});
  content_bytes_ += frame.size();
  original_bytes_ += original_bytes;
  EXHIBIT_ASSERT(original_bytes_ <= kMaxOriginalBytes);
  Put(frame);
}

void PlaintextWriter::Finish(std::string_view field_lines) {
  EXHIBIT_ASSERT(!finished_ && !rows_.empty());
  finished_ = true;
  end_ = EncodeFieldsFrame(field_lines);
  const std::uint64_t fields_bytes = end_.size();
  plan_ = PlanPadding({content_bytes_, rows_.size(), fields_bytes});
  for (std::uint64_t i = 0; i < plan_.frames; ++i) {
    rows_.push_back({static_cast<std::uint32_t>(plan_.ZerosIn(i) + kSkippableHeaderBytes), 0});
  }
  rows_.push_back({static_cast<std::uint32_t>(fields_bytes), 0});
  Append(end_, SeekTable::Encode(rows_));
  const std::uint64_t fields_at = content_bytes_ + plan_.bytes();
  sizes_ = PayloadLayout::SizesFor(plan_.plaintext_bytes, fields_at);
  tail_chunk_ = fields_at / kChunkBytes;
  EXHIBIT_ASSERT(sizes_.tail_bytes <= kMaxTailBytes);
  // The tail may begin within what is there already.
  const Bytes content = std::exchange(pending_, {});
  Put(content);
}

std::optional<BlockPlaintext> PlaintextWriter::Next() {
  while (ready_.empty() && finished_ && !ended_) PutMore();
  if (ready_.empty()) return std::nullopt;
  BlockPlaintext block = std::move(ready_.front());
  ready_.pop_front();
  return block;
}

// What the block that is being filled may hold.
std::size_t PlaintextWriter::BlockCapacity() const {
  if (!finished_) return kBlockPlaintextBytes;
  if (next_chunk_ == tail_chunk_) return std::numeric_limits<std::size_t>::max();
  return static_cast<std::size_t>(std::min(kChunksInBlock, tail_chunk_ - next_chunk_) * kChunkBytes);
}

void PlaintextWriter::Put(ByteView plaintext) {
  while (!plaintext.empty()) {
    const std::size_t capacity = BlockCapacity();
    if (pending_.empty()) pending_.reserve(finished_ ? plaintext.size() : kBlockPlaintextBytes);
    const std::size_t taken = std::min(plaintext.size(), capacity - pending_.size());
    Append(pending_, plaintext.first(taken));
    plaintext = plaintext.subspan(taken);
    if (pending_.size() == capacity) EndBlock(RunEnd::kMoreFollow);
  }
}

// Zeros, the header of a padding frame, or what comes after them.
void PlaintextWriter::PutMore() {
  static constexpr std::array<std::uint8_t, kChunkBytes> kZeros{};
  if (zeros_left_ > 0) {
    const std::uint64_t zeros = std::min<std::uint64_t>(zeros_left_, kZeros.size());
    Put(ByteView(kZeros).first(static_cast<std::size_t>(zeros)));
    zeros_left_ -= zeros;
  } else if (padding_frames_begun_ < plan_.frames) {
    zeros_left_ = plan_.ZerosIn(padding_frames_begun_++);
    Bytes header;
    AppendSkippableHeader(header, kPaddingMagic, zeros_left_);
    Put(header);
  } else {
    EXHIBIT_ASSERT(next_chunk_ == tail_chunk_);
    Put(end_);
    EndBlock(RunEnd::kFinal);
    ended_ = true;
  }
}

void PlaintextWriter::EndBlock(RunEnd end) {
  const std::uint64_t chunks = (pending_.size() + kChunkBytes - 1) / kChunkBytes;
  ready_.push_back({next_chunk_, end, std::exchange(pending_, {})});
  next_chunk_ += chunks;
}

}  // namespace exhibit::seal
