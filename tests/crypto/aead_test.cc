// Goal: ChaCha20-Poly1305 is RFC 8439's, and nothing that was changed opens. Method: the ciphertext
// of RFC 8439 section 2.8.2 (its tag is another, because we use no associated data; tag and long
// answer are Python cryptography's), and a flip of every byte.
#include "vault/crypto/aead.h"

#include "tests/support/catch.h"
#include "tests/support/check.h"
#include "vault/crypto/hash.h"

namespace exhibit::crypto {
namespace {

using testing::Hex;

constexpr std::string_view kSunscreen =
    "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, "
    "sunscreen would be it.";
constexpr std::string_view kSealedSunscreen =
    "d31a8d34648e60db7b86afbc53ef7ec2a4aded51296e08fea9e2b5a736ee62d63dbea45e8ca9671282fafb69da9272"
    "8b"
    "1a71de0a9e060b2905d6a5b67ecd3b3692ddbd7f2d778b8c9803aee328091b58fab324e4fad675945585808b4831d7"
    "bc"
    "3ff4def08e4b7a9de576d26586cec64b61166a23a4681fd59456aea1d29f82477216";

Aead ExampleCipher() {
  DerivedKey key;
  std::uint8_t value = 0x80;
  for (std::uint8_t& byte : key.ExposeSecretForWriting()) byte = value++;
  return Aead(key);
}

AeadNonce ExampleNonce() { return *AeadNonce::From(Hex("070000004041424344454647")); }

Bytes Seal(Aead& cipher, const AeadNonce& nonce, ByteView plaintext) {
  Bytes sealed(plaintext.size() + kAeadTagSize);
  cipher.Seal(nonce, plaintext, sealed);
  return sealed;
}

TEST_CASE("ChaCha20-Poly1305 seals to the known answers", "[crypto]") {
  Aead cipher = ExampleCipher();
  CHECK(ToHex(Seal(cipher, ExampleNonce(), ViewOf(kSunscreen))) == kSealedSunscreen);
  CHECK(ToHex(Seal(cipher, ExampleNonce(), {})) == "a0784d7a4716f3feb4f64e7f4b39bf04");
  Bytes chunk(65536);
  for (std::size_t i = 0; i < chunk.size(); ++i) chunk[i] = static_cast<std::uint8_t>(i % 251);
  CHECK(ToHex(Sha256(Seal(cipher, ExampleNonce(), chunk)).view()) ==
        "bc4fffadc3a85d33c1ae40ed592bc5e433d6e71b686d0dceb95b6b7c7b8d1091");
}

TEST_CASE("what was sealed opens, an empty message too", "[crypto]") {
  Aead cipher = ExampleCipher();
  Bytes opened(kSunscreen.size());
  REQUIRE(cipher.Open(ExampleNonce(), Hex(kSealedSunscreen), opened));
  CHECK(TextOf(opened) == kSunscreen);
  CHECK(cipher.Open(ExampleNonce(), Hex("a0784d7a4716f3feb4f64e7f4b39bf04"), {}));
}

TEST_CASE("a flip of any byte of ciphertext or tag is refused, and nothing is given out", "[crypto]") {
  Aead cipher = ExampleCipher();
  const Bytes sealed = Hex(kSealedSunscreen);
  for (std::size_t i = 0; i < sealed.size(); ++i) {
    Bytes damaged = sealed;
    damaged[i] ^= 0x40;
    Bytes opened(kSunscreen.size(), 0xee);
    CAPTURE(i);
    CHECK_FALSE(cipher.Open(ExampleNonce(), damaged, opened));
    CHECK(opened == Bytes(kSunscreen.size(), 0));
  }
}

TEST_CASE("another nonce or another key does not open", "[crypto]") {
  Aead cipher = ExampleCipher();
  const Bytes sealed = Hex(kSealedSunscreen);
  Bytes opened(kSunscreen.size());
  AeadNonce nonce = ExampleNonce();
  nonce.mutable_view()[11] ^= 1;
  CHECK_FALSE(cipher.Open(nonce, sealed, opened));
  CHECK_FALSE(Aead(DerivedKey()).Open(ExampleNonce(), sealed, opened));
}

TEST_CASE("a cipher goes on working after it refused a message", "[crypto]") {
  Aead cipher = ExampleCipher();
  Bytes opened(kSunscreen.size());
  CHECK_FALSE(cipher.Open(AeadNonce(), Hex(kSealedSunscreen), opened));
  CHECK(cipher.Open(ExampleNonce(), Hex(kSealedSunscreen), opened));
  CHECK(ToHex(Seal(cipher, ExampleNonce(), ViewOf(kSunscreen))) == kSealedSunscreen);
}

TEST_CASE("a cipher that was moved seals as before", "[crypto]") {
  Aead first = ExampleCipher();
  Aead second = std::move(first);
  CHECK(ToHex(Seal(second, ExampleNonce(), ViewOf(kSunscreen))) == kSealedSunscreen);
}

}  // namespace
}  // namespace exhibit::crypto
