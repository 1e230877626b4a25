// Keys of signed notes (C2SP signed-note): who can sign, and who can be verified.
//
//   vkey   <name> "+" <key id, 8 hex digits> "+" base64(type || public key)
//   skey   "PRIVATE+KEY+" <name> "+" <key id> "+" base64(type || 32-byte seed)
//   key id SHA-256(name || 0x0A || type || public key)[:4]
//
// A key id only tells keys apart; nothing is trusted because of it. A public key that is no point of the
// curve, or of small order, is refused. Two types exist here: 0x01, an
// Ed25519 signature over the text, and 0x04, a timestamped cosignature (cosignature.h). A vkey of
// another type is refused by its number.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "vault/base/bytes.h"
#include "vault/base/error.h"
#include "vault/crypto/ed25519.h"
#include "vault/crypto/secret.h"

namespace exhibit::tlog {

// 1 to 255 characters of U+0021 to U+007E without "+".
class KeyName {
 public:
  static Result<KeyName> Parse(std::string_view text);
  std::string_view text() const { return text_; }
  auto operator<=>(const KeyName&) const = default;

 private:
  explicit KeyName(std::string_view text) : text_(text) {}
  std::string text_;
};

struct KeyIdTag;
using KeyId = Fixed<KeyIdTag, 4>;

// Frozen: the bytes of the specification.
enum class SignatureType : std::uint8_t { kEd25519 = 0x01, kCosignature = 0x04 };

class VerifierKey {
 public:
  VerifierKey(KeyName name, SignatureType type, const crypto::Ed25519Public& public_key);

  // kInvalid for a malformed text or an id that does not fit; kUnsupported for another type.
  static Result<VerifierKey> Parse(std::string_view vkey);
  std::string ToText() const;

  const KeyName& name() const { return name_; }
  SignatureType type() const { return type_; }
  const KeyId& id() const { return id_; }
  const crypto::Ed25519Public& public_key() const { return public_key_; }
  bool operator==(const VerifierKey&) const = default;

 private:
  KeyName name_;
  SignatureType type_;
  crypto::Ed25519Public public_key_;
  KeyId id_;
};

class SigningKey {
 public:
  static SigningKey Generate(KeyName name, SignatureType type = SignatureType::kEd25519);
  static SigningKey FromSeed(KeyName name, SignatureType type, crypto::Ed25519Seed seed);

  // A second copy of the key, by name, so that secrets are not copied by accident.
  SigningKey Copy() const { return CopyAs(verifier_.name()); }
  // The same key under another name, and so with another id.
  SigningKey CopyAs(KeyName name) const;

  // The text form, which is a secret. Errors as for VerifierKey::Parse; they never quote the text.
  static Result<SigningKey> Parse(std::string_view skey);
  crypto::SecretText ToSecretText() const;

  const VerifierKey& verifier() const { return verifier_; }
  crypto::Ed25519Signature Sign(ByteView message, crypto::SelfCheck check = crypto::SelfCheck::kNow) const {
    return key_.Sign(message, check);
  }

 private:
  SigningKey(crypto::Ed25519Key key, VerifierKey verifier);
  crypto::Ed25519Key key_;
  VerifierKey verifier_;
};

}  // namespace exhibit::tlog
