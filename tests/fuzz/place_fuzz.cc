// Places of sealed files as the database has them: what is read is written again to the same bytes.
#include "vault/store/rocks_keys.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace exhibit;
  const std::string_view value = TextOf(ByteView(data, size));
  const auto stored = store::DecodePlace(value);
  if (stored) EXHIBIT_ASSERT(store::EncodePlace(stored->state, stored->place) == value);
  return 0;
}
