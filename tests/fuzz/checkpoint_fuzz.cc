// Checkpoints: what is read is written again to the same text.
#include "vault/base/error.h"
#include "vault/tlog/checkpoint.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace exhibit;
  const std::string_view text = TextOf(ByteView(data, size));
  const auto checkpoint = tlog::DecodeCheckpoint(text);
  if (checkpoint) EXHIBIT_ASSERT(tlog::EncodeCheckpoint(*checkpoint) == text);
  return 0;
}
