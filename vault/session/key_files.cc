#include "vault/session/key_files.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <vector>

#include "vault/base/encoding.h"
#include "vault/base/file.h"
#include "vault/base/text.h"
#include "vault/session/recovery_key.h"
#include "vault/store/folder_sums.h"

namespace exhibit::key_files {

namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t kMaxKeyFileBytes = 1 << 20;

bool IsThere(const fs::path& path) { return !IsAbsent(path); }

Result<void> AllowNext(const fs::path& file, const fs::path& next) {
  TRY(const Bytes bytes, ReadFile(next, kMaxKeyFileBytes));
  return store::FolderSums(file.parent_path()).Allow(file.filename().native(), bytes);
}

Result<void> EraseFile(const fs::path& path) {
  const FileDescriptor file(::open(path.c_str(), O_WRONLY | O_CLOEXEC | O_NOFOLLOW));
  if (!file) return Fail(SystemError("overwrite", path, errno));
  return OverwriteFile(file, path);
}

Result<void> RemoveKey(const fs::path& path) {
  if (!IsThere(path)) return {};
  TRY_VOID(EraseFile(path));
  if (::unlink(path.c_str()) != 0) return Fail(SystemError("remove", path, errno));
  return SyncFolder(path.parent_path());
}

// Writes a file that nobody may mistake for another one, and reads it back.
Result<void> WriteNext(const fs::path& path, ByteView bytes) {
  TRY_VOID(WriteNewFile(path, bytes, 0600));
  TRY(const Bytes written, ReadFile(path, kMaxKeyFileBytes));
  if (Equal(written, bytes)) return {};
  return Fail(ErrorCode::kTampered, Printable(path.native()) + " is not what was written",
              "the disk or the memory of this machine is failing; nothing was signed");
}

std::string NextRecoveryPrefix(const VaultPaths& paths) { return paths.recovery_key.filename().native() + ".next-"; }

fs::path NextRecoveryKey(const VaultPaths& paths, const tlog::VerifierKey& key) {
  return paths.keys / (NextRecoveryPrefix(paths) + ToHex(key.id().view()));
}

Result<std::vector<fs::path>> FindNextRecoveryKeys(const VaultPaths& paths) {
  std::vector<fs::path> found;
  std::error_code error;
  for (fs::directory_iterator file(paths.keys, error), end; !error && file != end; file.increment(error)) {
    if (file->path().filename().native().starts_with(NextRecoveryPrefix(paths))) found.push_back(file->path());
  }
  if (error) return Fail(SystemError("list", paths.keys, error.value()));
  return found;
}

// Whether the file that is to take the place of reader.age is there, and is the one that the log names.
enum class NextReader : std::uint8_t { kNone, kWanted, kUnwanted };
NextReader LookAtNextReader(const VaultPaths& paths, const custody::Facts& facts) {
  const auto next = ReadFile(paths.next_reader_key, kMaxKeyFileBytes);
  if (!next && next.error().code == ErrorCode::kNotFound) return NextReader::kNone;
  const bool is_wanted = next && custody::DigestOf<custody::KeyFileDigest>(*next) == facts.key_file;
  return is_wanted ? NextReader::kWanted : NextReader::kUnwanted;
}

Result<void> FinishRecoveryKey(const VaultPaths& paths, const tlog::VerifierKey* named, NextReader reader) {
  TRY(const auto ready, FindNextRecoveryKeys(paths));
  for (const fs::path& next : ready) {
    const bool is_wanted =
        named != nullptr && next == NextRecoveryKey(paths, *named) && reader != NextReader::kUnwanted;
    if (is_wanted) {
      TRY_VOID(PutInPlace(next, paths.recovery_key));
    } else {
      TRY_VOID(RemoveKey(next));
    }
  }
  if (named != nullptr || !IsThere(paths.recovery_key)) return {};
  TRY_VOID(RemoveKey(paths.recovery_key));
  return store::FolderSums(paths.keys).Forget(paths.recovery_key.filename().native());
}

}  // namespace

fs::path UnderWay(fs::path path) { return path += ".new"; }

