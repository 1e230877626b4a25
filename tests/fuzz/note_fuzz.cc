// Signed notes and verifier keys: what is read is written again to the same bytes, and no note
// harms a verifier.
#include "vault/base/error.h"
#include "vault/tlog/cosignature.h"
#include "vault/tlog/note.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace exhibit;
  const ByteView input(data, size);
  const auto key = tlog::VerifierKey::Parse(TextOf(input));
  EXHIBIT_ASSERT(!key || key->ToText() == TextOf(input));
  const auto note = tlog::SignedNote::Parse(input);
  if (!note) return 0;
  EXHIBIT_ASSERT(Equal(note->Serialise(), input));
  // Every line's own name, so that the keys below meet lines of theirs by chance of the id only.
  for (const tlog::NoteSignature& line : note->signatures()) {
    const tlog::VerifierKey log(line.name, tlog::SignatureType::kEd25519, crypto::Ed25519Public());
    const tlog::VerifierKey witness(line.name, tlog::SignatureType::kCosignature, crypto::Ed25519Public());
    EXHIBIT_ASSERT(!tlog::VerifyNote(*note, std::span(&log, 1)));
    EXHIBIT_ASSERT(!tlog::CheckCosignature(*note, witness));
  }
  return 0;
}
