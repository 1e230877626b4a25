// Goal: a file that is taken for another is called by what it is, in whichever encoding it came.
#include "vault/custody/key_kind.h"

#include "tests/support/catch.h"
#include "tests/support/check.h"
#include "vault/base/bytes.h"
#include "vault/tlog/note_key.h"

namespace exhibit::custody {
namespace {

TEST_CASE("what people take for a key is called by what it is", "[key_kind]") {
  const auto key = tlog::SigningKey::Generate(testing::Unwrap(tlog::KeyName::Parse("x7.example/q4d2/k1")),
                                              tlog::SignatureType::kEd25519);
  struct Row {
    std::string text;
    std::string_view kind;
  };
  const std::vector<Row> rows = {
      {std::string(key.ToSecretText().ExposeSecret()) + "\n", kSigningKey},
      {key.verifier().ToText() + "\n", kVerifierKey},
      {"# made today\nAGE-SECRET-KEY-1QQQ\n", kAgeIdentity},
      {"\xef\xbb\xbf# made today\r\nAGE-SECRET-KEY-1QQQ  \r\n", kAgeIdentity},
      {std::string("\xff\xfe"
                   "a\0g\0e\0"
                   "1\0q\0\n\0",
                   14),
       kAgeRecipient},
      {"-----BEGIN OPENSSH PRIVATE KEY-----\n", kSshPrivateKey},
      {"exhibit-label-secret+AAAA\n", "a vault's label key"},
      {"{\"v\":1,\"fingerprint\":\"00\"}\n", "the key of a case"},
      {"exhibit-proof@v1\n", "a proof file"},
      {"x7.example/q4d2\n1\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n\n\xe2\x80\x94 x7.example/q4d2 AAAAAAAA\n",
       kSignedCheckpoint},
      {"x7.example/q4d2\r\n1\r\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\r\n\r\n\xe2\x80\x94 x7.example/q4d2 "
       "AAAAAAAA\r\n",
       kSignedCheckpoint},
      {"hello world\n", ""},
      {"", ""},
      {"#\n\n", ""},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    CHECK(KindOfKey(row.text) == row.kind);
  }
}

}  // namespace
}  // namespace exhibit::custody
