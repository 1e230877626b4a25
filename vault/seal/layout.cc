#include "vault/seal/layout.h"

#include <algorithm>
#include <optional>

#include "vault/base/encoding.h"
#include "vault/base/format.h"
#include "vault/seal/padding.h"

namespace exhibit::seal {
namespace {

constexpr std::uint64_t kNonceBytes = PayloadNonce::kSize;
constexpr std::string_view kBytesKey = R"({"bytes":)";
constexpr std::string_view kTailKey = R"(,"tail":)";
constexpr std::string_view kRootKey = R"(,"root":")";
constexpr std::string_view kEnd = "\"}\n";

std::uint64_t ChunksIn(std::uint64_t sealed_bytes) {
  return (sealed_bytes + kSealedChunkBytes - 1) / kSealedChunkBytes;
}

// Takes `text` from the front of `rest`; false if something else is there.
bool Skip(std::string_view& rest, std::string_view text) {
  if (!rest.starts_with(text)) return false;
  rest.remove_prefix(text.size());
  return true;
}

std::optional<std::uint64_t> TakeNumber(std::string_view& rest) {
  const std::size_t digits = std::min(rest.find_first_not_of("0123456789"), rest.size());
  const auto number = FromDecimal(rest.substr(0, digits));
  rest.remove_prefix(digits);
  return number ? std::optional(*number) : std::nullopt;
}

}  // namespace

PayloadLayout::PayloadLayout(const Sizes& sizes, const crypto::RootHash& root)
    : sizes_(sizes),
      content_blocks_((sizes.payload_bytes - kNonceBytes - sizes.tail_bytes + kBlockBytes - 1) / kBlockBytes),
      root_(root) {}

Result<PayloadLayout> PayloadLayout::Create(const Sizes& sizes, const crypto::RootHash& root) {
  const auto& [payload_bytes, tail_bytes] = sizes;
  const auto refuse = [&sizes](std::string_view why) {
    return Fail(ErrorCode::kInvalid,
                Format("payload of {} bytes with a tail of {}: {}", sizes.payload_bytes, sizes.tail_bytes, why));
  };
  if (payload_bytes > kMaxPayloadBytes || tail_bytes > kMaxTailBytes) return refuse("too large");
  if (payload_bytes < kNonceBytes || payload_bytes - kNonceBytes < tail_bytes) return refuse("too small");
  const std::uint64_t last_chunk = tail_bytes % kSealedChunkBytes;
  if (tail_bytes == 0 || (last_chunk > 0 && last_chunk <= crypto::kAeadTagSize)) {
    return refuse("the last chunk is empty or cut off");
  }
  if ((payload_bytes - kNonceBytes - tail_bytes) % kSealedChunkBytes != 0) {
    return refuse("the tail does not begin with a chunk");
  }
  PayloadLayout layout(sizes, root);
  if (layout.plaintext_bytes() != PaddedLength(layout.plaintext_bytes())) {
    return refuse(Format("its plaintext of {} bytes is not padded", layout.plaintext_bytes()));
  }
  return layout;
}

PayloadLayout::Sizes PayloadLayout::SizesFor(std::uint64_t plaintext_bytes, std::uint64_t fields_at) {
  EXHIBIT_ASSERT(fields_at < plaintext_bytes);
  const std::uint64_t before_tail = fields_at / kChunkBytes;  // whole chunks
  const std::uint64_t tail = SealedSize(plaintext_bytes - before_tail * kChunkBytes);
  return {kNonceBytes + before_tail * kSealedChunkBytes + tail, tail};
}

Result<PayloadLayout> PayloadLayout::Parse(std::string_view line) {
  std::string_view rest = line;
  const bool begins = Skip(rest, kBytesKey);
  const auto payload_bytes = begins ? TakeNumber(rest) : std::nullopt;
  const auto tail_bytes = payload_bytes && Skip(rest, kTailKey) ? TakeNumber(rest) : std::nullopt;
  if (!tail_bytes || !Skip(rest, kRootKey) || !rest.ends_with(kEnd)) {
    return Fail(ErrorCode::kInvalid, R"(layout: not a line of the form {"bytes":…,"tail":…,"root":"…"})");
  }
  rest.remove_suffix(kEnd.size());
  TRY(const auto root, FixedFromHex<crypto::RootHash>(rest, "layout: root"));
  return Create({*payload_bytes, *tail_bytes}, root);
}

std::string PayloadLayout::Line() const {
  std::string line(kBytesKey);
  line += std::to_string(sizes_.payload_bytes);
  line += kTailKey;
  line += std::to_string(sizes_.tail_bytes);
  line += kRootKey;
  line += ToHex(root_.view());
  line += kEnd;
  return line;
}

crypto::Sha256Digest PayloadLayout::Digest() const { return crypto::Sha256(ViewOf(Line())); }

std::uint64_t PayloadLayout::chunk_count() const { return ChunksIn(sizes_.payload_bytes - kNonceBytes); }

std::uint64_t PayloadLayout::plaintext_bytes() const {
  return sizes_.payload_bytes - kNonceBytes - chunk_count() * crypto::kAeadTagSize;
}

std::uint64_t PayloadLayout::tail_begin() const { return block(tail_block()).first_chunk * kChunkBytes; }

PayloadLayout::Block PayloadLayout::block(std::uint64_t index) const {
  EXHIBIT_ASSERT(index < block_count());
  if (index == 0) return {0, kNonceBytes, 0, RunEnd::kMoreFollow};
  const std::uint64_t first = (index - 1) * kChunksInBlock;
  const std::uint64_t content_chunks = (sizes_.payload_bytes - kNonceBytes - sizes_.tail_bytes) / kSealedChunkBytes;
  if (index == tail_block()) return Chunks(content_chunks, chunk_count() - 1);
  return Chunks(first, std::min(first + kChunksInBlock, content_chunks) - 1);
}

PayloadLayout::Block PayloadLayout::Chunks(std::uint64_t first, std::uint64_t last) const {
  EXHIBIT_ASSERT(first <= last && last < chunk_count());
  const std::uint64_t offset = kNonceBytes + first * kSealedChunkBytes;
  const std::uint64_t end = std::min(kNonceBytes + (last + 1) * kSealedChunkBytes, sizes_.payload_bytes);
  return {offset, end - offset, first, last + 1 == chunk_count() ? RunEnd::kFinal : RunEnd::kMoreFollow};
}

}  // namespace exhibit::seal
