#include "vault/seal/ssh_key.h"

#include <algorithm>
#include <array>

#include "vault/base/encoding.h"
#include "vault/base/text.h"
#include "vault/crypto/given_secrets.h"
#include "vault/crypto/hash.h"
#include "vault/crypto/kdf.h"
#include "vault/seal/ssh_wire.h"
#include "vault/seal/stanza_rules.h"
#include "vault/seal/wrap.h"

namespace exhibit::seal {
namespace {

constexpr std::string_view kType = "ssh-ed25519";
constexpr std::string_view kInfo = "age-encryption.org/v1/ssh-ed25519";
constexpr std::size_t kTagBytes = 4;
constexpr std::string_view kMakeOne = "the receiver makes an ssh-ed25519 key with: ssh-keygen -t ed25519";
constexpr std::array<std::string_view, 5> kOtherTypes = {"ssh-", "ecdsa-sha2-", "sk-ssh-", "sk-ecdsa-", "webauthn-sk-"};

bool NamesType(std::string_view word) {
  return std::ranges::any_of(kOtherTypes, [&](std::string_view type) { return word.starts_with(type); });
}

// Where a kind of key is named after options: at its beginning.
std::optional<std::size_t> TypeAfterOptions(std::string_view line) {
  for (std::size_t space = line.find(' '); space != std::string_view::npos; space = line.find(' ', space + 1)) {
    if (NamesType(line.substr(space + 1))) return space + 1;
  }
  return std::nullopt;
}

std::string FirstWord(std::string_view text) { return Printable(text.substr(0, text.find(' ')).substr(0, 64)); }

Failure Refuse(std::string_view why) { return Fail(ErrorCode::kInvalid, "SSH key: " + std::string(why)); }
Failure RefuseSecret(std::string_view why) { return Fail(ErrorCode::kInvalid, "SSH secret key: " + std::string(why)); }

crypto::DerivedKey WrapKey(const crypto::X25519Shared& agreed, ByteView wire, const crypto::X25519Public& share,
                           const crypto::X25519Public& key) {
  const auto tweaked = crypto::X25519Tweak(crypto::HkdfSha256({}, wire, kInfo), agreed);
  EXHIBIT_ASSERT(tweaked);
  Bytes salt = ToBytes(share.view());
  Append(salt, key.view());
  return crypto::HkdfSha256(tweaked->ExposeSecret(), salt, kInfo);
}

std::string TagOf(ByteView wire) { return ToBase64(crypto::Sha256(wire).view().first(kTagBytes), Base64::kUnpadded); }

}  // namespace

bool LooksLikeSshKey(std::string_view line) { return NamesType(line) || TypeAfterOptions(line).has_value(); }

Result<SshRecipient> SshRecipient::Parse(std::string_view text) {
  const std::size_t space = text.find(' ');
  const std::string_view type = text.substr(0, space);
  if (!NamesType(type)) {
    const auto after = TypeAfterOptions(text);
    if (!after) return Refuse("it does not begin with ssh-ed25519");
    return Fail(
        ErrorCode::kUnsupported,
        "SSH key with options before \"" + FirstWord(text.substr(*after)) + "\": what they forbid would not be kept to",
        "give the key alone, from ssh-ed25519 on");
  }
  if (type != kType) {
    return Fail(ErrorCode::kUnsupported, "SSH key of kind \"" + FirstWord(type) + "\"", std::string(kMakeOne));
  }
  if (space == std::string_view::npos) return Refuse("it has no key after its kind");
  const std::string_view rest = text.substr(space + 1);
  auto wire = FromBase64(rest.substr(0, rest.find(' ')), Base64::kPadded);
  if (!wire) return Refuse("it is not base64");
  ByteView parts = *wire;
  const auto name = TakeSshString(parts);
  const auto point = TakeSshString(parts);
  if (!name || TextOf(*name) != kType || !point || !parts.empty())
    return Refuse("it is cut off, or has more than it should");
  const auto key = crypto::Ed25519Public::From(*point);
  if (!key) return Refuse("it is no point of the curve, or of low order");
  return Of(*key);
}

Result<SshRecipient> SshRecipient::Of(const crypto::Ed25519Public& key) {
  const auto on_other_curve = crypto::X25519Of(key);
  if (!on_other_curve) return Refuse("it is no point of the curve, or of low order");
  Bytes wire;
  AppendSshString(wire, ViewOf(kType));
  AppendSshString(wire, key.view());
  return SshRecipient(std::move(wire), *on_other_curve);
}

std::string SshRecipient::ToText() const { return std::string(kType) + " " + ToBase64(wire_, Base64::kPadded); }

Stanza SshRecipient::Seal(const FileKey& file_key) const {
  const crypto::X25519Secret ephemeral = crypto::NewX25519Secret();
  const crypto::X25519Public share = crypto::PublicHalf(ephemeral);
  const auto agreed = crypto::X25519Agree(ephemeral, key_);
  EXHIBIT_ASSERT(agreed);  // a key that parses is not of low order
  return {{std::string(kType), TagOf(wire_), ToBase64(share.view(), Base64::kUnpadded)},
          WrapFileKey(WrapKey(*agreed, wire_, share, key_), file_key)};
}

namespace {

constexpr std::string_view kBegin = "-----BEGIN ";
constexpr std::string_view kOpenSshBegin = "-----BEGIN OPENSSH PRIVATE KEY-----";
constexpr std::string_view kOpenSshEnd = "-----END OPENSSH PRIVATE KEY-----";
constexpr std::string_view kSecretMark = "PRIVATE KEY-----";
constexpr std::string_view kOpenSshMagic("openssh-key-v1\0", 15);
constexpr std::size_t kMaxSecretFileBytes = 64 << 10;
constexpr std::size_t kMaxPadding = 255;

std::string_view Trimmed(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n";
  const std::size_t first = std::min(text.find_first_not_of(kSpace), text.size());
  const std::size_t last = text.find_last_not_of(kSpace);
  return last == std::string_view::npos ? std::string_view() : text.substr(first, last + 1 - first);
}

// The bytes between the two lines. The caller wipes them.
Result<Bytes> RemovePem(std::string_view file) {
  if (file.size() > kMaxSecretFileBytes) return RefuseSecret("the file is longer than 64 KiB");
  std::string_view text = Trimmed(file);
  if (!text.starts_with(kOpenSshBegin)) {
    const std::string_view line = text.substr(0, text.find('\n'));
    return Fail(ErrorCode::kUnsupported, "SSH secret key in the form \"" + Printable(line.substr(0, 64)) + "\"",
                std::string(kMakeOne));
  }
  if (!text.ends_with(kOpenSshEnd)) return RefuseSecret("its last line is missing");
  text = text.substr(kOpenSshBegin.size(), text.size() - kOpenSshBegin.size() - kOpenSshEnd.size());
  std::string joined;
  joined.reserve(text.size());
  std::ranges::copy_if(text, std::back_inserter(joined), [](char c) { return c != '\n' && c != '\r'; });
  auto bytes = FromBase64(joined, Base64::kPadded);
  crypto::Wipe({reinterpret_cast<std::uint8_t*>(joined.data()), joined.size()});
  if (!bytes) return RefuseSecret("it is not base64");
  return bytes;
}

// 1, 2, 3, …
bool IsSshPadding(ByteView bytes) {
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (bytes[i] != i + 1) return false;
  }
  return bytes.size() <= kMaxPadding;
}

// The seed, from the part of the file that a passphrase would protect.
Result<crypto::Ed25519Seed> ParseSecretPart(ByteView part, const crypto::Ed25519Public& key) {
  const auto check = TakeSshNumber(part);
  const auto check_again = TakeSshNumber(part);
  if (!check || check != check_again) return RefuseSecret("its two check numbers differ");
  const auto type = TakeSshString(part);
  const auto point = TakeSshString(part);
  const auto secret = TakeSshString(part);
  const auto comment = TakeSshString(part);
  constexpr std::size_t kSecretBytes = crypto::Ed25519Seed::kSize + crypto::Ed25519Public::kSize;
  if (!comment || TextOf(*type) != kType || secret->size() != kSecretBytes || !IsSshPadding(part)) {
    return RefuseSecret("it is cut off, or has more than it should");
  }
  crypto::Ed25519Seed seed;
  std::ranges::copy(secret->first(crypto::Ed25519Seed::kSize), seed.ExposeSecretForWriting().begin());
  const auto pair = crypto::Ed25519Key::FromSeed(seed.Duplicate());
  if (pair.public_key() != key || !Equal(*point, key.view()) ||
      !Equal(secret->last(crypto::Ed25519Public::kSize), key.view())) {
    return RefuseSecret("its secret half is not that of its public half");
  }
  return seed;
}

struct SecretFile {
  crypto::Ed25519Public key;
  crypto::Ed25519Seed seed;
};

Result<SecretFile> ParseSecretFile(ByteView file) {
  if (!TextOf(file).starts_with(kOpenSshMagic)) return RefuseSecret("it does not begin with openssh-key-v1");
  file = file.subspan(kOpenSshMagic.size());
  const auto cipher = TakeSshString(file);
  const auto kdf = TakeSshString(file);
  const auto kdf_options = TakeSshString(file);
  const auto count = TakeSshNumber(file);
  if (!kdf_options || !count) return RefuseSecret("it is cut off");
  if (TextOf(*cipher) != "none" || TextOf(*kdf) != "none") {
    return Fail(ErrorCode::kUnsupported, "SSH secret key under a passphrase",
                "open it with `age -d`, or remove the passphrase of a copy with: ssh-keygen -p -N '' -f COPY");
  }
  if (*count != 1 || !kdf_options->empty()) return RefuseSecret("it is not one key");
  const auto wire = TakeSshString(file);
  const auto secret = TakeSshString(file);
  if (!secret || !file.empty()) return RefuseSecret("it is cut off, or has more than it should");
  ByteView parts = *wire;
  const auto type = TakeSshString(parts);
  if (!type) return RefuseSecret("it is cut off");
  if (TextOf(*type) != kType) {
    return Fail(ErrorCode::kUnsupported, "SSH secret key of kind \"" + Printable(TextOf(*type).substr(0, 64)) + "\"",
                std::string(kMakeOne));
  }
  const auto point = TakeSshString(parts);
  const auto key = point && parts.empty() ? crypto::Ed25519Public::From(*point) : std::nullopt;
  if (!key) return RefuseSecret("its public half is not 32 bytes");
  TRY(crypto::Ed25519Seed seed, ParseSecretPart(*secret, *key));
  return SecretFile{*key, std::move(seed)};
}

}  // namespace

bool LooksLikeSshSecret(std::string_view file) {
  const std::string_view text = Trimmed(file);
  return text.starts_with(kBegin) && text.substr(0, text.find('\n')).find(kSecretMark) != std::string_view::npos;
}

Result<SshIdentity> SshIdentity::Parse(std::string_view file) {
  TRY(Bytes bytes, RemovePem(file));
  auto parsed = ParseSecretFile(bytes);
  crypto::Wipe(bytes);
  if (!parsed) return Fail(std::move(parsed).error());
  TRY(SshRecipient recipient, SshRecipient::Of(parsed->key));
  return SshIdentity(std::move(recipient), crypto::X25519Of(parsed->seed));
}

Result<std::optional<FileKey>> SshIdentity::Open(const Stanza& stanza) const {
  TRY_VOID(CheckStanza(stanza));
  if (stanza.arguments[1] != TagOf(recipient_.wire_)) return std::optional<FileKey>();
  const auto share = *crypto::X25519Public::From(StanzaArgument(stanza, 2));
  TRY(const crypto::X25519Shared agreed, crypto::X25519Agree(secret_, share));
  return UnwrapFileKey(WrapKey(agreed, recipient_.wire_, share, recipient_.key_), stanza.body);
}

}  // namespace exhibit::seal
