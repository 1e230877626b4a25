// The seek table: where in a plaintext each frame is, and how much of the original it holds.
//
//   5e 2a 4d 18 | 8f + 9 u32 | f times: length of the frame u32, bytes of the original that it holds u32
//               | f u32 | 00 | b1 ea 92 8f
//
// (zstd_seekable_compression_format.md, without checksums.) A row for each frame before the table, in their order: k
// content frames, m padding frames, the fields frame; the last two kinds hold 0. The whole structure of a plaintext
// follows from the rows, so a table that exists is one that a plaintext of that length can have: frames full but the
// last, and the padding that padding.h computes. Whether the frames are those of the rows, plaintext_reader.h checks.
#pragma once

#include <cstdint>
#include <vector>

#include "vault/base/bytes.h"
#include "vault/base/error.h"
#include "vault/seal/padding.h"
#include "vault/seal/plaintext.h"

namespace exhibit::seal {

inline constexpr std::size_t kSeekRowBytes = 8;
inline constexpr std::size_t kSeekFooterBytes = 9;

// Its length, with so many rows.
constexpr std::uint64_t SeekTableBytes(std::uint64_t rows) {
  return kSkippableHeaderBytes + rows * kSeekRowBytes + kSeekFooterBytes;
}

struct SeekRow {
  std::uint32_t frame_bytes = 0;
  std::uint32_t holds = 0;  // of the original
  bool operator==(const SeekRow&) const = default;
};

class SeekTable {
 public:
  // kInvalid naming the row and the rule if no plaintext of so many bytes has these frames.
  static Result<SeekTable> Create(std::vector<SeekRow> rows, std::uint64_t plaintext_bytes);
  // Reads the table that ends `plaintext_end`, of a plaintext of `plaintext_bytes`. kInvalid likewise.
  static Result<SeekTable> ParseAtEnd(ByteView plaintext_end, std::uint64_t plaintext_bytes);

  Bytes Encode() const { return Encode(rows_); }
  static Bytes Encode(const std::vector<SeekRow>& rows);

  std::uint64_t content_frames() const { return content_frames_; }
  std::uint64_t content_bytes() const { return content_bytes_; }  // in the plaintext
  std::uint64_t original_bytes() const { return original_bytes_; }
  const SeekRow& row(std::uint64_t frame) const { return rows_[static_cast<std::size_t>(frame)]; }
  std::uint64_t row_count() const { return rows_.size(); }
  std::uint64_t table_bytes() const { return SeekTableBytes(rows_.size()); }

  // Where the fields frame is in the plaintext.
  ByteRange fields() const {
    const std::uint64_t bytes = rows_.back().frame_bytes;
    return {plaintext_bytes_ - table_bytes() - bytes, bytes};
  }
  // Where the content frames first to last are in the plaintext. REQUIRES: first <= last < content_frames().
  ByteRange ContentFrames(std::uint64_t first, std::uint64_t last) const;

 private:
  SeekTable(std::vector<SeekRow> rows, std::uint64_t plaintext_bytes)
      : rows_(std::move(rows)), plaintext_bytes_(plaintext_bytes) {}
  Result<void> CountContent();
  Result<void> CheckRest();

  std::vector<SeekRow> rows_;
  std::uint64_t plaintext_bytes_;
  std::uint64_t content_frames_ = 0;
  std::uint64_t content_bytes_ = 0;
  std::uint64_t original_bytes_ = 0;
};

}  // namespace exhibit::seal
