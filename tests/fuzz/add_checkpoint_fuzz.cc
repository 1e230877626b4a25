// Requests to a witness: what is read is written again to the same bytes. And its answers: no line of a
// witness that signed nothing is taken.
#include "vault/base/error.h"
#include "vault/witness/add_checkpoint.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace exhibit;
  static const tlog::CosignerKey key =
      tlog::SigningKey::Generate(*tlog::KeyName::Parse("witness.example/w1"), tlog::SignatureType::kCosignature)
          .verifier();
  const ByteView input(data, size);
  const auto claim = witness::DecodeClaim(TextOf(input));
  EXHIBIT_ASSERT(!claim || !claim->origin.empty());
  const auto request = witness::DecodeAddCheckpoint(input);
  if (!request) return 0;
  EXHIBIT_ASSERT(Equal(witness::EncodeAddCheckpoint(*request), input));
  EXHIBIT_ASSERT(!witness::WithCosignatures(request->checkpoint, TextOf(request->checkpoint), {&key, 1}));
  return 0;
}
