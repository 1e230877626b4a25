#include "vault/seal/frame_header.h"

#include <algorithm>
#include <string>

#include "vault/base/format.h"
#include "vault/seal/plaintext.h"

namespace exhibit::seal {
namespace {

constexpr std::size_t kMagicBytes = kContentMagic.size();
constexpr std::size_t kMaxBlockBytes = 128 << 10;
constexpr std::uint64_t kRepeatedByte = 1;  // a block of one repeated byte stores this many bytes

Failure Wrong(std::string_view rule) { return Fail(ErrorCode::kInvalid, std::string(rule)); }

// Its bits, from the lowest.
struct Descriptor {
  explicit Descriptor(std::uint8_t byte)
      : dictionary(byte & 3U),
        checksum(byte >> 2 & 1U),
        reserved(byte >> 3 & 3U),
        single_segment(byte >> 5 & 1U),
        content_size(byte >> 6) {}
  unsigned dictionary;
  unsigned checksum;
  unsigned reserved;  // and unused
  unsigned single_segment;
  unsigned content_size;

  std::size_t WindowBytes() const { return 1 - single_segment; }
  std::size_t ContentSizeBytes() const { return content_size == 0 ? single_segment : std::size_t{1} << content_size; }
};

std::uint64_t LittleEndian(ByteView bytes) {
  std::uint64_t value = 0;
  for (std::size_t i = bytes.size(); i > 0; --i) value = value << 8 | bytes[i - 1];
  return value;
}

std::uint64_t WindowOf(std::uint8_t descriptor) {
  const std::uint64_t base = std::uint64_t{1} << (10 + (descriptor >> 3));
  return base + base / 8 * (descriptor & 7U);
}

}  // namespace

std::size_t FrameHeader::MaxBlockBytes() const { return std::min(window_bytes, kMaxBlockBytes); }

Result<std::size_t> FrameHeaderBytes(ByteView start) {
  EXHIBIT_ASSERT(start.size() == kFrameStartBytes);
  if (!Equal(start.first(kMagicBytes), kContentMagic)) return Wrong("not a zstd frame");
  const Descriptor descriptor(start[kMagicBytes]);
  if (descriptor.reserved != 0) return Wrong("has a bit that is reserved");
  if (descriptor.dictionary != 0) return Wrong("asks for a dictionary");
  if (descriptor.checksum != 0) return Wrong("has a checksum");
  if (descriptor.ContentSizeBytes() == 0) return Wrong("its content is of unknown size");
  return kFrameStartBytes + descriptor.WindowBytes() + descriptor.ContentSizeBytes();
}

Result<FrameHeader> ParseFrameHeader(ByteView header, std::size_t capacity) {
  TRY(const std::size_t bytes, FrameHeaderBytes(header.first(kFrameStartBytes)));
  EXHIBIT_ASSERT(header.size() == bytes);
  const Descriptor descriptor(header[kMagicBytes]);
  const ByteView size = header.last(descriptor.ContentSizeBytes());
  // A size in two bytes is stored minus 256, where one byte ends.
  const std::uint64_t content = LittleEndian(size);
  const auto too_large = [&](std::string_view what) {
    return Wrong(Format("its {} is larger than {} MiB", what, capacity >> 20));
  };
  if (content > capacity) return too_large("content");
  const std::uint64_t whole = content + (size.size() == 2 ? 256 : 0);
  const std::uint64_t window = descriptor.single_segment != 0 ? whole : WindowOf(header[kFrameStartBytes]);
  if (window > capacity) return too_large("window");
  if (window < std::min<std::uint64_t>(whole, kMaxBlockBytes)) return Wrong("its window is smaller than its content");
  return FrameHeader{static_cast<std::size_t>(whole), static_cast<std::size_t>(window)};
}

Result<void> CheckBlockHeader(ByteView header, const FrameHeader& frame) {
  EXHIBIT_ASSERT(header.size() == kBlockHeaderBytes);
  const std::uint64_t bits = LittleEndian(header);
  enum : std::uint64_t { kRaw, kRepeated, kCompressed, kReserved };
  const std::uint64_t type = bits >> 1 & 3U;
  if (type == kReserved) return Wrong("damaged: a block of a type that is reserved");
  const std::uint64_t size = bits >> 3;
  // zstd takes it or not, depending on how it is fed.
  if (type == kCompressed && size == 0) return Wrong("damaged: a compressed block of no bytes");
  const std::uint64_t most = type == kRepeated ? std::max(size, kRepeatedByte) : size;
  if (most > frame.MaxBlockBytes()) return Wrong("damaged: a block that is larger than its frame allows");
  return {};
}

}  // namespace exhibit::seal
