// Goal: ML-DSA-44 keys of notes are read and written in their one form by every build, and sign and check checkpoints as C2SP
// tlog-cosignature says where the crypto library has the algorithm. Method: a cosignature that another implementation made.
#include "vault/tlog/ml_dsa_key.h"

#include <nlohmann/json.hpp>

#include "tests/support/catch.h"
#include "tests/support/check.h"
#include "tests/support/vectors.h"
#include "vault/base/encoding.h"
#include "vault/tlog/cosignature.h"

namespace exhibit::tlog {
namespace {

using testing::Unwrap;

struct Vector {
  nlohmann::json json = nlohmann::json::parse(testing::ReadVector(testing::OwnVector("tlog/own-mldsa44-cosig.json")));
  std::string At(const char* name) const { return json.at(name).get<std::string>(); }
  std::string vkey = At("vkey");
  std::uint64_t time = json.at("timestamp").get<std::uint64_t>();
  std::string text = At("origin") + "\n7\n" + At("root_b64") + "\n";
  Bytes Line() const {
    const std::string line = At("line");
    const Bytes blob =
        Unwrap(FromBase64(line.substr(line.rfind(' ') + 1, line.size() - line.rfind(' ') - 2), Base64::kPadded));
    return Bytes(blob.begin() + KeyId::kSize, blob.end());
  }
  MlDsaSigningKey Key() const {
    crypto::MlDsaSeed seed;
    const Bytes bytes = Unwrap(FromHex(At("seed_hex")));
    std::copy(bytes.begin(), bytes.end(), seed.ExposeSecretForWriting().begin());
    return Unwrap(MlDsaSigningKey::FromSeed(Unwrap(KeyName::Parse(At("name"))), std::move(seed)));
  }
};

TEST_CASE_METHOD(Vector, "an ML-DSA-44 key is read and written in its one form by every build", "[ml_dsa]") {
  const MlDsaKey key = Unwrap(MlDsaKey::Parse(vkey));
  CHECK(key.ToText() == vkey);
  CHECK(ToHex(key.id().view()) == At("key_id_hex"));
  CHECK_FAILS(MlDsaKey::Parse(vkey.substr(0, vkey.size() - 4)), ErrorCode::kInvalid,
              "the public key is not 1,312 bytes");
  std::string other = vkey;
  other[other.find('+') + 1] ^= 1;
  CHECK_FAILS(MlDsaKey::Parse(other), ErrorCode::kInvalid, "the key id does not belong to the key");
  CHECK_FAILS(MlDsaKey::Parse("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"),
              ErrorCode::kUnsupported, "signature type 0x01");
}

TEST_CASE_METHOD(Vector, "a cosignature that another program made holds, and no other", "[ml_dsa][vectors]") {
  SKIP_WITHOUT(crypto::HasMlDsa(), "this machine's OpenSSL has no ML-DSA-44");
  const MlDsaKey key = Unwrap(MlDsaKey::Parse(vkey));
  CHECK(Unwrap(key.Check(text, Line())) == time);
  for (const std::size_t at : {std::size_t{7}, std::size_t{8}, MlDsaKey::kLineBytes - 1}) {  // the time, too, is signed
    Bytes changed = Line();
    changed[at] ^= 1;
    CHECK_FAILS(key.Check(text, changed), ErrorCode::kTampered, "does not fit the checkpoint");
  }
  Bytes cut = Line();
  cut.pop_back();
  CHECK_FAILS(key.Check(text, cut), ErrorCode::kTampered, "not of the form");
  CHECK_FAILS(key.Check(text + "more\n", Line()), ErrorCode::kTampered, "extension lines");
  CHECK_FAILS(key.Check("a" + text, Line()), ErrorCode::kTampered, "does not fit the checkpoint");
}

TEST_CASE_METHOD(Vector, "the same key signs the same line each time, and its secret text is read back",
                 "[ml_dsa][vectors]") {
  SKIP_WITHOUT(crypto::HasMlDsa(), "this machine's OpenSSL has no ML-DSA-44");
  const MlDsaSigningKey key = Key();
  CHECK(key.verifier().ToText() == vkey);
  const std::string line = Unwrap(key.Sign(text, time));
  CHECK(Unwrap(key.Sign(text, time)) == line);
  const MlDsaSigningKey again = Unwrap(MlDsaSigningKey::Parse(key.ToSecretText().ExposeSecret()));
  CHECK(Unwrap(again.Sign(text, time)) == line);
  const SignedNote note = Unwrap(SignedNote::Parse(text + "\n" + line));
  CHECK(Unwrap(CheckCosignature(note, CosignerKey(key.verifier()))).seconds == time);
  CHECK_FAILS(key.Sign(text + "more\n", time), ErrorCode::kInvalid, "extension lines");
  CHECK_FAILS(key.Sign("no checkpoint\n", time), ErrorCode::kInvalid, "");
  CHECK_FAILS(Cosign(text, {std::uint64_t{1} << 63}, CosigningKey(Key())), ErrorCode::kInvalid, "past 2^63-1");
}

}  // namespace
}  // namespace exhibit::tlog
