#include "vault/seal/passphrase.h"

#include <algorithm>
#include <array>
#include <optional>

#include "vault/base/encoding.h"
#include "vault/base/format.h"
#include "vault/crypto/random.h"
#include "vault/seal/stanza_rules.h"
#include "vault/seal/wrap.h"

namespace exhibit::seal {
namespace {

constexpr std::string_view kScrypt = "scrypt";
constexpr std::string_view kScryptSaltLabel = "age-encryption.org/v1/scrypt";
constexpr std::size_t kScryptSaltBytes = 16;

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

}  // namespace

// An scrypt stanza must be the only one: a person who opens a file by passphrase may rely on it that nobody
// without the passphrase sealed it.
Result<void> CheckScryptAlone(const AgeHeader& header) {
  if (header.stanzas.size() > 1 &&
      std::ranges::any_of(header.stanzas, [](const Stanza& stanza) { return stanza.arguments.front() == kScrypt; })) {
    return Fail(ErrorCode::kInvalid, "age header: an scrypt stanza is not alone");
  }
  return {};
}

Result<Bytes> SealHeaderToPassphrase(const FileKey& file_key, const crypto::SecretText& passphrase, WorkFactor work) {
  std::array<std::uint8_t, kScryptSaltBytes> salt;
  crypto::FillRandom(salt);
  TRY(const crypto::DerivedKey wrap_key, crypto::Scrypt(passphrase.ExposeSecret(), ScryptSalt(salt), work.log2_n));
  const Stanza stanza{{std::string(kScrypt), ToBase64(salt, Base64::kUnpadded), std::to_string(work.log2_n)},
                      WrapFileKey(wrap_key, file_key)};
  return EncodeHeader({stanza}, file_key);
}

Result<FileKey> OpenHeaderWithPassphrase(const AgeHeader& header, const crypto::SecretText& passphrase) {
  TRY_VOID(CheckScryptAlone(header));
  const Stanza& stanza = header.stanzas.front();
  if (stanza.arguments.front() != kScrypt) return NotSealedToThis(header);
  TRY(const ScryptStanza parsed, ParseScryptStanza(stanza));
  TRY(const crypto::DerivedKey wrap_key,
      crypto::Scrypt(passphrase.ExposeSecret(), ScryptSalt(parsed.salt), parsed.work.log2_n));
  std::optional<FileKey> file_key = UnwrapFileKey(wrap_key, stanza.body);
  if (!file_key)
    return Fail(ErrorCode::kDenied, "the passphrase is wrong",
                "type the one that was chosen when this key was made; large and small letters differ");
  TRY_VOID(CheckHeaderMac(header, *file_key));
  return std::move(*file_key);
}

bool IsSealedToPassphrase(const AgeHeader& header) { return header.stanzas.front().arguments.front() == kScrypt; }

}  // namespace exhibit::seal
