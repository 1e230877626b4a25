// ML-KEM-768 (FIPS 203) where the crypto library has it: OpenSSL 3.5 or newer, asked when the program runs. And the two
// hashes of FIPS 202 that its hybrid with X25519 needs, which every OpenSSL has.
#pragma once

#include <initializer_list>
#include <optional>

#include "vault/base/bytes.h"
#include "vault/base/error.h"
#include "vault/crypto/secret.h"

namespace exhibit::crypto {

struct MlKemSeedTag;
struct MlKemPublicTag;
struct MlKemCiphertextTag;
struct MlKemSharedTag;
using MlKemSeed = Secret<MlKemSeedTag, 64>;  // d and z of FIPS 203
using MlKemPublic = Fixed<MlKemPublicTag, 1184>;
using MlKemCiphertext = Fixed<MlKemCiphertextTag, 1088>;
using MlKemShared = Secret<MlKemSharedTag, 32>;

// Whether this program can compute with ML-KEM. All functions below fail with kUnsupported where it cannot.
bool HasMlKem();
Failure NoMlKem();

// True if the bytes are a key in its one encoding: each of its 768 coefficients is below 3,329. Needs no library.
[[nodiscard]] bool IsMlKemPublic(const MlKemPublic& key);

Result<MlKemPublic> MlKemPublicHalf(const MlKemSeed& seed);

struct MlKemEncapsulated {
  MlKemCiphertext ciphertext;
  MlKemShared shared;
};
// kInvalid if it is no key.
Result<MlKemEncapsulated> MlKemEncapsulate(const MlKemPublic& key);

// Of a ciphertext that was not made for this key a shared secret comes out that nobody knows, and no error.
Result<MlKemShared> MlKemDecapsulate(const MlKemSeed& seed, const MlKemCiphertext& ciphertext);

// SHAKE256 with N bytes of output, of one secret.
void Shake256(ByteView input, MutableByteView output);
// SHA3-256 over the concatenation of `parts`, as the secret that it makes here.
void Sha3Of(std::initializer_list<ByteView> parts, MutableByteView output);

}  // namespace exhibit::crypto
