// ML-DSA-44 (FIPS 204) where the crypto library has it: OpenSSL 3.5 or newer, asked when the program runs.
//
// Pure ML-DSA with an empty context. Signing adds no randomness, so that two machines that sign one message give equal
// bytes.
#pragma once

#include "vault/base/bytes.h"
#include "vault/base/error.h"
#include "vault/crypto/secret.h"

namespace exhibit::crypto {

struct MlDsaSeedTag;
struct MlDsaPublicTag;
struct MlDsaSignatureTag;
using MlDsaSeed = Secret<MlDsaSeedTag, 32>;  // xi of FIPS 204
using MlDsaPublic = Fixed<MlDsaPublicTag, 1312>;
using MlDsaSignature = Fixed<MlDsaSignatureTag, 2420>;

// Whether this program can compute with ML-DSA. All functions below fail with kUnsupported where it cannot.
bool HasMlDsa();
Failure NoMlDsa();

Result<MlDsaPublic> MlDsaPublicHalf(const MlDsaSeed& seed);
// The signature was checked before it is given to anybody.
Result<MlDsaSignature> MlDsaSign(const MlDsaSeed& seed, ByteView message);
// Whether it fits.
Result<bool> MlDsaVerify(const MlDsaPublic& key, ByteView message, const MlDsaSignature& signature);

}  // namespace exhibit::crypto
