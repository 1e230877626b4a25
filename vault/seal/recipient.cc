#include "vault/seal/recipient.h"

#include <algorithm>
#include <array>
#include <functional>
#include <optional>

#include "vault/base/bech32.h"
#include "vault/base/encoding.h"
#include "vault/base/format.h"
#include "vault/base/text.h"
#include "vault/crypto/given_secrets.h"
#include "vault/crypto/random.h"
#include "vault/seal/wrap.h"

namespace exhibit::seal {
namespace {

constexpr std::string_view kRecipientPrefix = "age";
constexpr std::string_view kIdentityPrefix = "age-secret-key-";
constexpr std::string_view kX25519 = "X25519";
constexpr std::string_view kX25519Info = "age-encryption.org/v1/X25519";
constexpr std::string_view kScrypt = "scrypt";
constexpr std::string_view kScryptSaltLabel = "age-encryption.org/v1/scrypt";
constexpr std::size_t kScryptSaltBytes = 16;

crypto::DerivedKey X25519WrapKey(const crypto::X25519Shared& shared, const crypto::X25519Public& share,
                                 const crypto::X25519Public& recipient) {
  Bytes salt = ToBytes(share.view());
  Append(salt, recipient.view());
  return crypto::HkdfSha256(shared.ExposeSecret(), salt, kX25519Info);
}

Stanza SealTo(const X25519Recipient& recipient, const FileKey& file_key) {
  const crypto::X25519Secret ephemeral = crypto::NewX25519Secret();
  const crypto::X25519Public share = crypto::PublicHalf(ephemeral);
  const auto shared = crypto::X25519Agree(ephemeral, recipient.key());
  EXHIBIT_ASSERT(shared);  // a recipient that parses is not of low order
  return {{std::string(kX25519), ToBase64(share.view(), Base64::kUnpadded)},
          WrapFileKey(X25519WrapKey(*shared, share, recipient.key()), file_key)};
}

// The ephemeral share of an X25519 stanza whose form has been checked.
Result<crypto::X25519Public> ShareOf(const Stanza& stanza) {
  if (stanza.arguments.size() != 2) return Fail(ErrorCode::kInvalid, "X25519 stanza: not two arguments");
  const auto bytes = FromBase64(stanza.arguments[1], Base64::kUnpadded);
  const auto share = bytes ? crypto::X25519Public::From(*bytes) : std::nullopt;
  if (!share) return Fail(ErrorCode::kInvalid, "X25519 stanza: the share is not 32 bytes of canonical base64");
  // Checked before decrypting, against partitioning oracles.
  if (stanza.body.size() != kWrappedBytes) return Fail(ErrorCode::kInvalid, "X25519 stanza: the body is not 32 bytes");
  return *share;
}

Result<std::optional<FileKey>> TryX25519(const Stanza& stanza, const X25519Identity& identity) {
  TRY(const crypto::X25519Public share, ShareOf(stanza));
  TRY(const crypto::X25519Shared shared, crypto::X25519Agree(identity.secret(), share));
  return UnwrapFileKey(X25519WrapKey(shared, share, identity.recipient().key()), stanza.body);
}

Bytes ScryptSalt(ByteView salt) {
  Bytes labelled = ToBytes(ViewOf(kScryptSaltLabel));
  Append(labelled, salt);
  return labelled;
}

struct ScryptStanza {
  Bytes salt;
  WorkFactor work;
};

Result<ScryptStanza> ParseScryptStanza(const Stanza& stanza) {
  if (stanza.arguments.size() != 3) return Fail(ErrorCode::kInvalid, "scrypt stanza: not three arguments");
  auto salt = FromBase64(stanza.arguments[1], Base64::kUnpadded);
  if (!salt || salt->size() != kScryptSaltBytes) {
    return Fail(ErrorCode::kInvalid, "scrypt stanza: the salt is not 16 bytes of canonical base64");
  }
  const auto log2_n = FromDecimal(stanza.arguments[2]);
  if (!log2_n || *log2_n == 0) return Fail(ErrorCode::kInvalid, "scrypt stanza: the work factor is not a number");
  if (*log2_n > static_cast<std::uint64_t>(kMaxWorkFactor.log2_n)) {
    return Fail(ErrorCode::kInvalid,
                Format("scrypt stanza: a work factor of {} is above the limit of {}", *log2_n, kMaxWorkFactor.log2_n));
  }
  if (stanza.body.size() != kWrappedBytes) return Fail(ErrorCode::kInvalid, "scrypt stanza: the body is not 32 bytes");
  return ScryptStanza{std::move(*salt), {static_cast<int>(*log2_n)}};
}

// An scrypt stanza must be the only one: a person who opens a file by passphrase may rely on it that nobody
// without the passphrase sealed it.
Result<void> CheckScryptAlone(const AgeHeader& header) {
  if (header.stanzas.size() > 1 &&
      std::ranges::any_of(header.stanzas, [](const Stanza& stanza) { return stanza.arguments.front() == kScrypt; })) {
    return Fail(ErrorCode::kInvalid, "age header: an scrypt stanza is not alone");
  }
  return {};
}

Failure NoMatch(const AgeHeader& header) {
  std::string unknown;
  for (const Stanza& stanza : header.stanzas) {
    const std::string& type = stanza.arguments.front();
    if (type == kX25519 || type == kScrypt) {
      return Fail(ErrorCode::kDenied, "age header: not sealed to this key",
                  "use the identity of one of the readers that it was sealed to");
    }
    unknown += (unknown.empty() ? "" : ", ") + Printable(type.substr(0, 64));
  }
  return Fail(ErrorCode::kUnsupported,
              "age header: sealed only to recipients of a kind that is not supported: " + unknown);
}

Failure RefuseKind(std::string_view what, std::string_view prefix) {
  return Fail(ErrorCode::kUnsupported,
              Format("{}: age's kind \"{}\" is not supported", what, Printable(prefix.substr(0, 64))),
              "exhibit seals to X25519 keys; make one with: exhibit keygen");
}

// Calls `take` for each line that is neither empty nor a comment.
Result<void> ForEachKeyLine(std::string_view text, std::string_view what,
                            const std::function<Result<void>(std::string_view)>& take) {
  constexpr std::size_t kMaxFileBytes = 1 << 20;
  if (text.size() > kMaxFileBytes) return Fail(ErrorCode::kInvalid, std::string(what) + " is longer than 1 MiB");
  int number = 0;
  while (!text.empty()) {
    ++number;
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty() || line.front() == '#') continue;
    auto taken = take(line);
    if (!taken) return Fail(std::move(taken).error().In(Format("{}: line {}", what, number)));
  }
  return {};
}

}  // namespace

