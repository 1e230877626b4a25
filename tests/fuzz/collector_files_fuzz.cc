// The files of a collector's folder that are lines of JSON: what is read is written again to the same bytes.
#include "vault/base/error.h"
#include "vault/intake/collector.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace exhibit;
  const std::string_view input = TextOf(ByteView(data, size));
  if (const auto setup = intake::ParseCollectorSetup(input)) EXHIBIT_ASSERT(intake::LineOf(*setup) == input);
  if (const auto state = intake::ParseCollectorState(input)) EXHIBIT_ASSERT(intake::LineOf(*state) == input);
  return 0;
}
