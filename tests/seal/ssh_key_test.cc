// Goal: an SSH Ed25519 key is taken as a recipient in its one form, and a stanza to it has the form that age reads
// (that age opens it, the end-to-end tests see). Method: a key of a published seed; each part of its form broken alone.
#include "vault/seal/ssh_key.h"

#include <algorithm>

#include "tests/support/check.h"
#include "vault/crypto/ed25519.h"
#include "vault/crypto/hash.h"
#include "vault/crypto/random.h"
#include "vault/seal/recipient.h"
#include "vault/seal/ssh_wire.h"

namespace exhibit::seal {
namespace {

using testing::Unwrap;

// RFC 8032, section 7.1, test 1.
constexpr std::string_view kPoint = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";

Bytes Wire(std::string_view kind, ByteView point) {
  Bytes wire = {0, 0, 0, static_cast<std::uint8_t>(kind.size())};
  Append(wire, ViewOf(kind));
  Append(wire, Bytes{0, 0, 0, static_cast<std::uint8_t>(point.size())});
  Append(wire, point);
  return wire;
}
std::string Line(const Bytes& wire) { return "ssh-ed25519 " + ToBase64(wire, Base64::kPadded); }
Bytes GoodWire() { return Wire("ssh-ed25519", Unwrap(FromHex(kPoint))); }

}  // namespace

TEST_CASE("an SSH key comes back to its text, with or without a comment", "[ssh]") {
  const std::string text = Line(GoodWire());
  CHECK(text == "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAINdamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea");
  const SshRecipient recipient = Unwrap(SshRecipient::Parse(text));
  CHECK(recipient.ToText() == text);
  CHECK(Unwrap(SshRecipient::Parse(text + " agent@fbi laptop")) == recipient);
  CHECK(RecipientText(Unwrap(ParseRecipient(text))) == text);
  CHECK(
      std::holds_alternative<X25519Recipient>(Unwrap(ParseRecipient(X25519Identity::Generate().recipient().ToText()))));
}

TEST_CASE("an SSH key of another form is refused", "[ssh]") {
  const Bytes good = GoodWire();
  Bytes cut(good.begin(), good.end() - 1);
  Bytes longer = good;
  longer.push_back(0);
  Bytes huge = good;
  huge[0] = 0xff;
  const std::vector<std::pair<std::string, std::string>> bad = {
      {"ssh-ed25519", "no key after its kind"},
      {"ssh-ed25519 ", "cut off"},
      {"ssh-ed25519 AAAA*", "not base64"},
      {"ssh-ed25519  " + ToBase64(good, Base64::kPadded), "cut off"},
      {Line(cut), "cut off"},
      {Line(longer), "cut off"},
      {Line(huge), "cut off"},
      {Line(Wire("ssh-rsa", Unwrap(FromHex(kPoint)))), "cut off"},
      {Line(Wire("ssh-ed25519", Bytes(31))), "no point"},
      {Line(Wire("ssh-ed25519", Bytes(32))), "no point"},
      {Line(Wire("ssh-ed25519", Unwrap(FromHex("01" + std::string(62, '0'))))), "no point"},
  };
  for (const auto& [text, words] : bad) {
    CAPTURE(text);
    CHECK_FAILS(SshRecipient::Parse(text), ErrorCode::kInvalid, words);
  }
  CHECK_FAILS(ParseRecipient("ssh-\x1b[2J x"), ErrorCode::kUnsupported, "\\x1b");
}

TEST_CASE("a stanza to an SSH key has the form that age reads, and is another each time", "[ssh]") {
  const SshRecipient recipient = Unwrap(SshRecipient::Parse(Line(GoodWire())));
  const auto file_key = crypto::RandomSecret<FileKeyTag, 16>();
  const Stanza stanza = recipient.Seal(file_key);
  REQUIRE(stanza.arguments.size() == 3);
  CHECK(stanza.arguments[0] == "ssh-ed25519");
  CHECK(stanza.arguments[1] == ToBase64(crypto::Sha256(GoodWire()).view().first(4), Base64::kUnpadded));
  CHECK(Unwrap(FromBase64(stanza.arguments[2], Base64::kUnpadded)).size() == 32);
  CHECK(stanza.body.size() == 32);
  const Stanza again = recipient.Seal(file_key);
  CHECK(again.arguments[2] != stanza.arguments[2]);
  CHECK(again.body != stanza.body);
  const Bytes header = Unwrap(SealHeader(file_key, {Recipient(recipient)}));
  const Identity other = X25519Identity::Generate();
  CHECK_FAILS(OpenHeader(Unwrap(ParseHeader(header)).header, {&other, 1}), ErrorCode::kDenied,
              "not sealed to this key");
}

TEST_CASE("keys of other kinds, and keys with options, are refused by name", "[ssh]") {
  const std::string key = Line(GoodWire());
  const std::vector<std::pair<std::string, std::string>> bad = {
      {"ssh-rsa AAAAB3NzaC1yc2E=", "kind \"ssh-rsa\""},
      {"ssh-dss AAAA", "kind \"ssh-dss\""},
      {"ecdsa-sha2-nistp256 AAAA", "kind \"ecdsa-sha2-nistp256\""},
      {"sk-ssh-ed25519@openssh.com AAAA", "kind \"sk-ssh-ed25519@openssh.com\""},
      {"sk-ecdsa-sha2-nistp256@openssh.com AAAA", "kind \"sk-ecdsa-sha2-nistp256@openssh.com\""},
      {"ssh-ed25519-cert-v01@openssh.com AAAA", "kind \"ssh-ed25519-cert-v01@openssh.com\""},
      {"no-pty " + key, "SSH key with options before \"ssh-ed25519\""},
      {"from=\"10.0.0.1\",command=\"ls -l\" " + key, "SSH key with options before \"ssh-ed25519\""},
      {"no-pty ecdsa-sha2-nistp256 AAAA", "options before \"ecdsa-sha2-nistp256\""},
  };
  for (const auto& [text, words] : bad) {
    CAPTURE(text);
    CHECK(LooksLikeSshKey(text));
    CHECK_FAILS(ParseRecipient(text), ErrorCode::kUnsupported, words);
    CHECK_FAILS(ParseRecipientFile("# theirs\n" + text + "\n"), ErrorCode::kUnsupported, "line 2: ");
  }
  CHECK_FALSE(LooksLikeSshKey("age1qqqq"));
}

// OpenSSH's file of a secret key, part by part.
struct SecretFile {
  std::string cipher = "none";
  std::string kdf = "none";
  std::string options = {};
  std::uint8_t count = 1;
  Bytes wire = GoodWire();
  std::uint8_t check_again = 7;
  std::string type = "ssh-ed25519";
  Bytes seed = Unwrap(FromHex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"));
  Bytes padding = {1, 2, 3};
  Bytes after = {};

  std::string Text() const {
    Bytes secret;
    Append(secret, Bytes{0, 0, 0, 7, 0, 0, 0, check_again});
    AppendSshString(secret, ViewOf(type));
    AppendSshString(secret, Unwrap(FromHex(kPoint)));
    Bytes both = seed;
    Append(both, Unwrap(FromHex(kPoint)));
    AppendSshString(secret, both);
    AppendSshString(secret, ViewOf("a comment"));
    Append(secret, padding);
    Bytes file = ToBytes(ViewOf(std::string_view("openssh-key-v1\0", 15)));
    AppendSshString(file, ViewOf(cipher));
    AppendSshString(file, ViewOf(kdf));
    AppendSshString(file, ViewOf(options));
    Append(file, Bytes{0, 0, 0, count});
    AppendSshString(file, wire);
    AppendSshString(file, secret);
    Append(file, after);
    const std::string base64 = ToBase64(file, Base64::kPadded);
    std::string text = "-----BEGIN OPENSSH PRIVATE KEY-----\n";
    for (std::size_t at = 0; at < base64.size(); at += 70) text += base64.substr(at, 70) + "\n";
    return text + "-----END OPENSSH PRIVATE KEY-----\n";
  }
};

TEST_CASE("an SSH secret key opens what is sealed to its public half", "[ssh]") {
  const std::string text = SecretFile().Text();
  REQUIRE(LooksLikeSshSecret(text));
  const SshIdentity identity = Unwrap(SshIdentity::Parse(text));
  const SshRecipient recipient = Unwrap(SshRecipient::Parse(Line(GoodWire())));
  CHECK(identity.recipient() == recipient);
  const auto file_key = crypto::RandomSecret<FileKeyTag, 16>();
  const auto opened = Unwrap(identity.Open(recipient.Seal(file_key)));
  REQUIRE(opened);
  CHECK(Equal(opened->ExposeSecret(), file_key.ExposeSecret()));
  // As one of the receivers of a bundle.
  const X25519Identity other = X25519Identity::Generate();
  const Bytes header = Unwrap(SealHeader(file_key, {Recipient(other.recipient()), Recipient(recipient)}));
  const auto identities = Unwrap(ParseIdentityFile(text));
  CHECK(Equal(Unwrap(OpenHeader(Unwrap(ParseHeader(header)).header, identities)).ExposeSecret(),
              file_key.ExposeSecret()));
  // Another key, whose tag is another.
  const SshRecipient stranger = Unwrap(
      SshRecipient::Of(crypto::Ed25519Key::FromSeed(crypto::RandomSecret<crypto::Ed25519SeedTag, 32>()).public_key()));
  CHECK_FALSE(Unwrap(identity.Open(stranger.Seal(file_key))));
  // Its own tag, and a share that another made.
  Stanza mixed = recipient.Seal(file_key);
  mixed.arguments[2] = stranger.Seal(file_key).arguments[2];
  CHECK_FALSE(Unwrap(identity.Open(mixed)));
}

TEST_CASE("an SSH secret key of another form is refused and never quoted", "[ssh]") {
  const auto refused = [](const SecretFile& file, ErrorCode code, std::string_view words) {
    CHECK_FAILS(SshIdentity::Parse(file.Text()), code, words);
  };
  refused({.cipher = "aes256-ctr", .kdf = "bcrypt"}, ErrorCode::kUnsupported, "SSH secret key under a passphrase");
  refused({.count = 2}, ErrorCode::kInvalid, "it is not one key");
  refused({.options = "x"}, ErrorCode::kInvalid, "it is not one key");
  refused({.wire = Wire("ssh-rsa", Bytes(32))}, ErrorCode::kUnsupported, "SSH secret key of kind \"ssh-rsa\"");
  refused({.wire = Wire("ssh-ed25519", Bytes(31))}, ErrorCode::kInvalid, "its public half is not 32 bytes");
  refused({.check_again = 8}, ErrorCode::kInvalid, "its two check numbers differ");
  refused({.type = "ssh-rsa"}, ErrorCode::kInvalid, "cut off, or has more");
  refused({.seed = Bytes(32, 1)}, ErrorCode::kInvalid, "its secret half is not that of its public half");
  refused({.seed = Bytes(31, 1)}, ErrorCode::kInvalid, "cut off, or has more");
  refused({.padding = {1, 3}}, ErrorCode::kInvalid, "cut off, or has more");
  refused({.after = {0}}, ErrorCode::kInvalid, "cut off, or has more");
  const std::string text = SecretFile().Text();
  for (std::size_t size = 0; size < text.size() - 2; ++size) {
    const auto result = SshIdentity::Parse(text.substr(0, size));
    REQUIRE_FALSE(result);
    CHECK(result.error().message.find("b3BlbnNz") == std::string::npos);
  }
  CHECK_FAILS(SshIdentity::Parse("-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----\n"),
              ErrorCode::kUnsupported, "in the form \"-----BEGIN RSA PRIVATE KEY-----\"");
  CHECK_FAILS(SshIdentity::Parse("-----BEGIN OPENSSH PRIVATE KEY-----\nA*A\n-----END OPENSSH PRIVATE KEY-----"),
              ErrorCode::kInvalid, "it is not base64");
  CHECK_FAILS(ParseRecipient(text), ErrorCode::kInvalid, "this is a secret key");
}

}  // namespace exhibit::seal
