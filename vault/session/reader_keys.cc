#include "vault/session/reader_keys.h"

#include "vault/base/file.h"
#include "vault/base/text.h"
#include "vault/seal/age_file.h"
#include "vault/seal/armor.h"
#include "vault/session/opening.h"

namespace exhibit {
namespace {

namespace fs = std::filesystem;
constexpr std::uint64_t kMaxKeyFileBytes = 128 * 1024;

// The identities' lines, wiped at the end of their scope.
class IdentityLines {
 public:
  explicit IdentityLines(seal::Identities keys) {
    bytes_.reserve(keys.size() * 128);  // one buffer, so that one wipe is enough
    for (const seal::X25519Identity& key : keys) {
      const crypto::SecretText text = key.ToSecretText();
      Append(bytes_, ViewOf(text.ExposeSecret()));
      bytes_.push_back('\n');
    }
  }
  ~IdentityLines() { crypto::Wipe(bytes_); }
  IdentityLines(const IdentityLines&) = delete;
  IdentityLines& operator=(const IdentityLines&) = delete;
  ByteView view() const { return bytes_; }

 private:
  Bytes bytes_;
};

Result<Bytes> ReadKeyFile(const fs::path& path) {
  TRY(Bytes file, ReadFile(path, kMaxKeyFileBytes));
  if (!seal::LooksArmored(TextOf(file))) return file;
  return seal::RemoveArmor(TextOf(file));
}

}  // namespace

Result<Bytes> SealKeyFile(seal::Identities keys, const KeyFileSeal& seal) {
  EXHIBIT_ASSERT(!keys.empty() && (!seal.readers.empty() || seal.passphrase != nullptr));
  const IdentityLines lines(keys);
  auto file = seal.readers.empty() ? seal::SealSmallFileToPassphrase(lines.view(), *seal.passphrase, seal.work)
                                   : Result<Bytes>(seal::SealSmallFile(lines.view(), seal.readers));
  if (!file) return file;
  return ToBytes(ViewOf(seal::Armor(*file)));
}

Result<VaultKeys> OpenReaderKeys(const fs::path& vault, std::span<const seal::X25519Identity> identities,
                                 const custody::PassphraseProvider& passphrase) {
  TRY_VOID(opening::RequireVault(vault));
  const fs::path path = VaultPaths(vault).reader_key;
  const std::string what = "reader key " + Printable(path.native());
  bool is_given = !identities.empty();
  const auto counted = [&](const custody::PassphraseRequest& request) {
    auto given = passphrase(request);
    is_given = is_given || given.has_value();
    return given;
  };
  const auto open = [&]() -> Result<VaultKeys> {
    TRY(const Bytes file, ReadKeyFile(path));
    TRY(const seal::ParsedHeader parsed, seal::ParseHeader(file));
    crypto::SecretText secret;
    if (seal::IsSealedToPassphrase(parsed.header)) {
      TRY(secret, custody::OpenByPassphrase(file, what, counted));
    } else {
      if (identities.empty()) {
        return Fail(ErrorCode::kDenied, "an identity of one of the vault's readers is needed",
                    "name its file with -i FILE or EXHIBIT_IDENTITY");
      }
      TRY(secret, seal::OpenSmallFile(file, seal::WithIdentities(identities)));
    }
    return seal::ParseIdentityFile(secret.ExposeSecret());
  };
  auto keys = open();
  if (keys) return keys;
  Error error = std::move(keys).error();
  if (!error.message.starts_with(what)) error = std::move(error).In(what);
  if (error.code == ErrorCode::kDenied && is_given) error.code = ErrorCode::kWrongKey;
  return Fail(std::move(error));
}

Result<KeyFileLook> LookAtKeyFile(const fs::path& path) {
  TRY(const Bytes file, ReadFile(path, kMaxKeyFileBytes));
  TRY(const Bytes binary, ReadKeyFile(path));
  TRY(const seal::ParsedHeader parsed, seal::ParseHeader(binary));
  return KeyFileLook{seal::IsSealedToPassphrase(parsed.header), crypto::Sha256(file)};
}

}  // namespace exhibit
