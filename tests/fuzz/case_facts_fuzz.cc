// The dates of a case, which are sealed as evidence is: what is read is written again to the same bytes.
#include "vault/base/bytes.h"
#include "vault/base/error.h"
#include "vault/custody/case_facts.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace exhibit;
  const std::string_view text = TextOf(ByteView(data, size));
  const auto facts = custody::DecodeCaseFacts(text);
  EXHIBIT_ASSERT(!facts || custody::EncodeCaseFacts(*facts) == text);
  return 0;
}
