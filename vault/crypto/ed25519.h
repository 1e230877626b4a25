// Ed25519 (RFC 8032): who signed it.
//
// Verification is libsodium's: it refuses a non-canonical S, a public key or R of small order, and a
// non-canonical public key. What has been accepted here, every stricter verifier accepts too.
#pragma once

#include <cstdint>

#include "vault/base/bytes.h"
#include "vault/crypto/secret.h"

namespace exhibit::crypto {

struct Ed25519PublicTag;
struct Ed25519SignatureTag;
struct Ed25519SeedTag;
using Ed25519Public = Fixed<Ed25519PublicTag, 32>;
using Ed25519Signature = Fixed<Ed25519SignatureTag, 64>;
using Ed25519Seed = Secret<Ed25519SeedTag, 32>;  // the 32 bytes that RFC 8032 calls the private key

// A hardware fault during signing could reveal the key to whoever sees the signature, so each signature is verified
// before anybody else sees it.
enum class SelfCheck : std::uint8_t {
  kNow,       // by Sign, before it returns
  kByCaller,  // by the caller, who verifies many of them side by side
};

// A key pair that can sign. A key that exists is valid.
class Ed25519Key {
 public:
  static Ed25519Key Generate();
  static Ed25519Key FromSeed(Ed25519Seed seed);

  const Ed25519Public& public_key() const { return public_key_; }
  const Ed25519Seed& seed() const { return seed_; }

  Ed25519Signature Sign(ByteView message, SelfCheck check = SelfCheck::kNow) const;

 private:
  struct ExpandedTag;
  Ed25519Key(Ed25519Seed seed, Secret<ExpandedTag, 64> expanded, const Ed25519Public& public_key);

  Ed25519Seed seed_;
  Secret<ExpandedTag, 64> expanded_;
  Ed25519Public public_key_;
};

// True if the key is a point of the curve in its canonical encoding, of the large prime order. Any other key
// either verifies nothing, or lets its owner deny a signature.
[[nodiscard]] bool IsValidKey(const Ed25519Public& key);

[[nodiscard]] bool Ed25519Verify(const Ed25519Public& key, ByteView message, const Ed25519Signature& signature);

}  // namespace exhibit::crypto
