// What the driver must not wait for: a target that never ends.
#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t*, std::size_t) {
  volatile bool goes_on = true;
  while (goes_on) {
  }
  return 0;
}
