// Files of identities and recipients, and signing keys: no text harms who reads it, and a key has one spelling.
#include "vault/base/error.h"
#include "vault/seal/recipient.h"
#include "vault/tlog/note_key.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace exhibit;
  const std::string_view text = TextOf(ByteView(data, size));
  const auto identities = seal::ParseIdentityFile(text);
  if (identities) {
    EXHIBIT_ASSERT(!identities->empty());
    for (const seal::Identity& one : *identities) {
      const auto* const classical = std::get_if<seal::X25519Identity>(&one);
      const auto* const hybrid = std::get_if<seal::HybridIdentity>(&one);
      if (classical == nullptr && hybrid == nullptr) continue;
      const auto written = classical != nullptr ? classical->ToSecretText() : hybrid->ToSecretText();
      EXHIBIT_ASSERT(text.find(written.ExposeSecret()) != std::string_view::npos);
    }
  }
  const auto recipients = seal::ParseRecipientFile(text);
  EXHIBIT_ASSERT(!recipients || !recipients->empty());
  for (const seal::Recipient& one : recipients ? *recipients : std::vector<seal::Recipient>()) {
    EXHIBIT_ASSERT(text.find(seal::RecipientText(one)) != std::string_view::npos);
  }
  const auto key = tlog::SigningKey::Parse(text);
  EXHIBIT_ASSERT(!key || text.find(key->verifier().name().text()) != std::string_view::npos);
  return 0;
}
