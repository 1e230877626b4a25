#include "vault/seal/x25519_recipient.h"

#include <algorithm>

#include "vault/base/bech32.h"
#include "vault/base/encoding.h"
#include "vault/base/text.h"
#include "vault/crypto/given_secrets.h"
#include "vault/seal/key_text.h"
#include "vault/seal/stanza_rules.h"
#include "vault/seal/wrap.h"

namespace exhibit::seal {
namespace {

constexpr std::string_view kRecipientPrefix = "age";
constexpr std::string_view kIdentityPrefix = "age-secret-key-";
constexpr std::string_view kX25519 = "X25519";
constexpr std::string_view kX25519Info = "age-encryption.org/v1/X25519";

crypto::DerivedKey X25519WrapKey(const crypto::X25519Shared& shared, const crypto::X25519Public& share,
                                 const crypto::X25519Public& recipient) {
  Bytes salt = ToBytes(share.view());
  Append(salt, recipient.view());
  return crypto::HkdfSha256(shared.ExposeSecret(), salt, kX25519Info);
}

}  // namespace

Result<X25519Recipient> X25519Recipient::Parse(std::string_view text) {
  if (crypto::HoldsGiven(text)) {
    return Fail(ErrorCode::kInvalid, "recipient: this is a secret key",
                "a recipient is its public half, and begins with age1");
  }
  const auto decoded = DecodeBech32(text);
  if (!decoded)
    return Fail(ErrorCode::kInvalid, NameOfRecipient(text) + ": " + decoded.error().message,
                "a recipient begins with age1");
  if (decoded->prefix.starts_with("age1")) return RefuseKeyKind("recipient", decoded->prefix);
  const auto key = crypto::X25519Public::From(decoded->data);
  if (decoded->prefix != kRecipientPrefix || !key || text.front() != 'a') {
    return Fail(ErrorCode::kInvalid, NameOfRecipient(text) + ": not an age X25519 key", "a recipient begins with age1");
  }
  // A key of low order gives every sender the same shared secret: zero.
  const crypto::X25519Secret probe = crypto::NewX25519Secret();
  if (!crypto::X25519Agree(probe, *key)) {
    return Fail(ErrorCode::kInvalid, NameOfRecipient(text) + ": a key of low order");
  }
  return X25519Recipient(*key);
}

std::string X25519Recipient::ToText() const { return EncodeBech32(kRecipientPrefix, key_.view()); }

X25519Identity::X25519Identity(crypto::X25519Secret secret)
    : secret_(std::move(secret)), recipient_(crypto::PublicHalf(secret_)) {}

X25519Identity X25519Identity::Generate() { return X25519Identity(crypto::NewX25519Secret()); }

Result<X25519Identity> X25519Identity::Parse(std::string_view text) {
  auto decoded = DecodeBech32(text);
  if (!decoded) return Fail(ErrorCode::kInvalid, "identity: " + decoded.error().message);
  const bool fits = decoded->data.size() == crypto::X25519Secret::kSize;
  crypto::X25519Secret secret;
  if (fits) std::ranges::copy(decoded->data, secret.ExposeSecretForWriting().begin());
  crypto::Wipe(decoded->data);
  if (decoded->prefix != kIdentityPrefix &&
      (decoded->prefix.starts_with(kIdentityPrefix) || decoded->prefix.starts_with("age-plugin-"))) {
    return RefuseKeyKind("identity", decoded->prefix);
  }
  if (decoded->prefix != kIdentityPrefix || !fits || text.front() != 'A') {
    return Fail(ErrorCode::kInvalid, "identity: not an age X25519 key", "it begins with AGE-SECRET-KEY-1");
  }
  crypto::RememberGiven(text.substr(text.rfind('1') + 1));
  return X25519Identity(std::move(secret));
}

crypto::SecretText X25519Identity::ToSecretText() const {
  return IdentityText(kIdentityPrefix, secret_.ExposeSecret());
}

Stanza X25519Recipient::Seal(const FileKey& file_key) const {
  const crypto::X25519Secret ephemeral = crypto::NewX25519Secret();
  const crypto::X25519Public share = crypto::PublicHalf(ephemeral);
  const auto shared = crypto::X25519Agree(ephemeral, key_);
  EXHIBIT_ASSERT(shared);  // a recipient that parses is not of low order
  return {{std::string(kX25519), ToBase64(share.view(), Base64::kUnpadded)},
          WrapFileKey(X25519WrapKey(*shared, share, key_), file_key)};
}

Result<std::optional<FileKey>> X25519Identity::Open(const Stanza& stanza) const {
  TRY_VOID(CheckStanza(stanza));
  const crypto::X25519Public share = *crypto::X25519Public::From(StanzaArgument(stanza, 1));
  TRY(const crypto::X25519Shared shared, crypto::X25519Agree(secret_, share));
  return UnwrapFileKey(X25519WrapKey(shared, share, recipient_.key()), stanza.body);
}

}  // namespace exhibit::seal
