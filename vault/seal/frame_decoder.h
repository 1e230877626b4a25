// Takes one content frame after another, in pieces of any size, and gives what they hold. zstd gets each header and each
// block whole, after frame_header.h checked them, so the result does not depend on how the frames were cut.
//
// Memory: one frame's content, whatever the frame says.
#pragma once

#include <cstdint>
#include <memory>

#include "vault/base/bytes.h"
#include "vault/base/error.h"
#include "vault/seal/frame_header.h"
#include "vault/seal/seek_table.h"

namespace exhibit::seal {

class FrameDecoder {
 public:
  FrameDecoder();
  ~FrameDecoder();
  FrameDecoder(const FrameDecoder&) = delete;
  FrameDecoder& operator=(const FrameDecoder&) = delete;

  // The frame `number` begins here. It is refused before it is unpacked if it says that it holds more than `most`
  // bytes: a few bytes can unpack to megabytes.
  void Begin(std::uint64_t number, std::uint64_t most);

  // Takes bytes of the frame, and none that follow it: returns how many it took. kInvalid naming the frame and the rule
  // that it breaks. REQUIRES: Begin was called, and the frame is not done.
  Result<std::size_t> Push(ByteView piece);

  // The frame is whole.
  bool done() const { return place_ == Place::kDone; }
  // What was unpacked of this frame so far; all of it when it is done. Valid until the next call.
  ByteView original() const { return ByteView(original_).first(filled_); }
  // Its row in the seek table. REQUIRES: done().
  SeekRow row() const;

 private:
  struct Decompressor;
  enum class Place : std::uint8_t { kStart, kHeader, kBlockHeader, kBlock, kDone };
  Result<void> Take(ByteView whole);
  Result<void> BeginContent(ByteView header);
  Result<void> Decode(ByteView whole);
  Failure Wrong(std::string_view rule) const;

  std::unique_ptr<Decompressor> decompressor_;
  std::uint64_t number_ = 0;
  std::uint64_t most_ = 0;
  Place place_ = Place::kDone;
  std::size_t wanted_ = 0;
  Bytes pending_;  // the beginning of what is wanted
  FrameHeader frame_;
  Bytes original_;  // one byte more than a frame says it holds, so that a frame that holds more is found
  std::size_t filled_ = 0;
  std::uint64_t frame_bytes_ = 0;
};

}  // namespace exhibit::seal
