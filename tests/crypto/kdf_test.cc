// Goal: keys derived here are those that every other implementation derives. Method: RFC 4231 (keys
// shorter than a block, filled up with zeros as HMAC itself does), RFC 5869, RFC 7914, and answers
// of Python's hashlib.scrypt.
#include "vault/crypto/kdf.h"

#include "tests/support/catch.h"
#include "tests/support/check.h"

namespace exhibit::crypto {
namespace {

using testing::Hex;
using testing::Unwrap;

// The bytes, and zeros up to 32.
DerivedKey KeyOf(ByteView bytes) {
  DerivedKey key;
  std::ranges::copy(bytes, key.ExposeSecretForWriting().begin());
  return key;
}

Bytes Counting(std::uint8_t first, std::uint8_t end) {
  Bytes bytes;
  for (unsigned value = first; value < end; ++value) {
    bytes.push_back(static_cast<std::uint8_t>(value));
  }
  return bytes;
}

TEST_CASE("HMAC-SHA-256 gives the answers of RFC 4231", "[crypto]") {
  const auto mac = [](ByteView key, ByteView message) { return ToHex(HmacSha256(KeyOf(key), {message}).view()); };
  CHECK(mac(Bytes(20, 0x0b), ViewOf("Hi There")) == "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  CHECK(mac(ViewOf("Jefe"), ViewOf("what do ya want for nothing?")) ==
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  CHECK(mac(Bytes(20, 0xaa), Bytes(50, 0xdd)) == "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe");
  CHECK(mac(Counting(0x01, 0x1a), Bytes(50, 0xcd)) ==
        "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b");
}

TEST_CASE("HMAC of parts is HMAC of their concatenation", "[crypto]") {
  const DerivedKey key = KeyOf(ViewOf("Jefe"));
  const Mac whole = HmacSha256(key, {ViewOf("what do ya want for nothing?")});
  const Mac parts = HmacSha256(key, {ViewOf("what do ya "), ViewOf(""), ViewOf("want for nothing?")});
  CHECK(parts == whole);
}

TEST_CASE("MACs are equal only if every byte is", "[crypto]") {
  const Mac mac = HmacSha256(KeyOf(ViewOf("Jefe")), {ViewOf("message")});
  CHECK(MacEqual(mac, mac));
  for (std::size_t i = 0; i < Mac::kSize; ++i) {
    Mac other = mac;
    other.mutable_view()[i] ^= 1;
    CAPTURE(i);
    CHECK_FALSE(MacEqual(mac, other));
  }
}

TEST_CASE("HKDF-SHA-256 gives the first 32 bytes of the answers of RFC 5869", "[crypto]") {
  const auto derive = [](ByteView input, ByteView salt, ByteView info) {
    return ToHex(HkdfSha256(input, salt, TextOf(info)).ExposeSecret());
  };
  CHECK(derive(Bytes(22, 0x0b), Counting(0, 13), Hex("f0f1f2f3f4f5f6f7f8f9")) ==
        "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf");
  Bytes info = Counting(0xb0, 0xff);
  info.push_back(0xff);
  CHECK(derive(Counting(0, 0x50), Counting(0x60, 0xb0), info) ==
        "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c");
  CHECK(derive(Bytes(22, 0x0b), {}, {}) == "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d");
}

TEST_CASE("an empty salt of HKDF means 32 zero bytes", "[crypto]") {
  const Bytes input(16, 7);
  CHECK(Equal(HkdfSha256(input, {}, "payload").ExposeSecret(),
              HkdfSha256(input, Bytes(32, 0), "payload").ExposeSecret()));
}

TEST_CASE("scrypt gives the answers of Python's hashlib", "[crypto]") {
  const auto derive = [](std::string_view passphrase, ByteView salt, int log2_n) {
    return ToHex(Unwrap(Scrypt(passphrase, salt, log2_n)).ExposeSecret());
  };
  // The second is also the beginning of an answer in RFC 7914 section 12.
  CHECK(derive("", {}, 4) == "e2b1883717d879f495cb7d86aa1eb8697e724978e8fc819881b007fbba2cf86b");
  CHECK(derive("pleaseletmein", ViewOf("SodiumChloride"), 14) ==
        "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2");
  CHECK(derive("correct horse", Counting(0, 16), 1) ==
        "3951c3c1d3a13627e5aadd39e0d9baeea98c6e688ae815f4c4680f18024efed2");
  Bytes age_salt = ToBytes(ViewOf("age-encryption.org/v1/scrypt"));
  Append(age_salt, Counting(0, 16));
  CHECK(derive("correct horse", age_salt, 14) == "2c1e043f39ffe5dabf3c761981b7aecf3d7722e5a9fd1e53f05df071c6b57b4b");
}

}  // namespace
}  // namespace exhibit::crypto
