// X25519 (RFC 7748): the key pairs that age seals to.
#pragma once

#include <optional>

#include "vault/base/bytes.h"
#include "vault/base/error.h"
#include "vault/crypto/ed25519.h"
#include "vault/crypto/kdf.h"
#include "vault/crypto/secret.h"

namespace exhibit::crypto {

struct X25519PublicTag;
struct X25519SecretTag;
struct X25519SharedTag;
using X25519Public = Fixed<X25519PublicTag, 32>;
using X25519Secret = Secret<X25519SecretTag, 32>;
using X25519Shared = Secret<X25519SharedTag, 32>;

X25519Secret NewX25519Secret();
X25519Public PublicHalf(const X25519Secret& secret);

// The shared secret. Fails with kInvalid if it is all zero, which happens only if `theirs` is one of the
// few points of low order, which nobody makes honestly.
Result<X25519Shared> X25519Agree(const X25519Secret& mine, const X25519Public& theirs);

// The same point on X25519's curve (RFC 7748, section 4.1). Nothing if it is not a point of the large prime order.
std::optional<X25519Public> X25519Of(const Ed25519Public& key);

// The secret half that belongs to X25519Of of this seed's public key.
X25519Secret X25519Of(const Ed25519Seed& seed);

// The shared secret as a point, times another scalar. Errors as of X25519Agree.
Result<X25519Shared> X25519Tweak(const DerivedKey& scalar, const X25519Shared& shared);

}  // namespace exhibit::crypto
