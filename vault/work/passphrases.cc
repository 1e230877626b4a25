#include "vault/work/passphrases.h"

#include <optional>
#include <system_error>

#include "vault/base/file.h"
#include "vault/base/text.h"
#include "vault/session/key_files.h"
#include "vault/session/label_key.h"
#include "vault/session/log_secrets.h"
#include "vault/session/opening.h"

namespace exhibit::work {
namespace {

namespace fs = std::filesystem;

// Writes the key to `next`, and opens it again as its owner will.
template <typename Key, typename Load>
Result<void> WriteAnew(const fs::path& next, const Key& key, const NextPassphrase& passphrase, Load load) {
  TRY_VOID(key_files::RemoveLeft(next));
  TRY_VOID(custody::SaveSecretLine(next, key.ToSecretText(), passphrase.next, passphrase.work));
  const auto give = [&](const custody::PassphraseRequest&) -> Result<crypto::SecretText> {
    if (passphrase.next == nullptr) return Fail(ErrorCode::kDenied, "it has no passphrase");
    return passphrase.next->Duplicate();
  };
  TRY(const Key again, load(next, give));
  if (again.verifier() == key.verifier()) return {};
  return Fail(ErrorCode::kTampered, Printable(next.native()) + " is not what was written",
              "the disk or the memory of this machine is failing; the key's file is as it was");
}

}  // namespace

Result<void> ProtectSigningKey(const fs::path& file, const NextPassphrase& passphrase) {
  TRY(const tlog::SigningKey key, custody::LoadKey(file, passphrase.old));
  // Where a link leads to: to replace the link would leave the key under the old passphrase.
  std::error_code error;
  const fs::path real = fs::canonical(file, error);
  if (error) return Fail(SystemError("find", file, error.value()));
  fs::path next = real;
  next += ".next";
  TRY_VOID(WriteAnew(next, key, passphrase, custody::LoadKey));
  return key_files::TakePlaceOf(next, real);
}

Result<void> ProtectLogKeys(const VaultLock& vault, const NextPassphrase& passphrase) {
  const VaultPaths paths(vault.folder);
  TRY_VOID(opening::RequireVault(vault.folder));
  TRY(const FileLock lock, opening::LockVault(paths, vault.patience, vault.interrupted));
  if (!IsAbsent(paths.next_log_key)) {
    return Fail(ErrorCode::kInvalid, "the log's key is being replaced, and that was cut short",
                "any command that adds ends it; then change the passphrase");
  }
  // All are opened before any is written.
  TRY(const tlog::SigningKey log_key, custody::LoadKey(paths.log_key, passphrase.old));
  std::optional<custody::LabelSecret> labels;
  if (!IsAbsent(paths.label_key)) {
    TRY(labels, LoadLabelSecret(paths, passphrase.old));
  }
  std::optional<tlog::MlDsaSigningKey> log_pq_key;
  if (!IsAbsent(paths.log_pq_key)) {
    TRY(log_pq_key, LoadMlDsaKey(paths.log_pq_key, passphrase.old));
  }
  if (log_pq_key) {
    const fs::path next_pq = key_files::UnderWay(paths.next_log_pq_key);
    TRY_VOID(WriteAnew(next_pq, *log_pq_key, passphrase, LoadMlDsaKey));
    TRY_VOID(key_files::PutInPlace(next_pq, paths.log_pq_key));
  }
  const fs::path next = key_files::UnderWay(paths.next_log_key);
  TRY_VOID(WriteAnew(next, log_key, passphrase, custody::LoadKey));
  TRY_VOID(key_files::PutInPlace(next, paths.log_key));
  if (!labels) return {};
  TRY_VOID(key_files::RemoveLeft(paths.next_label_key));
  return ProtectLabelSecret(paths, *labels, passphrase.next, passphrase.work);
}

}  // namespace exhibit::work
