// Goal: hybrid keys are read in their one form by every build, and seal and open where the crypto library has ML-KEM.
// Method: the identity of the public vectors and its published recipient form; each part broken. age_vectors_test.cc has
// the vectors themselves.
#include "vault/seal/hybrid_recipient.h"

#include <algorithm>

#include "tests/support/catch.h"
#include "tests/support/check.h"
#include "tests/support/vectors.h"
#include "vault/base/bech32.h"
#include "vault/crypto/random.h"
#include "vault/seal/recipient.h"

namespace exhibit::seal {
namespace {

using testing::Unwrap;

constexpr std::string_view kIdentity = "AGE-SECRET-KEY-PQ-1HZLGZUPT4ETPKDEV8HSGFDCYZ4E522W0A7PU2LHT8EH9W6YLNC3SW78XKG";

std::string Upper(std::string text) {
  std::ranges::transform(text, text.begin(),
                         [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
  return text;
}

// Any bytes whose ML-KEM half has coefficients that are small enough, and X25519's base point.
Bytes SomeKey() {
  Bytes key(1216, 0);
  key[1184] = 9;
  return key;
}

TEST_CASE("hybrid keys are read and written in their one form by every build", "[seal]") {
  const HybridIdentity identity = Unwrap(HybridIdentity::Parse(kIdentity));
  CHECK(identity.ToSecretText().ExposeSecret() == kIdentity);
  CHECK(std::holds_alternative<HybridIdentity>(Unwrap(ParseIdentity(kIdentity))));
  const std::string text = EncodeBech32("age1pq", SomeKey());
  CHECK(text.size() == 1959);
  const Recipient recipient = Unwrap(ParseRecipient(text));
  CHECK(KindOf(recipient) == StanzaKind::kHybrid);
  CHECK(RecipientText(recipient) == text);
}

TEST_CASE("hybrid keys of another form are refused, and identities never quoted", "[seal]") {
  CHECK_FAILS(HybridRecipient::Parse(Upper(EncodeBech32("age1pq", SomeKey()))), ErrorCode::kInvalid,
              "not an mlkem768x25519 key");
  CHECK_FAILS(HybridRecipient::Parse(EncodeBech32("age1pq", Bytes(1215))), ErrorCode::kInvalid,
              "not an mlkem768x25519 key");
  CHECK_FAILS(HybridRecipient::Parse(EncodeBech32("age", SomeKey())), ErrorCode::kInvalid, "not an mlkem768x25519 key");
  CHECK_FAILS(ParseRecipient("age1pq1qqqq"), ErrorCode::kInvalid, "recipient \"age1pq1qqqq…\": ");
  Bytes low_order = SomeKey();
  low_order[1184] = 0;
  CHECK_FAILS(HybridRecipient::Parse(EncodeBech32("age1pq", low_order)), ErrorCode::kInvalid,
              "its X25519 half is of low order");
  for (const std::size_t at : {std::size_t{0}, std::size_t{1149}}) {
    Bytes large = SomeKey();  // a coefficient of 3,329
    large[at] = 0x01;
    large[at + 1] = 0x0d;
    CHECK_FAILS(HybridRecipient::Parse(EncodeBech32("age1pq", large)), ErrorCode::kInvalid,
                "its ML-KEM half is no key");
  }
  std::string damaged(kIdentity);
  damaged[40] = damaged[40] == 'Q' ? 'P' : 'Q';
  const auto refused = HybridIdentity::Parse(damaged);
  CHECK_FAILS(refused, ErrorCode::kInvalid, "identity: ");
  CHECK(refused.error().message.find("HZLG") == std::string::npos);
  CHECK_FAILS(HybridIdentity::Parse(Upper(EncodeBech32("age-secret-key-pq-", Bytes(31)))), ErrorCode::kInvalid,
              "not an mlkem768x25519 key");
}

TEST_CASE("a build without ML-KEM says what it lacks, by name", "[seal]") {
  if (crypto::HasMlKem()) return;  // then the next test is the one
  CHECK_FAILS(HybridIdentity::Generate(), ErrorCode::kUnsupported, "mlkem768x25519 keys need OpenSSL 3.5 or newer");
  const FileKey file_key = crypto::RandomSecret<FileKeyTag, 16>();
  const Recipient recipient = Unwrap(ParseRecipient(EncodeBech32("age1pq", SomeKey())));
  CHECK_FAILS(SealHeader(file_key, {recipient}), ErrorCode::kUnsupported, "mlkem768x25519 keys need OpenSSL 3.5");
  const Bytes encoded =
      EncodeHeader({{{"mlkem768x25519", ToBase64(Bytes(1120, 1), Base64::kUnpadded)}, Bytes(32)}}, file_key);
  const Identity identity = Unwrap(ParseIdentity(kIdentity));
  const auto opened = OpenHeader(Unwrap(ParseHeader(encoded)).header, {&identity, 1});
  CHECK_FAILS(opened, ErrorCode::kUnsupported, "a kind that is not supported: mlkem768x25519");
  CHECK(opened.error().hint.find("OpenSSL 3.5") != std::string::npos);
  CHECK_FAILS(RecipientOf(identity), ErrorCode::kUnsupported, "mlkem768x25519 keys need OpenSSL 3.5");
}

TEST_CASE("what is sealed to a hybrid key its identity opens, and no other", "[seal][vectors]") {
  SKIP_WITHOUT(crypto::HasMlKem(), "OpenSSL here is older than 3.5 and has no ML-KEM");
  const Identity reader = Unwrap(HybridIdentity::Generate());
  const Recipient recipient = Unwrap(RecipientOf(reader));
  CHECK(Unwrap(ParseRecipient(RecipientText(recipient))) == recipient);
  const FileKey file_key = crypto::RandomSecret<FileKeyTag, 16>();
  const Bytes encoded = Unwrap(SealHeader(file_key, {recipient}));
  CHECK(encoded.size() == 1627);
  const AgeHeader header = Unwrap(ParseHeader(encoded)).header;
  CHECK(CheckVaultHeader(header, StanzaKind::kHybrid));
  CHECK(Equal(Unwrap(OpenHeader(header, {&reader, 1})).ExposeSecret(), file_key.ExposeSecret()));
  const Identity stranger = Unwrap(HybridIdentity::Generate());
  CHECK_FAILS(OpenHeader(header, {&stranger, 1}), ErrorCode::kDenied, "not sealed to this key");
  CHECK_FAILS(SealHeader(file_key, {recipient, X25519Identity::Generate().recipient()}), ErrorCode::kInvalid,
              "beside one of another kind");
}

}  // namespace
}  // namespace exhibit::seal
