// Fork proofs: what is read is written again to the same bytes, and checking one with a key that signed
// nothing of it never succeeds.
#include "vault/base/error.h"
#include "vault/tlog/fork_proof.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace exhibit;
  static const auto key = tlog::SigningKey::Generate(*tlog::KeyName::Parse("log.example/a")).verifier();
  const ByteView input(data, size);
  const auto proof = tlog::DecodeForkProof(input);
  if (!proof) return 0;
  EXHIBIT_ASSERT(Equal(tlog::EncodeForkProof(*proof), input));
  EXHIBIT_ASSERT(!tlog::CheckForkProof(*proof, [](tlog::TreeSize) { return std::vector{key}; }));
  return 0;
}
