// The plaintext of a sealed file: what `age -d` gives, and what `zstd -d` turns into the original.
//
//   content frame    zstd frame (RFC 8878) of the first 1 MiB of the original        one or more
//   …
//   padding frame    51 2a 4d 18 | n u32 | n zeros                                   one or more
//   fields frame     50 2a 4d 18 | L + 8 u32 | field lines, L bytes | L u32 | "EXHM"
//   seek table       5e 2a 4d 18 | 8f + 9 u32 | f rows | f u32 | 00 | b1 ea 92 8f
//     row            length of the frame u32 | bytes of the original that it holds u32
//
// (integers little-endian, as in zstd.) zstd passes over the last three kinds: they are skippable frames. The seek table
// is that of the zstd seekable format, without checksums: the age chunks authenticate. Fields come after the content
// because digests are known at its end; the seek table comes last, so that the end of a file says where everything is.
//
// This header holds the numbers of that format. padding.h computes the zeros, fields_frame.h and seek_table.h have the
// bytes of those frames, frame_header.h the rules for content frames; plaintext_writer.h puts a plaintext together, and
// plaintext_reader.h takes one apart.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "vault/base/bytes.h"

namespace exhibit::seal {

// Frames 0 to 65,535 hold 1 MiB of the original each, those after them 4 MiB: so the seek table of a large original
// stays small.
inline constexpr std::uint64_t kEarlyFrames = 65'536;
inline constexpr std::size_t kEarlyFrameBytes = 1 << 20;
inline constexpr std::size_t kLateFrameBytes = 4 << 20;
inline constexpr std::uint64_t kMaxOriginalBytes = std::uint64_t{1} << 43;

// How much of the original the content frame `number` holds, unless it is the last: that one holds the rest.
constexpr std::size_t FrameCapacity(std::uint64_t number) {
  return number < kEarlyFrames ? kEarlyFrameBytes : kLateFrameBytes;
}
// The content frame that holds the byte of the original at `offset`.
constexpr std::uint64_t FrameAt(std::uint64_t offset) {
  constexpr std::uint64_t kEarly = kEarlyFrames * kEarlyFrameBytes;
  return offset < kEarly ? offset / kEarlyFrameBytes : kEarlyFrames + (offset - kEarly) / kLateFrameBytes;
}
// Where in the original the content frame `number` begins.
constexpr std::uint64_t FrameBegin(std::uint64_t number) {
  return number <= kEarlyFrames ? number * kEarlyFrameBytes
                                : kEarlyFrames * kEarlyFrameBytes + (number - kEarlyFrames) * kLateFrameBytes;
}

inline constexpr std::size_t kMaxFieldsBytes = 1 << 20;
inline constexpr std::size_t kFieldsFrameOverhead = 16;
inline constexpr std::size_t kSkippableHeaderBytes = 8;
inline constexpr std::uint64_t kMaxPaddingFrameBytes = std::uint64_t{1} << 30;
inline constexpr std::uint64_t kMinPlaintextBytes = 4096;

using Magic = std::array<std::uint8_t, 4>;
inline constexpr Magic kContentMagic = {0x28, 0xb5, 0x2f, 0xfd};
inline constexpr Magic kFieldsMagic = {0x50, 0x2a, 0x4d, 0x18};
inline constexpr Magic kPaddingMagic = {0x51, 0x2a, 0x4d, 0x18};
inline constexpr Magic kSeekTableMagic = {0x5e, 0x2a, 0x4d, 0x18};

inline std::uint32_t GetU32LittleEndian(ByteView bytes) {
  return std::uint32_t{bytes[0]} | std::uint32_t{bytes[1]} << 8 | std::uint32_t{bytes[2]} << 16 |
         std::uint32_t{bytes[3]} << 24;
}
inline void AppendU32LittleEndian(Bytes& target, std::uint64_t value) {
  for (int shift = 0; shift < 32; shift += 8) target.push_back(static_cast<std::uint8_t>(value >> shift));
}

// What begins a skippable frame of `bytes` after its header. REQUIRES: bytes < 2^32.
inline void AppendSkippableHeader(Bytes& target, const Magic& magic, std::uint64_t bytes) {
  Append(target, magic);
  AppendU32LittleEndian(target, bytes);
}

}  // namespace exhibit::seal
