// Payloads of age files: a stream gives out the same whatever the size of its pieces, opens what
// was sealed, and does not open what was changed.
#include <algorithm>

#include "vault/base/error.h"
#include "vault/seal/age_file.h"

namespace {

using namespace exhibit;

constexpr std::string_view kIdentity = "AGE-SECRET-KEY-1EGTZVFFV20835NWYV6270LXYVK2VKNX2MMDKWYKLMGR48UAWX40Q2P2LM0";

struct Outcome {
  bool opened = false;
  Bytes released;
};

Outcome Open(ByteView payload, std::size_t piece) {
  Outcome outcome;
  seal::PayloadOpener opener(seal::FileKey(), [&](ByteView plaintext) -> Result<void> {
    Append(outcome.released, plaintext);
    return {};
  });
  Result<void> status;
  while (status && !payload.empty()) {
    const ByteView next = payload.first(std::min(piece, payload.size()));
    status = opener.Push(next);
    payload = payload.subspan(next.size());
  }
  if (status) status = opener.Finish();
  outcome.opened = status.has_value();
  return outcome;
}

Outcome OpenBothWays(ByteView payload, std::size_t piece) {
  const Outcome whole = Open(payload, SIZE_MAX);
  const Outcome pieces = Open(payload, piece);
  EXHIBIT_ASSERT(whole.opened == pieces.opened && whole.released == pieces.released);
  return whole;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto identity = seal::ParseIdentity(kIdentity);
  EXHIBIT_ASSERT(identity);
  const ByteView input(data, size);
  IgnoreBecause("only that it returns is asked",
                seal::OpenSmallFile(input, seal::WithIdentities(seal::Identities(&*identity, 1))));
  if (size < 4) return 0;
  const std::size_t piece = 1 + data[0];
  OpenBothWays(input.subspan(1), piece);

  // The input as a plaintext: repeated up to a few chunks, sealed, and changed at one place.
  Bytes plaintext;
  for (std::size_t i = 0; i <= data[1] % 80U; ++i) Append(plaintext, input);
  const seal::PayloadNonce nonce;
  Bytes sealed;
  seal::ChunkCipher(seal::DerivePayloadKey(seal::FileKey(), nonce)).Seal(0, seal::RunEnd::kFinal, plaintext, sealed);
  Bytes payload = ToBytes(nonce.view());
  Append(payload, sealed);
  const Outcome genuine = OpenBothWays(payload, piece * 997);
  EXHIBIT_ASSERT(genuine.opened && genuine.released == plaintext);
  payload[(data[2] * std::size_t{65521} + data[3]) % payload.size()] ^= 1;
  const Outcome changed = OpenBothWays(payload, piece * 997);
  EXHIBIT_ASSERT(!changed.opened && changed.released.size() < plaintext.size());
  EXHIBIT_ASSERT(Equal(changed.released, ByteView(plaintext).first(changed.released.size())));
  return 0;
}
