// Goal: the texts of keys are those of signed-note and of Go's sumdb/note, both ways, and no secret
// leaves in an error. Method: the published keys, and each way a key can be wrong.
#include "vault/tlog/note_key.h"

#include <nlohmann/json.hpp>

#include "tests/support/check.h"
#include "tests/support/vectors.h"

namespace exhibit::tlog {
namespace {

using testing::Unwrap;

TEST_CASE("the published verifier keys are read and written to the same text", "[note_key]") {
  for (const std::string vkey : {"example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
                                 "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
                                 "EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop",
                                 "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8",
                                 "witness.example/w1+5d310a7d+BJzKWzRTEm9WwfDzGGeTyg1TDiIAl4rnNuRX+XusZjjb"}) {
    CAPTURE(vkey);
    const VerifierKey key = Unwrap(VerifierKey::Parse(vkey));
    CHECK(key.ToText() == vkey);
    CHECK(vkey.starts_with(key.name().text()));
    CHECK((key.type() == SignatureType::kCosignature) == vkey.starts_with("witness"));
  }
}

TEST_CASE("the published signing key gives its verifier key and its own text again", "[note_key]") {
  const std::string skey = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz";
  const SigningKey key = Unwrap(SigningKey::Parse(skey));
  CHECK(key.verifier().ToText() == "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW");
  CHECK(key.ToSecretText().ExposeSecret() == skey);
}

TEST_CASE("a generated key survives its text, for both types", "[note_key]") {
  for (const SignatureType type : {SignatureType::kEd25519, SignatureType::kCosignature}) {
    const SigningKey key = SigningKey::Generate(Unwrap(KeyName::Parse("collector.example/7")), type);
    const SigningKey again = Unwrap(SigningKey::Parse(key.ToSecretText().ExposeSecret()));
    CHECK(again.verifier() == key.verifier());
    CHECK(Unwrap(VerifierKey::Parse(key.verifier().ToText())) == key.verifier());
    CHECK(again.Sign(ViewOf("x")) == key.Sign(ViewOf("x")));
  }
}

TEST_CASE("one public key under two types has two ids", "[note_key]") {
  const SigningKey log = SigningKey::Generate(Unwrap(KeyName::Parse("example.org/log")));
  const VerifierKey as_witness(log.verifier().name(), SignatureType::kCosignature, log.verifier().public_key());
  CHECK(as_witness.id() != log.verifier().id());
}

TEST_CASE("the type bytes are the specification's", "[note_key]") {
  CHECK(static_cast<int>(SignatureType::kEd25519) == 0x01);
  CHECK(static_cast<int>(SignatureType::kCosignature) == 0x04);
}

TEST_CASE("a verifier key of another type is refused by its number", "[note_key]") {
  const auto vectors = nlohmann::json::parse(testing::ReadVector(testing::OwnVector("tlog/own-mldsa44-cosig.json")));
  CHECK_FAILS(VerifierKey::Parse(vectors.at("vkey").get<std::string>()), ErrorCode::kUnsupported,
              "signature type 0x06 is not supported");
  CHECK_FAILS(VerifierKey::Parse("a+00000000+Ag=="), ErrorCode::kUnsupported, "signature type 0x02");
  CHECK_FAILS(SigningKey::Parse("PRIVATE+KEY+a+00000000+Bg=="), ErrorCode::kUnsupported, "signature type 0x06");
}

TEST_CASE("a malformed verifier key says what is wrong", "[note_key]") {
  const std::string key = "AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
  CHECK_FAILS(VerifierKey::Parse(""), ErrorCode::kInvalid, "vkey: does not have three parts");
  CHECK_FAILS(VerifierKey::Parse("example.com/foo+530d903a"), ErrorCode::kInvalid, "three parts");
  CHECK_FAILS(VerifierKey::Parse("+530d903a+" + key), ErrorCode::kInvalid, "a key name has 1 to 255 bytes");
  CHECK_FAILS(VerifierKey::Parse("example.com/bar+530d903a+" + key), ErrorCode::kInvalid,
              "the key id does not belong to the key");
  CHECK_FAILS(VerifierKey::Parse("example.com/foo+530D903A+" + key), ErrorCode::kInvalid, "the key id");
  CHECK_FAILS(VerifierKey::Parse("example.com/foo+530d903b+" + key), ErrorCode::kInvalid, "the key id");
  CHECK_FAILS(VerifierKey::Parse("example.com/foo+530d903a+" + key + "\n"), ErrorCode::kInvalid, "base64");
  CHECK_FAILS(VerifierKey::Parse("example.com/foo+530d903a+" + key.substr(0, 40)), ErrorCode::kInvalid,
              "the public key is not 32 bytes");
  CHECK_FAILS(VerifierKey::Parse("example.com/foo+530d903a+"), ErrorCode::kInvalid, "holds no key");
}

TEST_CASE("a verifier key that could not sign, or whose owner could deny it, is refused", "[note_key]") {
  const std::vector<std::string> rows = {
      "02" + std::string(62, '0'),                                          // not on the curve
      std::string(64, '0'),                                                 // of order 4
      "01" + std::string(62, '0'),                                          // the neutral point
      "ee" + std::string(60, 'f') + "7f",                                   // not canonical
      "da99e28ba529cdde35a25fba9059e78ecaee239f99755b9b1aa4f65df00803e2"};  // the base point and one of order 8
  for (const std::string& hex : rows) {
    CAPTURE(hex);
    const auto public_key = *crypto::Ed25519Public::From(testing::Hex(hex));
    for (const SignatureType type : {SignatureType::kEd25519, SignatureType::kCosignature}) {
      const VerifierKey key(Unwrap(KeyName::Parse("carol")), type, public_key);
      CHECK_FAILS(VerifierKey::Parse(key.ToText()), ErrorCode::kInvalid, "no point of the curve");
    }
  }
}

TEST_CASE("a key name has letters, digits and signs of ASCII, no plus, and at most 255 of them", "[note_key]") {
  REQUIRE_OK(KeyName::Parse("stmary.example/ir-2025-014"));
  REQUIRE_OK(KeyName::Parse(std::string(255, 'a')));
  CHECK_FAILS(KeyName::Parse(""), ErrorCode::kInvalid, "1 to 255 bytes");
  CHECK_FAILS(KeyName::Parse(std::string(256, 'a')), ErrorCode::kInvalid, "1 to 255 bytes");
  for (const std::string name : {"a b", "a+b", "m\xC3\xBCller.example", "a\xEF\xBB\xBF", "a\tb", "a\nb",
                                 "a\x7F"
                                 "b",
                                 "a\xC2\xA0"
                                 "b",
                                 "a\xE3\x80\x80"
                                 "b",
                                 "a\xFF"
                                 "b"}) {
    CHECK_FAILS(KeyName::Parse(name), ErrorCode::kInvalid, "no letter, digit or sign of ASCII");
  }
}

TEST_CASE("a malformed signing key is refused, and its text is never quoted", "[note_key]") {
  const std::string seed = "AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz";
  const std::vector<std::pair<std::string, std::string>> rows = {
      {"PeterNeumann+c74f20a3+" + seed, "not a signing key"},
      {"PRIVATE+KEY+PeterNeumann" + seed.substr(0, 20), "does not have three parts"},
      {"PRIVATE+KEY+ " + seed + "+c74f20a3", "the name is not a key name"},
      {"PRIVATE+KEY+PeterNeumann+c74f20a3+" + seed + " ", "base64"},
      {"PRIVATE+KEY+PeterNeumann+c74f20a3+" + seed.substr(0, 40), "the seed is not 32 bytes"},
      {"PRIVATE+KEY+PeterNeumann+c74f20a4+" + seed, "the key id does not belong to the key"},
      {"PRIVATE+KEY+PeterNeumann+C74F20A3+" + seed, "the key id does not belong to the key"},
      {"PRIVATE+KEY+PeterNeumann+c74f20a3+", "holds no key"}};
  for (const auto& [skey, words] : rows) {
    CAPTURE(words);
    const auto parsed = SigningKey::Parse(skey);
    CHECK_FAILS(parsed, ErrorCode::kInvalid, words);
    REQUIRE_FALSE(parsed);
    CHECK(parsed.error().message.find(seed.substr(0, 12)) == std::string::npos);
    CHECK(parsed.error().hint.find(seed.substr(0, 12)) == std::string::npos);
  }
}

}  // namespace
}  // namespace exhibit::tlog
