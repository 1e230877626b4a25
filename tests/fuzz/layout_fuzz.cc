// Layout lines: one spelling, and blocks that cover the payload without a gap.
#include "vault/base/error.h"
#include "vault/seal/layout.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace exhibit;
  const std::string_view text = TextOf(ByteView(data, size));
  const auto layout = seal::PayloadLayout::Parse(text);
  if (!layout) return 0;
  EXHIBIT_ASSERT(layout->Line() == text);
  std::uint64_t offset = 0;
  for (const std::uint64_t index : {std::uint64_t{0}, std::uint64_t{1}, layout->tail_block()}) {
    const auto block = layout->block(index);
    EXHIBIT_ASSERT(block.bytes > 0 && (index == layout->tail_block() || block.offset == offset));
    offset = block.offset + block.bytes;
  }
  EXHIBIT_ASSERT(offset == layout->payload_bytes());
  EXHIBIT_ASSERT(layout->tail_begin() < layout->plaintext_bytes());
  return 0;
}
