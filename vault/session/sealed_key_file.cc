#include "vault/session/sealed_key_file.h"

#include "vault/base/file.h"
#include "vault/seal/age_file.h"
#include "vault/seal/armor.h"

namespace exhibit {
namespace {

namespace fs = std::filesystem;
constexpr std::uint64_t kMaxKeyFileBytes = 128 * 1024;

Result<Bytes> WithoutArmor(Bytes file) {
  if (!seal::LooksArmored(TextOf(file))) return file;
  return seal::RemoveArmor(TextOf(file));
}

}  // namespace

Result<Bytes> SealKeyText(ByteView text, const KeyFileSeal& seal) {
  EXHIBIT_ASSERT(!seal.readers.empty() || seal.passphrase != nullptr);
  auto file = seal.readers.empty() ? seal::SealSmallFileToPassphrase(text, *seal.passphrase, seal.work)
                                   : seal::SealSmallFile(text, seal.readers);
  if (!file) return file;
  return ToBytes(ViewOf(seal::Armor(*file)));
}

Result<crypto::SecretText> OpenKeyText(const fs::path& path, std::string_view what, seal::Identities identities,
                                       const custody::PassphraseProvider& passphrase) {
  bool is_given = !identities.empty();
  const auto counted = [&](const custody::PassphraseRequest& request) {
    auto given = passphrase(request);
    is_given = is_given || given.has_value();
    return given;
  };
  const auto open = [&]() -> Result<crypto::SecretText> {
    TRY(Bytes file, ReadFile(path, kMaxKeyFileBytes));
    TRY(file, WithoutArmor(std::move(file)));
    TRY(const seal::ParsedHeader parsed, seal::ParseHeader(file));
    if (seal::IsSealedToPassphrase(parsed.header)) return custody::OpenByPassphrase(file, what, counted);
    if (identities.empty()) {
      return Fail(ErrorCode::kDenied, "an identity of one of the vault's readers is needed",
                  "name its file with -i FILE or EXHIBIT_IDENTITY");
    }
    return seal::OpenSmallFile(file, seal::WithIdentities(identities));
  };
  auto opened = open();
  if (opened) return opened;
  Error error = std::move(opened).error();
  if (!error.message.starts_with(what)) error = std::move(error).In(what);
  if (error.code == ErrorCode::kDenied && is_given) error.code = ErrorCode::kWrongKey;
  return Fail(std::move(error));
}

Result<KeyFileLook> LookAtKeyFile(const fs::path& path) {
  TRY(Bytes file, ReadFile(path, kMaxKeyFileBytes));
  const auto digest = custody::DigestOf<custody::KeyFileDigest>(file);
  TRY(const Bytes binary, WithoutArmor(std::move(file)));
  TRY(const seal::ParsedHeader parsed, seal::ParseHeader(binary));
  return KeyFileLook{seal::IsSealedToPassphrase(parsed.header), digest};
}

}  // namespace exhibit
