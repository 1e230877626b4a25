// What the driver must not wait for: a target that never ends.
#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t*, std::size_t) {
  for (volatile unsigned turns = 0;; turns = turns + 1) {
  }
}