Result<X25519Recipient> X25519Recipient::Parse(std::string_view text) {
  if (crypto::HoldsGiven(text)) {
    return Fail(ErrorCode::kInvalid, "recipient: this is a secret key",
                "a recipient is its public half, and begins with age1");
  }
  const auto decoded = DecodeBech32(text);
  if (!decoded) {
    return Fail(ErrorCode::kInvalid,
                Format("recipient \"{}\": {}", Printable(text.substr(0, 80)), decoded.error().message),
                "a recipient begins with age1");
  }
  if (decoded->prefix.starts_with("age1")) return RefuseKind("recipient", decoded->prefix);
  const auto key = crypto::X25519Public::From(decoded->data);
  if (decoded->prefix != kRecipientPrefix || !key || text.front() != 'a') {
    return Fail(ErrorCode::kInvalid, Format("recipient \"{}\": not an age X25519 key", Printable(text.substr(0, 80))),
                "a recipient begins with age1");
  }
  // A key of low order gives every sender the same shared secret: zero.
  const crypto::X25519Secret probe = crypto::NewX25519Secret();
  if (!crypto::X25519Agree(probe, *key)) {
    return Fail(ErrorCode::kInvalid, Format("recipient \"{}\": a key of low order", Printable(text.substr(0, 80))));
  }
  return X25519Recipient(*key);
}

std::string X25519Recipient::ToText() const { return EncodeBech32(kRecipientPrefix, key_.view()); }

X25519Identity::X25519Identity(crypto::X25519Secret secret)
    : secret_(std::move(secret)), recipient_(crypto::PublicHalf(secret_)) {}

X25519Identity X25519Identity::Generate() { return X25519Identity(crypto::NewX25519Secret()); }

Result<X25519Identity> X25519Identity::Parse(std::string_view text) {
  auto decoded = DecodeBech32(text);
  if (!decoded) return Fail(ErrorCode::kInvalid, "identity: " + decoded.error().message);
  const bool fits = decoded->data.size() == crypto::X25519Secret::kSize;
  crypto::X25519Secret secret;
  if (fits) std::ranges::copy(decoded->data, secret.ExposeSecretForWriting().begin());
  crypto::Wipe(decoded->data);
  if (decoded->prefix != kIdentityPrefix &&
      (decoded->prefix.starts_with(kIdentityPrefix) || decoded->prefix.starts_with("age-plugin-"))) {
    return RefuseKind("identity", decoded->prefix);
  }
  if (decoded->prefix != kIdentityPrefix || !fits || text.front() != 'A') {
    return Fail(ErrorCode::kInvalid, "identity: not an age X25519 key", "it begins with AGE-SECRET-KEY-1");
  }
  crypto::RememberGiven(text.substr(text.rfind('1') + 1));
  return X25519Identity(std::move(secret));
}

