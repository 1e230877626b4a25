// age's X25519 keys: who a file is sealed to, and who opens it.
//
//   recipient "age1…"               bech32 of an X25519 public key
//   identity  "AGE-SECRET-KEY-1…"   bech32 of the secret half, upper case
//   stanza    -> X25519 <base64 of the ephemeral share, 32 bytes>
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "vault/base/bytes.h"
#include "vault/base/error.h"
#include "vault/crypto/secret.h"
#include "vault/crypto/x25519.h"
#include "vault/seal/age_header.h"

namespace exhibit::seal {

class X25519Recipient {
 public:
  explicit X25519Recipient(const crypto::X25519Public& key) : key_(key) {}
  // kInvalid, or kUnsupported for a recipient of another kind, by its name.
  static Result<X25519Recipient> Parse(std::string_view text);
  std::string ToText() const;
  const crypto::X25519Public& key() const { return key_; }
  // The file key, sealed.
  Stanza Seal(const FileKey& file_key) const;
  auto operator<=>(const X25519Recipient&) const = default;

 private:
  crypto::X25519Public key_;
};

class X25519Identity {
 public:
  static X25519Identity Generate();
  // Errors never quote the text.
  static Result<X25519Identity> Parse(std::string_view text);
  crypto::SecretText ToSecretText() const;

  const X25519Recipient& recipient() const { return recipient_; }
  const crypto::X25519Secret& secret() const { return secret_; }

  // The file key of a stanza of this kind; nothing if it is sealed to another key. kInvalid if the stanza breaks a rule.
  Result<std::optional<FileKey>> Open(const Stanza& stanza) const;

 private:
  explicit X25519Identity(crypto::X25519Secret secret);
  crypto::X25519Secret secret_;
  X25519Recipient recipient_;
};

}  // namespace exhibit::seal
