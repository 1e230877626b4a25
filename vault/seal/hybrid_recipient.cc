#include "vault/seal/hybrid_recipient.h"

#include <algorithm>
#include <array>
#include <utility>

#include "vault/base/bech32.h"
#include "vault/base/encoding.h"
#include "vault/base/text.h"
#include "vault/crypto/aead.h"
#include "vault/crypto/given_secrets.h"
#include "vault/crypto/kdf.h"
#include "vault/crypto/random.h"
#include "vault/seal/key_text.h"
#include "vault/seal/stanza_rules.h"

namespace exhibit::seal {
namespace {

constexpr std::string_view kRecipientPrefix = "age1pq";
constexpr std::string_view kIdentityPrefix = "age-secret-key-pq-";
constexpr std::string_view kStanza = "mlkem768x25519";
constexpr std::string_view kInfo = "age-encryption.org/mlkem768x25519";
constexpr std::string_view kXWingLabel = "\\.//^\\";
// "HPKE", KEM 0x647a, KDF 1 (HKDF-SHA256), AEAD 3 (ChaCha20-Poly1305).
constexpr std::string_view kSuite("HPKE\x64\x7a\x00\x01\x00\x03", 10);
constexpr std::string_view kHpkeVersion = "HPKE-v1";

struct Sealing {
  crypto::DerivedKey key;
  crypto::AeadNonce nonce;
};

// LabeledExtract (RFC 9180, section 4). A salt that is empty is 32 zeros.
crypto::DerivedKey Extract(const crypto::DerivedKey& salt, std::string_view label, ByteView input) {
  const crypto::Mac mac = crypto::HmacSha256(salt, {ViewOf(kHpkeVersion), ViewOf(kSuite), ViewOf(label), input});
  crypto::DerivedKey key;
  std::ranges::copy(mac.view(), key.ExposeSecretForWriting().begin());
  return key;
}

// LabeledExpand, for at most one block of output.
crypto::DerivedKey Expand(const crypto::DerivedKey& secret, std::string_view label, ByteView context,
                          std::uint8_t length) {
  const std::array<std::uint8_t, 2> size = {0, length};
  const std::array<std::uint8_t, 1> counter = {1};
  const crypto::Mac mac =
      crypto::HmacSha256(secret, {size, ViewOf(kHpkeVersion), ViewOf(kSuite), ViewOf(label), context, counter});
  crypto::DerivedKey key;
  std::ranges::copy(mac.view(), key.ExposeSecretForWriting().begin());
  return key;
}

// The key schedule of HPKE's base mode.
Sealing ScheduleOf(const crypto::DerivedKey& shared) {
  const crypto::DerivedKey none;
  Bytes context = {0};
  Append(context, Extract(none, "psk_id_hash", {}).ExposeSecret());
  Append(context, Extract(none, "info_hash", ViewOf(kInfo)).ExposeSecret());
  const crypto::DerivedKey secret = Extract(shared, "secret", {});
  const crypto::DerivedKey nonce = Expand(secret, "base_nonce", context, crypto::AeadNonce::kSize);
  return {Expand(secret, "key", context, crypto::DerivedKey::kSize),
          *crypto::AeadNonce::From(ByteView(nonce.ExposeSecret()).first(crypto::AeadNonce::kSize))};
}

crypto::DerivedKey Combine(const crypto::MlKemShared& post_quantum, const crypto::X25519Shared& classical,
                           const crypto::X25519Public& share, const crypto::X25519Public& recipient) {
  crypto::DerivedKey shared;
  crypto::Sha3Of(
      {post_quantum.ExposeSecret(), classical.ExposeSecret(), share.view(), recipient.view(), ViewOf(kXWingLabel)},
      shared.ExposeSecretForWriting());
  return shared;
}

Failure Refuse(std::string_view text, std::string_view why) {
  return Fail(ErrorCode::kInvalid, "recipient \"" + Printable(text.substr(0, 40)) + "…\": " + std::string(why),
              "a post-quantum recipient begins with age1pq1 and has 1,959 characters");
}

}  // namespace

Result<HybridRecipient> HybridRecipient::Parse(std::string_view text) {
  const auto decoded = DecodeBech32(text);
  if (!decoded) return Refuse(text, decoded.error().message);
  constexpr std::size_t kBytes = crypto::MlKemPublic::kSize + crypto::X25519Public::kSize;
  if (decoded->prefix != kRecipientPrefix || decoded->data.size() != kBytes || text.front() != 'a') {
    return Refuse(text, "not an mlkem768x25519 key");
  }
  const ByteView data = decoded->data;
  const auto post_quantum = *crypto::MlKemPublic::From(data.first(crypto::MlKemPublic::kSize));
  const auto classical = *crypto::X25519Public::From(data.last(crypto::X25519Public::kSize));
  if (!crypto::IsMlKemPublic(post_quantum)) return Refuse(text, "its ML-KEM half is no key");
  if (!crypto::X25519Agree(crypto::NewX25519Secret(), classical))
    return Refuse(text, "its X25519 half is of low order");
  return HybridRecipient(post_quantum, classical);
}

std::string HybridRecipient::ToText() const {
  Bytes data = ToBytes(post_quantum_.view());
  Append(data, classical_.view());
  return EncodeBech32(kRecipientPrefix, data);
}

Result<Stanza> HybridRecipient::Seal(const FileKey& file_key) const {
  TRY(const crypto::MlKemEncapsulated made, crypto::MlKemEncapsulate(post_quantum_));
  const crypto::X25519Secret ephemeral = crypto::NewX25519Secret();
  const crypto::X25519Public share = crypto::PublicHalf(ephemeral);
  TRY(const crypto::X25519Shared agreed, crypto::X25519Agree(ephemeral, classical_));
  const Sealing sealing = ScheduleOf(Combine(made.shared, agreed, share, classical_));
  Bytes encapsulated = ToBytes(made.ciphertext.view());
  Append(encapsulated, share.view());
  Bytes body(FileKey::kSize + crypto::kAeadTagSize);
  crypto::Aead(sealing.key).Seal(sealing.nonce, file_key.ExposeSecret(), body);
  return Stanza{{std::string(kStanza), ToBase64(encapsulated, Base64::kUnpadded)}, std::move(body)};
}

HybridIdentity::HybridIdentity(Seed seed) : seed_(std::move(seed)) {
  Bytes both(crypto::MlKemSeed::kSize + crypto::X25519Secret::kSize);
  crypto::Shake256(seed_.ExposeSecret(), both);
  std::copy_n(both.begin(), crypto::MlKemSeed::kSize, post_quantum_.ExposeSecretForWriting().begin());
  std::copy_n(both.begin() + crypto::MlKemSeed::kSize, crypto::X25519Secret::kSize,
              classical_.ExposeSecretForWriting().begin());
  crypto::Wipe(both);
}

Result<HybridIdentity> HybridIdentity::Generate() {
  if (!crypto::HasMlKem()) return crypto::NoMlKem();
  return HybridIdentity(crypto::RandomSecret<SeedTag, 32>());
}

Result<HybridIdentity> HybridIdentity::Parse(std::string_view text) {
  auto decoded = DecodeBech32(text);
  if (!decoded) return Fail(ErrorCode::kInvalid, "identity: " + decoded.error().message);
  const bool fits = decoded->data.size() == Seed::kSize && decoded->prefix == kIdentityPrefix && text.front() == 'A';
  Seed seed;
  if (fits) std::ranges::copy(decoded->data, seed.ExposeSecretForWriting().begin());
  crypto::Wipe(decoded->data);
  if (!fits) {
    return Fail(ErrorCode::kInvalid, "identity: not an mlkem768x25519 key", "it begins with AGE-SECRET-KEY-PQ-1");
  }
  crypto::RememberGiven(text.substr(text.rfind('1') + 1));
  return HybridIdentity(std::move(seed));
}

crypto::SecretText HybridIdentity::ToSecretText() const { return IdentityText(kIdentityPrefix, seed_.ExposeSecret()); }

Result<HybridRecipient> HybridIdentity::recipient() const {
  TRY(const crypto::MlKemPublic post_quantum, crypto::MlKemPublicHalf(post_quantum_));
  return HybridRecipient(post_quantum, crypto::PublicHalf(classical_));
}

Result<std::optional<FileKey>> HybridIdentity::Open(const Stanza& stanza) const {
  TRY_VOID(CheckStanza(stanza));
  if (!crypto::HasMlKem()) return std::optional<FileKey>();
  const Bytes encapsulated = StanzaArgument(stanza, 1);
  const ByteView parts = encapsulated;
  const auto share = *crypto::X25519Public::From(parts.last(crypto::X25519Public::kSize));
  TRY(const crypto::X25519Shared agreed, crypto::X25519Agree(classical_, share));
  const auto ciphertext = *crypto::MlKemCiphertext::From(parts.first(crypto::MlKemCiphertext::kSize));
  TRY(const crypto::MlKemShared shared, crypto::MlKemDecapsulate(post_quantum_, ciphertext));
  const Sealing sealing = ScheduleOf(Combine(shared, agreed, share, crypto::PublicHalf(classical_)));
  FileKey file_key;
  if (!crypto::Aead(sealing.key).Open(sealing.nonce, stanza.body, file_key.ExposeSecretForWriting())) {
    return std::optional<FileKey>();
  }
  return std::optional(std::move(file_key));
}

}  // namespace exhibit::seal
