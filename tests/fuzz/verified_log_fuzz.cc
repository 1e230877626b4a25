// What a verifier keeps of a log: what is read is written again to the same bytes.
#include "vault/base/error.h"
#include "vault/publish/verified_log.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace exhibit;
  const ByteView input(data, size);
  const auto log = publish::DecodeVerifiedLog(input);
  if (log) EXHIBIT_ASSERT(Equal(publish::EncodeVerifiedLog(*log), input));
  return 0;
}
