// Takes a plaintext in order, in pieces of any size, hands the original to a sink, and checks everything that
// docs/FORMAT.md, "Plaintext", says: the order of the frames, each byte of them, the zeros and how many there are, and
// that the seek table is that of these frames.
//
// Memory: one content frame, the fields, and 8 bytes for each MiB of the original.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "vault/base/bytes.h"
#include "vault/base/error.h"
#include "vault/seal/frame_decoder.h"
#include "vault/seal/seek_table.h"

namespace exhibit::seal {

class PlaintextReader {
 public:
  // Gets the content of a frame at a time, in order. An error that it returns ends the reading.
  using Sink = std::function<Result<void>(ByteView)>;

  // Refuses an original of more than `most_bytes` before it is unpacked. The fields say how many there are, and the end
  // of a plaintext can be read first (tail.h).
  PlaintextReader(std::uint64_t most_bytes, Sink sink);

  // kInvalid naming the frame and the rule that it breaks; or the error of the sink. After an error: nothing more.
  Result<void> Push(ByteView plaintext);

  struct Whole {
    std::string field_lines;
    SeekTable seek_table;
  };
  // The plaintext ended here. kInvalid if it is not whole, or if its frames and zeros are not those that they must be.
  Result<Whole> Finish();

  std::uint64_t original_bytes() const { return original_bytes_; }  // that the sink got
  // What was unpacked of a frame that is not whole: of use only if the plaintext was cut off.
  ByteView unfinished() const;

 private:
  enum class Place : std::uint8_t { kMagic, kContent, kPaddingSize, kZeros, kFieldsSize, kFields, kSeekTable, kEnd };
  Result<std::size_t> Step(ByteView piece);
  Result<void> TakeMagic();
  Result<void> TakePaddingSize();
  Result<std::size_t> TakeContent(ByteView piece);
  Result<std::size_t> TakeZeros(ByteView piece);
  Result<void> TakeSeekTable();
  void Expect(Place place, std::size_t bytes);
  Failure Wrong(std::string_view rule) const;

  std::uint64_t most_bytes_;
  Sink sink_;
  Place place_ = Place::kMagic;
  std::size_t wanted_ = kContentMagic.size();
  Bytes pending_;  // what was taken of a part that is wanted whole
  FrameDecoder decoder_;
  std::uint64_t zeros_left_ = 0;
  std::vector<SeekRow> rows_;
  std::uint64_t content_frames_ = 0;
  std::uint64_t original_bytes_ = 0;
  std::uint64_t plaintext_bytes_ = 0;
  bool padding_seen_ = false;
  bool fields_seen_ = false;
  std::string field_lines_;
};

}  // namespace exhibit::seal
