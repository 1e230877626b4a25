// Puts a plaintext together while its content comes, cut into the runs of chunks that become blocks. The content of a
// stream is final as soon as it is there; padding, fields and seek table follow when its end is known.
//
//   PlaintextWriter writer;
//   for each frame: writer.AppendContent(frame, original bytes); while (auto block = writer.Next()) seal and write it
//   writer.Finish(field lines);                                  while (auto block = writer.Next()) seal and write it
//
// Each byte is copied once. Memory: a block and what was appended since; at the end the tail, and never all zeros.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string_view>
#include <vector>

#include "vault/base/bytes.h"
#include "vault/seal/blocks.h"
#include "vault/seal/layout.h"
#include "vault/seal/padding.h"
#include "vault/seal/seek_table.h"

namespace exhibit::seal {

class PlaintextWriter {
 public:
  // A content frame, which holds `original_bytes`. An empty original has one frame of 0 bytes.
  // REQUIRES: before Finish; the frames before are full; original_bytes <= FrameCapacity of this frame, and 0 only of
  // the first; at most kMaxOriginalBytes in all.
  void AppendContent(ByteView frame, std::size_t original_bytes);

  // The content is complete. REQUIRES: called once, after a content frame; as EncodeFieldsFrame.
  void Finish(std::string_view field_lines);

  // The next block that is whole, from block 1 on; nothing until more comes. After Finish: nothing after the tail.
  std::optional<BlockPlaintext> Next();

  std::uint64_t original_bytes() const { return original_bytes_; }

  // After Finish.
  PayloadLayout::Sizes sizes() const { return sizes_; }

 private:
  std::size_t BlockCapacity() const;
  void Put(ByteView plaintext);
  void PutMore();
  void EndBlock(RunEnd end);

  Bytes pending_;  // the block that is being filled; it begins with the chunk next_chunk_
  std::uint64_t next_chunk_ = 0;
  std::deque<BlockPlaintext> ready_;
  std::vector<SeekRow> rows_;
  std::uint64_t content_bytes_ = 0;
  std::uint64_t original_bytes_ = 0;

  // After Finish.
  bool finished_ = false;
  PaddingPlan plan_;
  std::uint64_t padding_frames_begun_ = 0;
  std::uint64_t zeros_left_ = 0;  // in the padding frame that was begun
  Bytes end_;                     // fields frame and seek table
  PayloadLayout::Sizes sizes_;
  std::uint64_t tail_chunk_ = 0;
  bool ended_ = false;
};

}  // namespace exhibit::seal
