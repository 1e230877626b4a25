// Goal: ML-KEM agrees with itself where the crypto library has it, and is refused by name where not; the hashes beside it
// are those of FIPS 202. Method: published hashes of nothing; a round trip. The age vectors (tests/seal) hold the rest.
#include "vault/crypto/ml_kem.h"

#include "tests/support/catch.h"
#include "tests/support/check.h"
#include "vault/crypto/random.h"

namespace exhibit::crypto {
namespace {

using testing::Unwrap;

TEST_CASE("SHA3-256 and SHAKE256 are those of FIPS 202", "[crypto]") {
  Bytes digest(32);
  Sha3Of({}, digest);
  CHECK(ToHex(digest) == "a7ffc6f8bf1ed76651c14756a061d662f580ff4de43b49fa82d80a4b80f8434a");
  Shake256({}, digest);
  CHECK(ToHex(digest) == "46b9dd2b0ba88d13233b3feb743eeb243fcd52ea62b81b82b50c27646ed5762f");
}

TEST_CASE("a key of ML-KEM has coefficients below 3,329", "[crypto]") {
  MlKemPublic key;
  CHECK(IsMlKemPublic(key));
  key.mutable_view()[1] = 0x0d;  // 3,328 as the first of a pair
  CHECK(IsMlKemPublic(key));
  key.mutable_view()[0] = 0x01;
  CHECK_FALSE(IsMlKemPublic(key));
  MlKemPublic second;
  second.mutable_view()[1150] = 0x10;  // 3,329 as the second of the last pair
  second.mutable_view()[1151] = 0xd0;
  CHECK_FALSE(IsMlKemPublic(second));
  MlKemPublic seed;
  for (std::size_t i = 1152; i < MlKemPublic::kSize; ++i) seed.mutable_view()[i] = 0xff;
  CHECK(IsMlKemPublic(seed));
}

TEST_CASE("ML-KEM agrees with itself, or is not there by name", "[crypto]") {
  const auto seed = RandomSecret<MlKemSeedTag, 64>();
  const auto key = MlKemPublicHalf(seed);
  if (!HasMlKem()) {
    CHECK_FAILS(key, ErrorCode::kUnsupported, "need OpenSSL 3.5 or newer");
    CHECK_FAILS(MlKemEncapsulate({}), ErrorCode::kUnsupported, "need OpenSSL 3.5 or newer");
    CHECK_FAILS(MlKemDecapsulate(seed, {}), ErrorCode::kUnsupported, "need OpenSSL 3.5 or newer");
    return;
  }
  REQUIRE_OK(key);
  CHECK(IsMlKemPublic(*key));
  const MlKemEncapsulated made = Unwrap(MlKemEncapsulate(*key));
  CHECK(Equal(Unwrap(MlKemDecapsulate(seed, made.ciphertext)).ExposeSecret(), made.shared.ExposeSecret()));
  MlKemCiphertext other = made.ciphertext;
  other.mutable_view()[0] ^= 1;
  CHECK_FALSE(Equal(Unwrap(MlKemDecapsulate(seed, other)).ExposeSecret(), made.shared.ExposeSecret()));
}

}  // namespace
}  // namespace exhibit::crypto
