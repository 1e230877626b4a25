// Keys of cases as they are handed to people, and the secret that they come from: one spelling, with a line feed or without.
#include "vault/base/error.h"
#include "vault/custody/labels.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace exhibit;
  const std::string_view text = TextOf(ByteView(data, size));
  if (const auto given = custody::GivenCaseKey::Parse(text)) {
    const auto again = given->key.ToLine(given->vault, given->name);
    const std::string_view line = again.ExposeSecret();
    EXHIBIT_ASSERT(text == line || text == line.substr(0, line.size() - 1));
  }
  if (const auto secret = custody::LabelSecret::Parse(text)) {
    const auto again = secret->ToSecretText();
    EXHIBIT_ASSERT(text == std::string_view(again.ExposeSecret()));
  }
  return 0;
}
