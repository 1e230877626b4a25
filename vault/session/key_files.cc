#include "vault/session/key_files.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

#include "vault/base/file.h"
#include "vault/base/text.h"
#include "vault/store/folder_sums.h"

namespace exhibit::key_files {

namespace fs = std::filesystem;

namespace {

Result<void> AllowNext(const fs::path& file, const fs::path& next) {
  TRY(const Bytes bytes, ReadFile(next, 1 << 20));
  return store::FolderSums(file.parent_path()).Allow(file.filename().native(), bytes);
}

Result<void> EraseFile(const fs::path& path) {
  const FileDescriptor file(::open(path.c_str(), O_WRONLY | O_CLOEXEC | O_NOFOLLOW));
  if (!file) return Fail(SystemError("overwrite", path, errno));
  return OverwriteFile(file, path);
}

bool IsThere(const fs::path& path) { return !IsAbsent(path); }

Result<void> RemoveKey(const fs::path& path) {
  if (!IsThere(path)) return {};
  TRY_VOID(EraseFile(path));
  if (::unlink(path.c_str()) != 0) return Fail(SystemError("remove", path, errno));
  return SyncFolder(path.parent_path());
}

}  // namespace

fs::path UnderWay(fs::path path) { return path += ".new"; }

Result<void> NoteDigest(const fs::path& file) {
  TRY_VOID(AllowNext(file, file));
  return store::FolderSums(file.parent_path()).Settle(file.filename().native());
}

Result<void> PutNextLogKeyInPlace(const VaultPaths& paths) {
  TRY_VOID(AllowNext(paths.log_key, paths.next_log_key));
  TRY_VOID(EraseFile(paths.log_key));
  if (::rename(paths.next_log_key.c_str(), paths.log_key.c_str()) != 0) {
    return Fail(SystemError("rename to", paths.log_key, errno));
  }
  TRY_VOID(SyncFolder(paths.log_key.parent_path()));
  return NoteDigest(paths.log_key);
}

Result<void> FinishLogKey(const VaultPaths& paths, std::span<const tlog::SigningKey> keys,
                          const custody::LogKeys& known) {
  TRY_VOID(RemoveKey(UnderWay(paths.next_log_key)));
  if (!IsThere(paths.next_log_key)) return {};
  if (keys.back().verifier() == known.current()) return PutNextLogKeyInPlace(paths);
  return RemoveKey(paths.next_log_key);
}

Result<crypto::Sha256Digest> PrepareReaderKey(const VaultPaths& paths, seal::Identities keys, const KeyFileSeal& seal) {
  TRY(const Bytes file, SealKeyFile(keys, seal));
  TRY_VOID(WriteNewFile(paths.next_reader_key, file, 0600));
  TRY(const Bytes written, ReadFile(paths.next_reader_key, 1 << 20));
  if (Equal(written, file)) return crypto::Sha256(file);
  return Fail(ErrorCode::kTampered, Printable(paths.next_reader_key.native()) + " is not what was written",
              "the disk or the memory of this machine is failing; nothing was signed");
}

Result<void> PutNextReaderKeyInPlace(const VaultPaths& paths) {
  TRY_VOID(AllowNext(paths.reader_key, paths.next_reader_key));
  const FileDescriptor old(::open(paths.reader_key.c_str(), O_WRONLY | O_CLOEXEC | O_NOFOLLOW));
  if (::rename(paths.next_reader_key.c_str(), paths.reader_key.c_str()) != 0) {
    return Fail(SystemError("rename to", paths.reader_key, errno));
  }
  TRY_VOID(SyncFolder(paths.reader_key.parent_path()));
  // Not earlier: until the new name is durable, a power cut brings the old file back, and it must be whole.
  if (old) TRY_VOID(OverwriteFile(old, paths.reader_key));
  return NoteDigest(paths.reader_key);
}

Result<void> FinishReaderKey(const VaultPaths& paths, const std::optional<crypto::Sha256Digest>& named) {
  const auto next = ReadFile(paths.next_reader_key, 1 << 20);
  if (!next && next.error().code == ErrorCode::kNotFound) return {};
  if (next && named && crypto::Sha256(*next) == *named) return PutNextReaderKeyInPlace(paths);
  if (::unlink(paths.next_reader_key.c_str()) != 0) return Fail(SystemError("remove", paths.next_reader_key, errno));
  return SyncFolder(paths.reader_key.parent_path());
}

}  // namespace exhibit::key_files
