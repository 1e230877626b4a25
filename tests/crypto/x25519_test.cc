// Goal: X25519 is RFC 7748's, and a point of low order is refused. Method: the vectors of RFC 7748
// sections 5.2 and 6.1, and all encodings of low order that exist.
#include "vault/crypto/x25519.h"

#include "tests/support/catch.h"
#include "tests/support/check.h"

namespace exhibit::crypto {
namespace {

using testing::Hex;
using testing::Unwrap;

X25519Secret SecretOf(std::string_view hex) {
  X25519Secret secret;
  std::ranges::copy(Hex(hex), secret.ExposeSecretForWriting().begin());
  return secret;
}

X25519Public PublicOf(std::string_view hex) { return *X25519Public::From(Hex(hex)); }

std::string Agreed(const X25519Secret& mine, const X25519Public& theirs) {
  return ToHex(Unwrap(X25519Agree(mine, theirs)).ExposeSecret());
}

TEST_CASE("X25519 gives the shared secrets of RFC 7748 section 5.2", "[crypto]") {
  CHECK(Agreed(SecretOf("a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4"),
               PublicOf("e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c")) ==
        "c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552");
  CHECK(Agreed(SecretOf("4b66e9d4d1b4673c5ad22691957d6af5c11b6421e0ea01d42ca4169e7918ba0d"),
               PublicOf("e5210f12786811d3f4b7959d0538ae2c31dbe7106fc03c3efc4cd549c715a493")) ==
        "95cbde9476e8907d7aade45cb4b873f88b595a68799fa152e6f8f7647aac7957");
}

TEST_CASE("Alice and Bob of RFC 7748 section 6.1 agree", "[crypto]") {
  const X25519Secret alice = SecretOf("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a");
  const X25519Secret bob = SecretOf("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb");
  CHECK(ToHex(PublicHalf(alice).view()) == "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a");
  CHECK(ToHex(PublicHalf(bob).view()) == "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f");
  CHECK(Agreed(alice, PublicHalf(bob)) == "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742");
  CHECK(Agreed(bob, PublicHalf(alice)) == Agreed(alice, PublicHalf(bob)));
}

TEST_CASE("fresh keys agree, and are never the same", "[crypto]") {
  const X25519Secret mine = NewX25519Secret();
  const X25519Secret theirs = NewX25519Secret();
  CHECK_FALSE(Equal(mine.ExposeSecret(), theirs.ExposeSecret()));
  CHECK(Agreed(mine, PublicHalf(theirs)) == Agreed(theirs, PublicHalf(mine)));
}

TEST_CASE("every point of low order is refused, in each of its encodings", "[crypto]") {
  const std::string zeros(60, '0');
  const std::string ones(60, 'f');
  const std::string points[] = {
      "00" + zeros + "00",  // 0
      "01" + zeros + "00",  // 1
      "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
      "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
      "ec" + ones + "7f",  // p - 1
      "ed" + ones + "7f",  // p, another spelling of 0
      "ee" + ones + "7f",  // p + 1, another spelling of 1
  };
  const X25519Secret mine = NewX25519Secret();
  for (const std::string& hex : points) {
    CAPTURE(hex);
    X25519Public point = PublicOf(hex);
    CHECK_FAILS(X25519Agree(mine, point), ErrorCode::kInvalid, "point of low order");
    point.mutable_view()[31] |= 0x80;  // the highest bit is ignored by RFC 7748
    CHECK_FAILS(X25519Agree(mine, point), ErrorCode::kInvalid, "point of low order");
  }
}

}  // namespace
}  // namespace exhibit::crypto
