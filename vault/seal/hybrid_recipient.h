// age's hybrid keys, mlkem768x25519: who stores a file today and has a quantum computer one day opens neither half alone.
//
//   recipient "age1pq1…"              bech32 of the ML-KEM-768 key, 1,184 bytes, and the X25519 key, 32 bytes
//   identity  "AGE-SECRET-KEY-PQ-1…"  bech32 of a seed of 32 bytes, upper case
//   stanza    -> mlkem768x25519 <base64 of the encapsulated key: ciphertext, 1,088 bytes, and ephemeral share, 32 bytes>
//
// The keys of an identity are SHAKE256(seed, 96 bytes): the seed of ML-KEM (64) and the X25519 secret (32). The shared
// secret is that of X-Wing, SHA3-256(ML-KEM's, X25519's, ephemeral share, X25519 key, "\.//^\"), and the file key is
// sealed by HPKE (RFC 9180, base mode, KEM 0x647a, HKDF-SHA256, ChaCha20-Poly1305) with the info
// "age-encryption.org/mlkem768x25519".
//
// Texts are read by every build. Sealing and opening need OpenSSL 3.5 and fail with kUnsupported where it is not.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "vault/base/bytes.h"
#include "vault/base/error.h"
#include "vault/crypto/ml_kem.h"
#include "vault/crypto/secret.h"
#include "vault/crypto/x25519.h"
#include "vault/seal/age_header.h"

namespace exhibit::seal {

class HybridRecipient {
 public:
  // kInvalid naming what is wrong.
  static Result<HybridRecipient> Parse(std::string_view text);
  std::string ToText() const;
  // The file key, sealed.
  Result<Stanza> Seal(const FileKey& file_key) const;
  auto operator<=>(const HybridRecipient&) const = default;

 private:
  friend class HybridIdentity;
  HybridRecipient(const crypto::MlKemPublic& post_quantum, const crypto::X25519Public& classical)
      : post_quantum_(post_quantum), classical_(classical) {}
  crypto::MlKemPublic post_quantum_;
  crypto::X25519Public classical_;
};

class HybridIdentity {
 public:
  // kUnsupported where it could not be used.
  static Result<HybridIdentity> Generate();
  // Errors never quote the text.
  static Result<HybridIdentity> Parse(std::string_view text);
  crypto::SecretText ToSecretText() const;
  Result<HybridRecipient> recipient() const;

  // The file key of a stanza of this kind; nothing if it is sealed to another key. kInvalid if the stanza breaks a rule.
  Result<std::optional<FileKey>> Open(const Stanza& stanza) const;

 private:
  struct SeedTag;
  using Seed = crypto::Secret<SeedTag, 32>;
  explicit HybridIdentity(Seed seed);
  Seed seed_;
  crypto::MlKemSeed post_quantum_;
  crypto::X25519Secret classical_;
};

}  // namespace exhibit::seal
