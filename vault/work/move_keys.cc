#include "vault/work/move_keys.h"

#include <array>

#include "vault/base/file.h"
#include "vault/base/format.h"
#include "vault/base/text.h"
#include "vault/crypto/secret.h"
#include "vault/session/key_files.h"
#include "vault/session/opening.h"
#include "vault/store/folder_sums.h"

namespace exhibit::work {

namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t kMaxKeyFileBytes = 1 << 20;
constexpr std::string_view kEndFirst = "any command that adds, such as `exhibit note`, ends that; then move the vault";

std::array<fs::path, 3> SecretsOf(const VaultPaths& vault) {
  return {vault.log_key, vault.log_pq_key, vault.label_key};
}

// Files without a passphrase are in memory as they are.
class WipedBytes {
 public:
  explicit WipedBytes(Bytes bytes) : bytes_(std::move(bytes)) {}
  ~WipedBytes() { crypto::Wipe(bytes_); }
  WipedBytes(const WipedBytes&) = delete;
  WipedBytes& operator=(const WipedBytes&) = delete;
  ByteView view() const { return bytes_; }

 private:
  Bytes bytes_;
};

Result<void> Bring(const fs::path& from, const fs::path& to) {
  TRY(Bytes read, ReadFile(from, kMaxKeyFileBytes));
  const WipedBytes secret(std::move(read));
  const store::FolderSums sums(to.parent_path());
  TRY_VOID(CreateFolders(to.parent_path()));
  TRY_VOID(sums.Allow(to.filename().native(), secret.view()));
  TRY_VOID(ReplaceFile(to, secret.view(), 0600));
  TRY(Bytes again, ReadFile(to, kMaxKeyFileBytes));
  const WipedBytes written(std::move(again));
  if (!Equal(written.view(), secret.view())) {
    return Fail(ErrorCode::kTampered, Printable(to.native()) + " is not what was written", std::string(kHintDiskFails));
  }
  return sums.Settle(to.filename().native());
}

}  // namespace

Result<FileLock> LockForMove(const VaultPaths& vault, const store::Engine* engine,
                             const std::atomic<bool>* interrupted) {
  TRY(FileLock lock, opening::LockVault(vault, std::chrono::milliseconds(0), interrupted));
  if (engine != nullptr) TRY_VOID(engine->Open(vault.store));
  return lock;
}

Result<void> CheckMayMove(const VaultPaths& vault, const VaultReader& opened) {
  TRY(const std::uint64_t left, opened.CountUnacknowledged());
  if (left > 0) {
    return Fail(ErrorCode::kInvalid,
                Format("an interrupted command left {} that are not acknowledged", Counted(left, "entry", "entries")),
                std::string(kEndFirst));
  }
  for (const fs::path& next :
       {vault.next_log_key, vault.next_log_pq_key, vault.next_label_key, vault.next_reader_key}) {
    if (!IsAbsent(next)) {
      return Fail(ErrorCode::kInvalid,
                  Format("a replacement of a key was cut short: {} is there", Printable(next.native())),
                  std::string(kEndFirst));
    }
  }
  return {};
}

Result<void> BringKeys(const VaultPaths& vault, const VaultPaths& copy) {
  if (IsAbsent(vault.log_key) && IsAbsent(copy.log_key)) {
    return Fail(ErrorCode::kNotFound, "neither the vault nor the copy has the log's key, keys/log.key",
                "what is copied is a copy itself, and moves nothing; or the file was lost, and a kit has it");
  }
  const auto from = SecretsOf(vault);
  const auto to = SecretsOf(copy);
  for (std::size_t i = 0; i < from.size(); ++i) {
    if (!IsAbsent(from[i])) TRY_VOID(Bring(from[i], to[i]));
  }
  return {};
}

Result<std::uint64_t> EraseKeys(const VaultPaths& vault) {
  std::uint64_t erased = 0;
  for (const fs::path& file : SecretsOf(vault)) {
    if (IsAbsent(file)) continue;
    TRY_VOID(key_files::RemoveLeft(file));
    TRY_VOID(store::FolderSums(vault.keys).Forget(file.filename().native()));
    ++erased;
  }
  return erased;
}

}  // namespace exhibit::work
