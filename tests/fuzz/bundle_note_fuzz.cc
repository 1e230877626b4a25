// Statements of who made a bundle. What is parsed and signed again has the same text.
#include <cstddef>
#include <cstdint>

#include "vault/bundle/bundle_note.h"
#include "vault/custody/signatures.h"
#include "vault/tlog/note.h"

using namespace exhibit;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const tlog::SigningKey signer = tlog::SigningKey::Generate(*tlog::KeyName::Parse("fuzz"));
  const ByteView bytes(data, size);
  auto statement = bundle::ParseBundleNote(bytes);
  if (!statement) return 0;
  statement->made_by = custody::ActorOf(signer.verifier());
  const auto again = bundle::SignBundle(*statement, signer);
  EXHIBIT_ASSERT(again);
  const auto parsed = bundle::ParseBundleNote(*again);
  EXHIBIT_ASSERT(parsed && parsed->range.ToText() == statement->range.ToText() && parsed->sha512 == statement->sha512);
  return 0;
}