crypto::SecretText X25519Identity::ToSecretText() const {
  std::string text = EncodeBech32(kIdentityPrefix, secret_.ExposeSecret());
  std::ranges::transform(text, text.begin(),
                         [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
  crypto::SecretText secret(text);
  crypto::Wipe({reinterpret_cast<std::uint8_t*>(text.data()), text.size()});
  return secret;
}

Result<Recipient> ParseRecipient(std::string_view text) {
  if (text.starts_with("ssh-")) {
    TRY(SshRecipient recipient, SshRecipient::Parse(text));
    return Recipient(std::move(recipient));
  }
  TRY(const X25519Recipient recipient, X25519Recipient::Parse(text));
  return Recipient(recipient);
}

std::string RecipientText(const Recipient& recipient) {
  return std::visit([](const auto& one) { return one.ToText(); }, recipient);
}

Bytes SealHeader(const FileKey& file_key, std::span<const X25519Recipient> recipients) {
  return SealHeader(file_key, std::vector<Recipient>(recipients.begin(), recipients.end()));
}

Bytes SealHeader(const FileKey& file_key, const std::vector<Recipient>& recipients) {
  EXHIBIT_ASSERT(!recipients.empty() && recipients.size() <= kMaxStanzas);
  std::vector<Stanza> stanzas;
  for (const Recipient& recipient : recipients) {
    const auto* const ssh = std::get_if<SshRecipient>(&recipient);
    stanzas.push_back(ssh != nullptr ? ssh->Seal(file_key) : SealTo(std::get<X25519Recipient>(recipient), file_key));
  }
  return EncodeHeader(stanzas, file_key);
}

Result<Bytes> SealHeaderToPassphrase(const FileKey& file_key, const crypto::SecretText& passphrase, WorkFactor work) {
  std::array<std::uint8_t, kScryptSaltBytes> salt;
  crypto::FillRandom(salt);
  TRY(const crypto::DerivedKey wrap_key, crypto::Scrypt(passphrase.ExposeSecret(), ScryptSalt(salt), work.log2_n));
  const Stanza stanza{{std::string(kScrypt), ToBase64(salt, Base64::kUnpadded), std::to_string(work.log2_n)},
                      WrapFileKey(wrap_key, file_key)};
  return EncodeHeader({stanza}, file_key);
}

Result<FileKey> OpenHeader(const AgeHeader& header, Identities identities) {
  TRY_VOID(CheckScryptAlone(header));
  for (const Stanza& stanza : header.stanzas) {
    if (stanza.arguments.front() != kX25519) continue;
    TRY_VOID(ShareOf(stanza));  // a malformed stanza is refused even where no identity is tried
    for (const X25519Identity& identity : identities) {
      TRY(std::optional<FileKey> file_key, TryX25519(stanza, identity));
      if (!file_key) continue;
      TRY_VOID(CheckHeaderMac(header, *file_key));
      return std::move(*file_key);
    }
  }
  return NoMatch(header);
}

Result<FileKey> OpenHeaderWithPassphrase(const AgeHeader& header, const crypto::SecretText& passphrase) {
  TRY_VOID(CheckScryptAlone(header));
  const Stanza& stanza = header.stanzas.front();
  if (stanza.arguments.front() != kScrypt) return NoMatch(header);
  TRY(const ScryptStanza parsed, ParseScryptStanza(stanza));
  TRY(const crypto::DerivedKey wrap_key,
      crypto::Scrypt(passphrase.ExposeSecret(), ScryptSalt(parsed.salt), parsed.work.log2_n));
  std::optional<FileKey> file_key = UnwrapFileKey(wrap_key, stanza.body);
  if (!file_key) return Fail(ErrorCode::kDenied, "age header: the passphrase is wrong");
  TRY_VOID(CheckHeaderMac(header, *file_key));
  return std::move(*file_key);
}

bool IsSealedToPassphrase(const AgeHeader& header) { return header.stanzas.front().arguments.front() == kScrypt; }

Result<std::vector<X25519Identity>> ParseIdentityFile(std::string_view text) {
  std::vector<X25519Identity> identities;
  TRY_VOID(ForEachKeyLine(text, "identity file", [&](std::string_view line) -> Result<void> {
    TRY(X25519Identity identity, X25519Identity::Parse(line));
    identities.push_back(std::move(identity));
    return {};
  }));
  if (identities.empty()) return Fail(ErrorCode::kInvalid, "identity file: holds no identity");
  return identities;
}

Result<std::vector<Recipient>> ParseRecipientFile(std::string_view text) {
  std::vector<Recipient> recipients;
  TRY_VOID(ForEachKeyLine(text, "recipient file", [&](std::string_view line) -> Result<void> {
    TRY(Recipient recipient, ParseRecipient(line));
    recipients.push_back(std::move(recipient));
    return {};
  }));
  if (recipients.empty()) return Fail(ErrorCode::kInvalid, "recipient file: holds no recipient");
  return recipients;
}

}  // namespace exhibit::seal
