// Policies: what is read can be written in the one spelling, which reads as the same policy.
#include "vault/base/error.h"
#include "vault/tlog/policy.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace exhibit;
  const auto policy = tlog::Policy::Parse(TextOf(ByteView(data, size)));
  if (!policy) return 0;
  const std::string text = policy->ToText();
  const auto again = tlog::Policy::Parse(text);
  EXHIBIT_ASSERT(again);
  EXHIBIT_ASSERT(again->ToText() == text);
  EXHIBIT_ASSERT(again->logs().size() == policy->logs().size());
  EXHIBIT_ASSERT(again->witnesses().size() == policy->witnesses().size());
  return 0;
}