Result<void> NoteDigest(const fs::path& file) {
  TRY_VOID(AllowNext(file, file));
  return store::FolderSums(file.parent_path()).Settle(file.filename().native());
}

Result<void> PutInPlace(const fs::path& next, const fs::path& file) {
  TRY_VOID(AllowNext(file, next));
  TRY_VOID(TakePlaceOf(next, file));
  return NoteDigest(file);
}

Result<void> RemoveLeft(const fs::path& next) { return RemoveKey(next); }

Result<void> TakePlaceOf(const fs::path& next, const fs::path& file) {
  const FileDescriptor old(::open(file.c_str(), O_WRONLY | O_CLOEXEC | O_NOFOLLOW));
  if (::rename(next.c_str(), file.c_str()) != 0) return Fail(SystemError("rename to", file, errno));
  TRY_VOID(SyncFolder(file.parent_path()));
  // Not earlier: until the new name is durable, a power cut brings the old file back, and it must be whole.
  return old ? OverwriteFile(old, file) : Result<void>();
}

namespace {

Result<void> ReplaceLogKey(const fs::path& next, const fs::path& file) {
  if (!IsThere(next)) return {};
  TRY_VOID(AllowNext(file, next));
  // First: the log names the next key already, and a key that was replaced must not come back.
  if (IsThere(file)) TRY_VOID(EraseFile(file));
  if (::rename(next.c_str(), file.c_str()) != 0) return Fail(SystemError("rename to", file, errno));
  TRY_VOID(SyncFolder(file.parent_path()));
  return NoteDigest(file);
}

}  // namespace

Result<void> PutNextLogKeysInPlace(const VaultPaths& paths) {
  TRY_VOID(ReplaceLogKey(paths.next_log_pq_key, paths.log_pq_key));
  return ReplaceLogKey(paths.next_log_key, paths.log_key);
}

Result<void> FinishLogKeys(const VaultPaths& paths, const LogSecrets& keys, const custody::LogKeys& known) {
  TRY_VOID(RemoveKey(UnderWay(paths.next_log_key)));
  TRY_VOID(RemoveKey(UnderWay(paths.next_log_pq_key)));
  TRY_VOID(RemoveKey(paths.next_label_key));
  const custody::LogKeyList& named = known.present();
  const bool is_next = keys.ed25519.back().verifier() == named.ed25519;
  if (!is_next) TRY_VOID(RemoveKey(paths.next_log_key));
  const bool is_next_ml_dsa = named.ml_dsa && keys.ml_dsa.back().verifier() == *named.ml_dsa;
  if (!is_next_ml_dsa) TRY_VOID(RemoveKey(paths.next_log_pq_key));
  return PutNextLogKeysInPlace(paths);
}

Result<custody::KeyFileDigest> PrepareReaderKey(const VaultPaths& paths, seal::Identities keys,
                                                const KeyFileSeal& seal) {
  TRY(const Bytes file, SealKeyFile(keys, seal));
  TRY_VOID(WriteNext(paths.next_reader_key, file));
  return custody::DigestOf<custody::KeyFileDigest>(file);
}

Result<void> PrepareRecoveryKey(const VaultPaths& paths, const tlog::SigningKey& key, const KeyFileSeal& seal) {
  TRY(const Bytes file, SealRecoveryKey(key, seal));
  return WriteNext(NextRecoveryKey(paths, key.verifier()), file);
}

Result<void> FinishReaderKeys(const VaultPaths& paths, const custody::Facts& facts) {
  const NextReader reader = LookAtNextReader(paths, facts);
  TRY_VOID(FinishRecoveryKey(paths, facts.recovery(), reader));
  switch (reader) {
    case NextReader::kNone: return {};
    case NextReader::kWanted: return PutInPlace(paths.next_reader_key, paths.reader_key);
    case NextReader::kUnwanted: return RemoveKey(paths.next_reader_key);
  }
  InternalError("a next file of the vault's key is neither wanted nor not", __FILE__, __LINE__);
}

}  // namespace exhibit::key_files
