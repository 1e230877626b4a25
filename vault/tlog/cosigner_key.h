// The keys of witnesses (cosignature.h): Ed25519 keys of type 0x04 and ML-DSA-44 keys of type 0x06, which every command takes
// alike. A key of another type is refused by its number, and so is one of type 0x06 where this program could not check what it
// signs.
#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "vault/base/error.h"
#include "vault/tlog/ml_dsa_key.h"
#include "vault/tlog/note_key.h"

namespace exhibit::tlog {

class CosignerKey {
 public:
  CosignerKey(VerifierKey key) : key_(std::move(key)) {}  // of another type it checks nothing
  CosignerKey(MlDsaKey key) : key_(std::move(key)) {}

  static Result<CosignerKey> Parse(std::string_view vkey);
  std::string ToText() const;

  const KeyName& name() const;
  const KeyId& id() const;
  ByteView public_key() const;
  const std::variant<VerifierKey, MlDsaKey>& either() const { return key_; }
  bool operator==(const CosignerKey&) const = default;

 private:
  std::variant<VerifierKey, MlDsaKey> key_;
};

// The secret half.
class CosigningKey {
 public:
  CosigningKey(SigningKey key) : key_(std::move(key)) {}
  CosigningKey(MlDsaSigningKey key) : key_(std::move(key)) {}

  static Result<CosigningKey> Parse(std::string_view skey);
  crypto::SecretText ToSecretText() const;

  CosignerKey verifier() const;
  const std::variant<SigningKey, MlDsaSigningKey>& either() const { return key_; }

 private:
  std::variant<SigningKey, MlDsaSigningKey> key_;
};

}  // namespace exhibit::tlog
