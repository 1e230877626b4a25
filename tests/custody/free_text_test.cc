// Goal: no secret is signed as words. Method: texts around a secret that was given, and each field of a statement in turn.
#include "vault/custody/free_text.h"

#include <nlohmann/json.hpp>

#include "tests/custody/example_entries.h"
#include "tests/support/check.h"
#include "vault/crypto/given_secrets.h"
#include "vault/custody/json_fields.h"
#include "vault/custody/key_kind.h"

namespace exhibit::testing {
namespace {

using custody::CheckFreeText;

TEST_CASE("a text is refused for a part of it, in whatever case, and told without being repeated", "[free_text]") {
  crypto::RememberGiven("  correct horse battery  ");
  for (const std::string_view text : {"correct horse battery", "CORRECT Horse battery",
                                      "because: correct horse battery.", "\tcorrect horse battery "}) {
    CAPTURE(text);
    const auto checked = CheckFreeText({"purpose", text});
    CHECK_FAILS(checked, ErrorCode::kInvalid, "the purpose holds a passphrase or a secret key");
    CHECK(checked.error().message.find("horse") == std::string::npos);
  }
  for (const std::string_view text : {"correct horse", "correct  horse battery", "horse", "a review"})
    CHECK(CheckFreeText({"purpose", text}));
}

TEST_CASE("a secret too short to look for in a sentence is refused alone", "[free_text]") {
  crypto::RememberGiven("tiny7");
  CHECK_FAILS(CheckFreeText({"reason", " Tiny7 "}), ErrorCode::kInvalid, "the reason holds");
  CHECK(CheckFreeText({"reason", "a tiny7 thing"}));
  crypto::RememberGiven("");
  crypto::RememberGiven("  ");
  CHECK(CheckFreeText({"reason", "words"}));
}

TEST_CASE("a key is refused, whosever it is", "[free_text]") {
  for (const std::string_view text :
       {"AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX", "see age-secret-key-1x",
        "PRIVATE+KEY+bob+1a2b3c4d+x", "-----BEGIN OPENSSH PRIVATE KEY-----"}) {
    CHECK_FAILS(CheckFreeText({"note", text}), ErrorCode::kInvalid, "the note holds");
  }
  // A key that was parsed: its secret part alone is enough.
  const crypto::SecretText text = Alice().ToSecretText();
  REQUIRE_OK(tlog::SigningKey::Parse(text.ExposeSecret()));
  const std::string_view secret = text.ExposeSecret().substr(text.ExposeSecret().rfind('+') + 1);
  CHECK_FAILS(CheckFreeText({"note", secret}), ErrorCode::kInvalid, "the note holds");
  CHECK(CheckFreeText({"note", Alice().verifier().ToText()}));
}

TEST_CASE("what nobody can see is blank", "[free_text]") {
  for (const std::string_view text : {" ", "\t \n", "\u00a0\u3000", "\u200b", "\u202e\u2066", "\u3164"}) {
    CHECK_FAILS(CheckFreeText({"purpose", text}), ErrorCode::kInvalid, "is blank");
  }
  CHECK(CheckFreeText({"purpose", " x "}));
  CHECK(CheckFreeText({"purpose", ""}));  // for the form of the entry to refuse
}

TEST_CASE("a statement is not signed over a secret in any of its fields", "[free_text]") {
  crypto::RememberGiven("zebra crossing 17");
  const custody::Statement good{Unwrap(tlog::Origin::Parse("vault.example/case-1")),
                                Unwrap(custody::ItemSet::Of({{1}})),
                                {},
                                custody::ActorOf(Alice().verifier()),
                                "bob+1a2b3c4d",
                                {},
                                "analysis",
                                "a court",
                                "sealed",
                                "here",
                                "by hand"};
  REQUIRE_OK(custody::SignedStatement::Sign(good, Alice()));
  const nlohmann::ordered_json json = nlohmann::ordered_json::parse(custody::EncodeStatementText(good));
  int fields_that_could = 0;
  for (const auto& [name, value] : json.items()) {
    if (!value.is_string() || name.ends_with("_by")) continue;
    nlohmann::ordered_json changed = json;
    changed[name] = "zebra crossing 17";
    const auto statement = custody::DecodeStatementText(changed.dump() + "\n");
    if (!statement) continue;
    CAPTURE(name);
    ++fields_that_could;
    CHECK_FAILS(custody::SignedStatement::Sign(*statement, Alice()), ErrorCode::kInvalid, "the " + name + " holds");
  }
  CHECK(fields_that_could == 5);
}

TEST_CASE("a file that holds another kind of key is called by its kind", "[key_kind]") {
  using custody::KindOfKey;
  const std::string secret(Alice().ToSecretText().ExposeSecret());
  CHECK(KindOfKey(secret) == "a signing key");
  CHECK(KindOfKey("# a comment\r\n\r\n" + secret + "\r\n") == "a signing key");
  CHECK(KindOfKey(Alice().verifier().ToText() + "\n") == "a verifier key, the public half of a signing key");
  CHECK(KindOfKey("AGE-SECRET-KEY-1X") == custody::kAgeIdentity);
  CHECK(KindOfKey("age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p") == custody::kAgeRecipient);
  CHECK(KindOfKey("ssh-ed25519 AAAA bob") == "an SSH public key");
  CHECK(KindOfKey("-----BEGIN OPENSSH PRIVATE KEY-----\nx") == "an SSH private key");
  CHECK(KindOfKey("-----BEGIN RSA PRIVATE KEY-----\nx") == "a key or certificate in PEM");
  for (const std::string_view text : {"", "\n\n", "# a comment", "this is not a key", "a+b+c"})
    CHECK(KindOfKey(text).empty());
}

}  // namespace
}  // namespace exhibit::testing
