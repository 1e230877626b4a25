// Goal: keys are read in one spelling only, other kinds are refused by name, secrets are not
// quoted, and a header opens for those it was sealed to and nobody else. Method: keys and headers
// of our own, and stanzas with one fault each, sealed so that the fault is what is found.
#include "vault/seal/recipient.h"

#include "tests/support/catch.h"
#include "tests/support/check.h"
#include "vault/base/bech32.h"
#include "vault/base/format.h"
#include "vault/crypto/random.h"
#include "vault/seal/age_file.h"

namespace exhibit::seal {
namespace {

using testing::Unwrap;

constexpr std::string_view kIdentity = "AGE-SECRET-KEY-1EGTZVFFV20835NWYV6270LXYVK2VKNX2MMDKWYKLMGR48UAWX40Q2P2LM0";
constexpr WorkFactor kCheap{4};  // the cost is not what is tested here

FileKey NewFileKey() { return crypto::RandomSecret<FileKeyTag, 16>(); }

std::string Upper(std::string text) {
  for (char& c : text) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  return text;
}
std::string Lower(std::string text) {
  for (char& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return text;
}

AgeHeader HeaderFor(const FileKey& file_key, const Identity& reader) {
  return Unwrap(ParseHeader(Unwrap(SealHeader(file_key, {Unwrap(RecipientOf(reader))})))).header;
}

TEST_CASE("an identity and its recipient are written as age writes them", "[seal]") {
  const X25519Identity identity = Unwrap(X25519Identity::Parse(kIdentity));
  CHECK(identity.ToSecretText().ExposeSecret() == kIdentity);
  const std::string recipient = identity.recipient().ToText();
  CHECK(recipient.starts_with("age1"));
  CHECK(recipient.size() == 62);
  CHECK(Unwrap(X25519Recipient::Parse(recipient)) == identity.recipient());
}

TEST_CASE("a recipient is lower case, an identity upper case", "[seal]") {
  const X25519Identity identity = Unwrap(X25519Identity::Parse(kIdentity));
  CHECK_FAILS(X25519Recipient::Parse(Upper(identity.recipient().ToText())), ErrorCode::kInvalid,
              "not an age X25519 key");
  CHECK_FAILS(X25519Identity::Parse(Lower(std::string(kIdentity))), ErrorCode::kInvalid, "not an age X25519 key");
}

TEST_CASE("texts that are no keys are refused without a crash", "[seal]") {
  for (const std::string_view text : {"", "age1", "hello", "age1qqqq", "\xff\xfe"}) {
    CAPTURE(text);
    const std::string shown = text.starts_with("age1") ? Format("recipient \"{}\": ", text) : "recipient: ";
    CHECK_FAILS(X25519Recipient::Parse(text), ErrorCode::kInvalid, shown);
    CHECK_FAILS(X25519Identity::Parse(text), ErrorCode::kInvalid, "identity: ");
  }
  const std::string short_key = EncodeBech32("age", Bytes(31, 1));
  CHECK_FAILS(X25519Recipient::Parse(short_key), ErrorCode::kInvalid, "not an age X25519 key");
  const std::string short_identity = Upper(EncodeBech32("age-secret-key-", Bytes(33, 1)));
  CHECK_FAILS(X25519Identity::Parse(short_identity), ErrorCode::kInvalid, "not an age X25519 key");
  CHECK_FAILS(X25519Recipient::Parse(kIdentity), ErrorCode::kInvalid, "this is a secret key");
}

TEST_CASE("keys of other kinds are refused by the name of their kind", "[seal]") {
  const std::string plugin = EncodeBech32("age1yubikey", Bytes(33, 2));
  CHECK_FAILS(X25519Recipient::Parse(plugin), ErrorCode::kUnsupported, "age's kind \"age1yubikey\" is not supported");
  const std::string plugin_identity = Upper(EncodeBech32("age-plugin-yubikey-", Bytes(9, 2)));
  CHECK_FAILS(X25519Identity::Parse(plugin_identity), ErrorCode::kUnsupported,
              "\"age-plugin-yubikey-\" is not supported");
  CHECK_FAILS(ParseRecipient(plugin), ErrorCode::kUnsupported, "\"age1yubikey\"");
  CHECK_FAILS(ParseRecipient(EncodeBech32("age1tag", Bytes(33, 2))), ErrorCode::kUnsupported, "\"age1tag\"");
  CHECK_FAILS(ParseRecipient(EncodeBech32("age1tagpq", Bytes(33, 2))), ErrorCode::kUnsupported, "\"age1tagpq\"");
  CHECK_FAILS(ParseIdentity(plugin_identity), ErrorCode::kUnsupported, "\"age-plugin-yubikey-\"");
}

TEST_CASE("a recipient of low order is refused", "[seal]") {
  CHECK_FAILS(X25519Recipient::Parse(EncodeBech32("age", Bytes(32, 0))), ErrorCode::kInvalid, "a key of low order");
}

TEST_CASE("errors about identities never quote them", "[seal]") {
  std::string damaged(kIdentity);
  damaged[40] = damaged[40] == 'Q' ? 'P' : 'Q';
  const auto result = X25519Identity::Parse(damaged);
  REQUIRE_FALSE(result);
  CHECK(result.error().message.find("EGTZ") == std::string::npos);
  const auto in_file = ParseIdentityFile("# mine\n" + damaged + "\n");
  CHECK_FAILS(in_file, ErrorCode::kInvalid, "identity file: line 2: identity: ");
  CHECK(in_file.error().message.find("EGTZ") == std::string::npos);
}

TEST_CASE("a header opens for each of its readers and for nobody else", "[seal]") {
  std::vector<Identity> readers;
  std::vector<Recipient> recipients;
  for (std::size_t i = 0; i < kMaxStanzas; ++i) {
    readers.emplace_back(X25519Identity::Generate());
    recipients.push_back(Unwrap(RecipientOf(readers.back())));
  }
  const FileKey file_key = NewFileKey();
  const AgeHeader header = Unwrap(ParseHeader(Unwrap(SealHeader(file_key, recipients)))).header;
  for (std::size_t i = 0; i < readers.size(); i += 9) {
    CAPTURE(i);
    const FileKey opened = Unwrap(OpenHeader(header, Identities(readers).subspan(i, 1)));
    CHECK(Equal(opened.ExposeSecret(), file_key.ExposeSecret()));
  }
  const Identity stranger = X25519Identity::Generate();
  CHECK_FAILS(OpenHeader(header, Identities(&stranger, 1)), ErrorCode::kDenied, "not sealed to this key");
  CHECK_FAILS(OpenHeader(header, {}), ErrorCode::kDenied, "not sealed to this key");
}

TEST_CASE("sealing twice gives two headers: each has a key share of its own", "[seal]") {
  const X25519Identity reader = X25519Identity::Generate();
  const FileKey file_key = NewFileKey();
  CHECK(Unwrap(SealHeader(file_key, {reader.recipient()})) != Unwrap(SealHeader(file_key, {reader.recipient()})));
}

TEST_CASE("an X25519 stanza that breaks its rules is refused, though another one fits", "[seal]") {
  const Identity reader = X25519Identity::Generate();
  const Identities identities(&reader, 1);
  const FileKey file_key = NewFileKey();
  const Stanza good = HeaderFor(file_key, reader).stanzas[0];
  const auto with = [&](const Stanza& bad) {
    const Bytes header = EncodeHeader({bad, good}, file_key);
    return OpenHeader(Unwrap(ParseHeader(header)).header, identities);
  };
  CHECK(with({{"grease", "x"}, Bytes(7, 1)}));
  CHECK_FAILS(with({{"X25519"}, Bytes(32, 1)}), ErrorCode::kInvalid, "not two arguments");
  CHECK_FAILS(with({{"X25519", good.arguments[1], "x"}, Bytes(32, 1)}), ErrorCode::kInvalid, "not two arguments");
  CHECK_FAILS(with({{"X25519", "AAAA"}, Bytes(32, 1)}), ErrorCode::kInvalid,
              "the share is not 32 bytes of canonical base64");
  CHECK_FAILS(with({{"X25519", good.arguments[1] + "="}, Bytes(32, 1)}), ErrorCode::kInvalid,
              "the share is not 32 bytes of canonical base64");
  CHECK_FAILS(with({good.arguments, Bytes(31, 1)}), ErrorCode::kInvalid, "the body is not 32 bytes");
  CHECK_FAILS(with({good.arguments, Bytes(33, 1)}), ErrorCode::kInvalid, "the body is not 32 bytes");
  CHECK_FAILS(with({{"X25519", std::string(43, 'A')}, Bytes(32, 1)}), ErrorCode::kInvalid, "point of low order");
}

TEST_CASE("a passphrase opens what it sealed, and no other does", "[seal]") {
  const crypto::SecretText passphrase("correct horse battery staple");
  const FileKey file_key = NewFileKey();
  const AgeHeader header = Unwrap(ParseHeader(Unwrap(SealHeaderToPassphrase(file_key, passphrase, kCheap)))).header;
  CHECK(IsSealedToPassphrase(header));
  CHECK(header.stanzas[0].arguments[2] == "4");
  CHECK(Equal(Unwrap(OpenHeaderWithPassphrase(header, passphrase)).ExposeSecret(), file_key.ExposeSecret()));
  CHECK_FAILS(OpenHeaderWithPassphrase(header, crypto::SecretText("wrong")), ErrorCode::kDenied,
              "the passphrase is wrong");
  CHECK_FAILS(OpenHeaderWithPassphrase(header, crypto::SecretText()), ErrorCode::kDenied, "the passphrase is wrong");
  const Identity reader = X25519Identity::Generate();
  CHECK_FAILS(OpenHeader(header, Identities(&reader, 1)), ErrorCode::kDenied, "not sealed to this key");
  CHECK_FAILS(OpenHeaderWithPassphrase(HeaderFor(file_key, reader), passphrase), ErrorCode::kDenied,
              "not sealed to this key");
}

TEST_CASE("an scrypt stanza that breaks its rules is refused before any work", "[seal]") {
  const crypto::SecretText passphrase("password");
  const FileKey file_key = NewFileKey();
  const AgeHeader header = Unwrap(ParseHeader(Unwrap(SealHeaderToPassphrase(file_key, passphrase, kCheap)))).header;
  const Stanza good = header.stanzas[0];
  const auto open = [&](const std::vector<Stanza>& stanzas) {
    return OpenHeaderWithPassphrase(Unwrap(ParseHeader(EncodeHeader(stanzas, file_key))).header, passphrase);
  };
  const auto with_factor = [&](std::string_view factor) {
    return open({{{"scrypt", good.arguments[1], std::string(factor)}, good.body}});
  };
  REQUIRE_OK(open({good}));
  for (const std::string_view factor : {"0", "04", "+4", "-4", "0x4", "4x", "x4", "4.0"}) {
    CAPTURE(factor);
    CHECK_FAILS(with_factor(factor), ErrorCode::kInvalid, "the work factor is not a number");
  }
  CHECK_FAILS(with_factor("23"), ErrorCode::kInvalid, "a work factor of 23 is above the limit of 22");
  CHECK_FAILS(with_factor("18446744073709551615"), ErrorCode::kInvalid, "above the limit");
  CHECK_FAILS(open({{{"scrypt", good.arguments[1]}, good.body}}), ErrorCode::kInvalid, "not three arguments");
  CHECK_FAILS(open({{{"scrypt", "AAAA", "4"}, good.body}}), ErrorCode::kInvalid, "the salt is not 16 bytes");
  CHECK_FAILS(open({{good.arguments, Bytes(33, 1)}}), ErrorCode::kInvalid, "the body is not 32 bytes");
  CHECK_FAILS(open({good, good}), ErrorCode::kInvalid, "an scrypt stanza is not alone");
  CHECK_FAILS(open({good, {{"grease"}, {}}}), ErrorCode::kInvalid, "an scrypt stanza is not alone");
}

TEST_CASE("a header of unknown kinds only is unsupported, and names them printably", "[seal]") {
  const Identity reader = X25519Identity::Generate();
  const Bytes encoded = EncodeHeader({{{"p256tag", "x"}, {}}, {{"piv-p256"}, {}}}, NewFileKey());
  const AgeHeader header = Unwrap(ParseHeader(encoded)).header;
  CHECK_FAILS(OpenHeader(header, Identities(&reader, 1)), ErrorCode::kUnsupported, "p256tag, piv-p256");
  CHECK_FAILS(OpenHeaderWithPassphrase(header, crypto::SecretText("x")), ErrorCode::kUnsupported, "p256tag, piv-p256");
}

TEST_CASE("files of keys have one key a line, comments and empty lines", "[seal]") {
  const X25519Identity other = X25519Identity::Generate();
  const std::string text =
      "# created: today\r\n\n" + std::string(kIdentity) + "\r\n" + std::string(other.ToSecretText().ExposeSecret());
  const auto identities = Unwrap(ParseIdentityFile(text));
  REQUIRE(identities.size() == 2);
  CHECK(Unwrap(RecipientOf(identities[1])) == Recipient(other.recipient()));
  CHECK(Unwrap(ParseRecipientFile(other.recipient().ToText() + "\n")).size() == 1);
  CHECK_FAILS(ParseIdentityFile("# nothing\n\n"), ErrorCode::kInvalid, "holds no identity");
  CHECK_FAILS(ParseRecipientFile(""), ErrorCode::kInvalid, "holds no recipient");
  CHECK_FAILS(ParseRecipientFile("\n# x\nage1zzz\n"), ErrorCode::kInvalid, "recipient file: line 3: ");
  CHECK_FAILS(ParseRecipientFile(" " + other.recipient().ToText()), ErrorCode::kInvalid, "line 1: ");
  CHECK_FAILS(ParseIdentityFile(std::string((1 << 20) + 1, '\n')), ErrorCode::kInvalid,
              "identity file is longer than 1 MiB");
}

}  // namespace
}  // namespace exhibit::seal
