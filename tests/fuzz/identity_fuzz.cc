// Files of identities and recipients, and signing keys: no text harms who reads it, and a key has one spelling.
#include "vault/base/error.h"
#include "vault/seal/recipient.h"
#include "vault/seal/ssh_recipient.h"
#include "vault/tlog/note_key.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace exhibit;
  const std::string_view text = TextOf(ByteView(data, size));
  const auto identities = seal::ParseIdentityFile(text);
  if (identities) {
    EXHIBIT_ASSERT(!identities->empty());
    for (const seal::X25519Identity& one : *identities) {
      EXHIBIT_ASSERT(text.find(one.ToSecretText().ExposeSecret()) != std::string_view::npos);
    }
  }
  const auto recipients = seal::ParseRecipientFile(text);
  EXHIBIT_ASSERT(!recipients || !recipients->empty());
  (void)seal::SshRecipient::Parse(text);
  const auto key = tlog::SigningKey::Parse(text);
  EXHIBIT_ASSERT(!key || text.find(key->verifier().name().text()) != std::string_view::npos);
  return 0;
}
