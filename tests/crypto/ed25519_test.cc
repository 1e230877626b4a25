// Goal: signatures are RFC 8032's, and what a lax verifier would let pass is refused. Method: the
// vectors of RFC 8032 section 7.1, flips, S of another residue, keys and R of small order, and keys
// that are not canonical.
#include "vault/crypto/ed25519.h"

#include "tests/support/catch.h"
#include "tests/support/check.h"
#include "vault/crypto/random.h"

namespace exhibit::crypto {
namespace {

using testing::Hex;

struct Vector {
  std::string_view seed;
  std::string_view public_key;
  std::string_view message;
  std::string_view signature;
};

constexpr Vector kVectors[] = {
    {"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
     "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
     "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
     "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"},
    {"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
     "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
     "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
     "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"},
    {"c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
     "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
     "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
     "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"},
};

Ed25519Key KeyOf(const Vector& vector) {
  Ed25519Seed seed;
  std::ranges::copy(Hex(vector.seed), seed.ExposeSecretForWriting().begin());
  return Ed25519Key::FromSeed(std::move(seed));
}

Ed25519Public PublicOf(std::string_view hex) { return *Ed25519Public::From(Hex(hex)); }
Ed25519Signature SignatureOf(std::string_view hex) { return *Ed25519Signature::From(Hex(hex)); }

TEST_CASE("signing gives the keys and signatures of RFC 8032", "[crypto]") {
  for (const Vector& vector : kVectors) {
    CAPTURE(vector.message);
    const Ed25519Key key = KeyOf(vector);
    const Bytes message = Hex(vector.message);
    CHECK(ToHex(key.public_key().view()) == vector.public_key);
    CHECK(ToHex(key.Sign(message).view()) == vector.signature);
    CHECK(ToHex(key.Sign(message, SelfCheck::kByCaller).view()) == vector.signature);
    CHECK(ToHex(key.seed().ExposeSecret()) == vector.seed);
    CHECK(Ed25519Verify(PublicOf(vector.public_key), message, SignatureOf(vector.signature)));
  }
}

TEST_CASE("a fresh key signs what it verifies, and no other key does", "[crypto]") {
  const Ed25519Key key = Ed25519Key::Generate();
  const Ed25519Key other = Ed25519Key::Generate();
  const Ed25519Signature signature = key.Sign(ViewOf("received two disks"));
  CHECK(Ed25519Verify(key.public_key(), ViewOf("received two disks"), signature));
  CHECK_FALSE(Ed25519Verify(other.public_key(), ViewOf("received two disks"), signature));
  CHECK_FALSE(Ed25519Verify(key.public_key(), ViewOf("received three disks"), signature));
}

TEST_CASE("a flip of any bit of a signature or of the key is refused", "[crypto]") {
  const Vector& vector = kVectors[2];
  const Bytes message = Hex(vector.message);
  const Ed25519Public key = PublicOf(vector.public_key);
  const Ed25519Signature signature = SignatureOf(vector.signature);
  for (std::size_t bit = 0; bit < 8 * Ed25519Signature::kSize; ++bit) {
    Ed25519Signature damaged = signature;
    damaged.mutable_view()[bit / 8] ^= static_cast<std::uint8_t>(1 << bit % 8);
    CAPTURE(bit);
    CHECK_FALSE(Ed25519Verify(key, message, damaged));
  }
  for (std::size_t bit = 0; bit < 8 * Ed25519Public::kSize; ++bit) {
    Ed25519Public damaged = key;
    damaged.mutable_view()[bit / 8] ^= static_cast<std::uint8_t>(1 << bit % 8);
    CAPTURE(bit);
    CHECK_FALSE(Ed25519Verify(damaged, message, signature));
  }
}

// The same signature with the group's order added to S verifies by the equation alone: a second
// spelling of one signature.
TEST_CASE("a signature whose S is not reduced is refused", "[crypto]") {
  const Bytes order = Hex("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");
  for (const Vector& vector : kVectors) {
    Ed25519Signature signature = SignatureOf(vector.signature);
    unsigned carry = 0;
    for (std::size_t i = 0; i < order.size(); ++i) {
      carry += static_cast<unsigned>(signature.view()[32 + i]) + order[i];
      signature.mutable_view()[32 + i] = static_cast<std::uint8_t>(carry);
      carry >>= 8;
    }
    CAPTURE(vector.message);
    REQUIRE(carry == 0);
    CHECK_FALSE(Ed25519Verify(PublicOf(vector.public_key), Hex(vector.message), signature));
  }
}

// With a key of small order, R = identity and S = 0 fit many messages, or all of them.
TEST_CASE("a key of small order verifies nothing", "[crypto]") {
  const std::string zeros(60, '0');
  const std::string ones(60, 'f');
  const std::string keys[] = {
      "01" + zeros + "00",  // the identity
      "00" + zeros + "00",  // of order 4
      "00" + zeros + "80",
      "ec" + ones + "7f",                                                  // of order 2
      "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",  // of order 8
      "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
      "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
      "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
  };
  const Ed25519Signature forged = SignatureOf("01" + zeros + "00" + "00" + zeros + "00");
  for (const std::string& hex : keys) {
    CAPTURE(hex);
    // Of eight messages at least one would pass where only the equation counts.
    for (std::uint8_t message = 0; message < 32; ++message) {
      CHECK_FALSE(Ed25519Verify(PublicOf(hex), ByteView(&message, 1), forged));
    }
  }
}

TEST_CASE("a key that is not canonical verifies nothing", "[crypto]") {
  const std::string zeros(60, '0');
  const std::string ones(60, 'f');
  const Ed25519Signature forged = SignatureOf("01" + zeros + "00" + "00" + zeros + "00");
  for (const std::string& hex : {"ee" + ones + "7f", "ed" + ones + "7f", "ff" + ones + "ff"}) {
    CAPTURE(hex);
    for (std::uint8_t message = 0; message < 32; ++message) {
      CHECK_FALSE(Ed25519Verify(PublicOf(hex), ByteView(&message, 1), forged));
    }
  }
}

TEST_CASE("a signature whose R is of small order is refused", "[crypto]") {
  const std::string zeros(60, '0');
  const Ed25519Key key = Ed25519Key::Generate();
  const Bytes own = ToBytes(key.Sign(ViewOf("message")).view());
  Bytes forged = Hex("01" + zeros + "00");
  Append(forged, ByteView(own).subspan(32));
  CHECK_FALSE(Ed25519Verify(key.public_key(), ViewOf("message"), *Ed25519Signature::From(forged)));
}

}  // namespace
}  // namespace exhibit::crypto
