#include "vault/session/label_key.h"

#include "vault/base/file.h"
#include "vault/base/text.h"
#include "vault/session/key_files.h"

namespace exhibit {
namespace {

constexpr std::string_view kWhat = "label key";
constexpr std::string_view kPrefix = "exhibit-label-secret+";

}  // namespace

Result<void> SaveLabelSecret(const std::filesystem::path& file, const custody::LabelSecret& secret,
                             const crypto::SecretText* passphrase, seal::WorkFactor work) {
  return custody::SaveSecretLine(file, secret.ToSecretText(), passphrase, work);
}

Result<custody::LabelSecret> LoadLabelSecret(const VaultPaths& paths, const custody::PassphraseProvider& passphrase) {
  TRY(const crypto::SecretText line, custody::LoadSecretLine(paths.label_key, kWhat, kPrefix, passphrase));
  auto secret = custody::LabelSecret::Parse(line.ExposeSecret());
  if (!secret) return Fail(std::move(secret).error().In("label key " + Printable(paths.label_key.native())));
  return secret;
}

Result<void> ProtectLabelSecret(const VaultPaths& paths, const custody::LabelSecret& secret,
                                const crypto::SecretText* passphrase, seal::WorkFactor work) {
  TRY_VOID(SaveLabelSecret(paths.next_label_key, secret, passphrase, work));
  return key_files::PutInPlace(paths.next_label_key, paths.label_key);
}

}  // namespace exhibit
