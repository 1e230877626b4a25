// The list of a collecting kit: what is read is written again to the same bytes.
#include "vault/base/error.h"
#include "vault/bundle/collecting_kit.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace exhibit;
  const std::string_view input = TextOf(ByteView(data, size));
  if (const auto list = bundle::ParseKitList(input)) EXHIBIT_ASSERT(bundle::EncodeKitList(*list) == input);
  return 0;
}
