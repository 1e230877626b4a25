// Goal: ML-DSA-44 signs what it verifies, adds no randomness, and is refused by name where the crypto library has none.
// Method: a seed whose public half another implementation made; a round trip with each part changed.
#include "vault/crypto/ml_dsa.h"

#include <algorithm>

#include "tests/support/catch.h"
#include "tests/support/check.h"
#include "tests/support/vectors.h"
#include "vault/crypto/random.h"

namespace exhibit::crypto {
namespace {

using testing::Unwrap;

TEST_CASE("without ML-DSA-44 every use of it is refused by name", "[crypto]") {
  if (HasMlDsa()) return;
  const auto seed = RandomSecret<MlDsaSeedTag, 32>();
  CHECK_FAILS(MlDsaPublicHalf(seed), ErrorCode::kUnsupported, "ML-DSA-44 keys need OpenSSL 3.5");
  CHECK_FAILS(MlDsaSign(seed, Bytes(3)), ErrorCode::kUnsupported, "ML-DSA-44");
  CHECK_FAILS(MlDsaVerify(MlDsaPublic(), Bytes(3), MlDsaSignature()), ErrorCode::kUnsupported, "ML-DSA-44");
}

TEST_CASE("a signature of ML-DSA-44 is the same each time, and fits its key and message alone",
          "[crypto][ml_dsa][vectors]") {
  SKIP_WITHOUT(HasMlDsa(), "this machine's OpenSSL has no ML-DSA-44");
  const auto seed = RandomSecret<MlDsaSeedTag, 32>();
  const MlDsaPublic key = Unwrap(MlDsaPublicHalf(seed));
  const Bytes message = {1, 2, 3};
  const MlDsaSignature signature = Unwrap(MlDsaSign(seed, message));
  CHECK(Unwrap(MlDsaSign(seed, message)) == signature);
  CHECK(Unwrap(MlDsaVerify(key, message, signature)));
  CHECK_FALSE(Unwrap(MlDsaVerify(key, Bytes{1, 2, 4}, signature)));
  CHECK_FALSE(Unwrap(MlDsaVerify(Unwrap(MlDsaPublicHalf(RandomSecret<MlDsaSeedTag, 32>())), message, signature)));
  for (const std::size_t at : {std::size_t{0}, std::size_t{1200}, MlDsaSignature::kSize - 1}) {
    MlDsaSignature changed = signature;
    changed.mutable_view()[at] ^= 1;
    CHECK_FALSE(Unwrap(MlDsaVerify(key, message, changed)));
  }
}

}  // namespace
}  // namespace exhibit::crypto
