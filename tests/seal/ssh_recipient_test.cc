// Goal: an SSH Ed25519 key is taken as a recipient in its one form, and a stanza to it has the form that age reads
// (that age opens it, the end-to-end tests see). Method: a key of a published seed; each part of its form broken alone.
#include "vault/seal/ssh_recipient.h"

#include <algorithm>

#include "tests/support/check.h"
#include "vault/crypto/ed25519.h"
#include "vault/crypto/hash.h"
#include "vault/crypto/random.h"
#include "vault/seal/recipient.h"

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
  CHECK_FAILS(SshRecipient::Parse("ssh-rsa AAAAB3NzaC1yc2E="), ErrorCode::kUnsupported, "\"ssh-rsa\"");
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
  // We seal to it and do not open with it.
  const Bytes header = SealHeader(file_key, {Recipient(recipient)});
  const X25519Identity other = X25519Identity::Generate();
  CHECK_FAILS(OpenHeader(Unwrap(ParseHeader(header)).header, {&other, 1}), ErrorCode::kUnsupported, "ssh-ed25519");
}

}  // namespace exhibit::seal
