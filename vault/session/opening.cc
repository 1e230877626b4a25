#include "vault/session/opening.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "vault/base/file.h"
#include "vault/base/format.h"
#include "vault/base/text.h"
#include "vault/store/folder_sums.h"
#include "vault/store/rocks_store.h"
#include "vault/tlog/note.h"
#include "vault/verify/open_sealed.h"
#include "vault/verify/read_entry.h"

namespace exhibit::opening {

namespace fs = std::filesystem;

namespace {

// Something else has its name, which can be seen.
bool IsNoPlainFile(const fs::path& path) {
  std::error_code error;
  const fs::file_status status = fs::symlink_status(path, error);
  return !error && fs::exists(status) && !fs::is_regular_file(status);
}

}  // namespace

Result<Bytes> ReadVaultHead(const fs::path& path) {
  auto read = store::HeadFile(path).Read();
  // A folder, a link, a loop of links, or more bytes than any head has: nobody writes that by mistake.
  if (!read && (read.error().code == ErrorCode::kInvalid || IsNoPlainFile(path))) return NotAHead(path, read.error());
  TRY(auto note, std::move(read));
  if (note) return std::move(*note);
  return Fail(ErrorCode::kTampered, Format("the vault's head file {} is missing", Printable(path.native())),
              "without it nobody can tell whether the log lost its end; restore it from a copy of the vault");
}

Failure NotAHead(const fs::path& path, const Error& reason) {
  return Fail(ErrorCode::kTampered, Format("the vault's head file {} does not hold a head that this vault signed: {}",
                                           Printable(path.native()), reason.message));
}

namespace {

// The vault that a user who names none may mean: the folder above, or a folder in it or here. A look, not a search.
std::optional<fs::path> FindNear(const fs::path& folder) {
  constexpr int kMostLooks = 1000;
  const auto is_vault = [](const fs::path& at) {
    std::error_code ignored;
    return fs::is_directory(VaultPaths(at).store, ignored) && fs::is_regular_file(VaultPaths(at).head, ignored);
  };
  if (is_vault(folder / "..")) return folder / "..";
  for (const fs::path& in : {folder, folder / ".."}) {
    std::error_code error;
    int looks = 0;
    std::vector<fs::path> found;
    for (fs::directory_iterator at(in, error), end; !error && at != end && ++looks < kMostLooks; at.increment(error)) {
      if (is_vault(at->path())) found.push_back(at->path());
    }
    if (!found.empty()) return *std::ranges::min_element(found);
  }
  return std::nullopt;
}

Failure NoVault(const fs::path& folder) {
  std::error_code ignored;
  fs::path absolute = fs::absolute(folder, ignored).lexically_normal();
  if (!absolute.has_filename()) absolute = absolute.parent_path();  // "case/"
  std::string message = "no vault in " + Printable(absolute.native());
  if (const auto near = FindNear(folder)) {
    const std::string name = Printable(near->lexically_normal().native());
    return Fail(ErrorCode::kNotFound, Format("{}; there is one in {}", message, name), "exhibit --vault " + name);
  }
  return Fail(ErrorCode::kNotFound, std::move(message),
              "name one with --vault DIR or EXHIBIT_VAULT, or make one: exhibit init DIR --origin ORIGIN");
}

}  // namespace

Result<void> RequireVault(const fs::path& folder) {
  auto store = CheckFolder(VaultPaths(folder).store);
  if (store || store.error().code != ErrorCode::kNotFound) return store;
  // A vault that lost its store is still a vault.
  if (!IsAbsent(VaultPaths(folder).head) && !IsAbsent(VaultPaths(folder).reader_key)) {
    return Fail(ErrorCode::kTampered,
                Format("the vault in {} has no store: {}", Printable(folder.native()), store.error().message),
                "restore the folder from a copy of the vault");
  }
  return NoVault(folder);
}

Result<FileLock> LockVault(const VaultPaths& paths, std::chrono::milliseconds patience,
                           const std::atomic<bool>* interrupted) {
  TRY_VOID(CheckWritable(paths.lock.parent_path()));
  constexpr LockPurpose kWriting{"is writing to this vault",
                                 "wait until it has finished, or let this command wait: --wait"};
  return FileLock::Acquire(paths.lock, kWriting, patience, interrupted);
}

const store::Engine& EngineOr(const store::Engine* engine) {
  static const store::RocksEngine rocks;
  return engine == nullptr ? rocks : *engine;
}

Result<std::unique_ptr<store::ReadableStore>> OpenToRead(const VaultPaths& paths, const store::Engine* engine) {
  auto store = EngineOr(engine).OpenForReading(paths.store);
  if (store) return store;
  // For a missing permission the database reports that the file does not exist.
  std::error_code error;
  for (fs::recursive_directory_iterator file(paths.store, error), end; !error && file != end; file.increment(error)) {
    if (::faccessat(AT_FDCWD, file->path().c_str(), R_OK, AT_EACCESS) != 0 && errno == EACCES) {
      return Fail(SystemError("read", file->path(), EACCES));
    }
  }
  if (error) return Fail(SystemError("read", paths.store, error.value()));
  return store;
}

custody::Ask AskOf(const verify::LogSource& log, tlog::TreeSize head) {
  custody::Ask ask;
  ask.lost = [&log](tlog::Sequence at) -> Result<bool> {
    TRY(const auto entry, verify::ReadEntryIfHere(log, at));
    return !entry;
  };
  ask.leaf = [&log](tlog::Sequence at) -> Result<std::optional<tlog::LeafHash>> {
    TRY(const custody::SignedEntry entry, verify::ReadEntryAt(log, at));
    return entry.leaf();
  };
  // Of entries before the head; the state itself knows those that it was moved over.
  ask.collected = [&log, head](const custody::CollectedNumber& number) -> Result<bool> {
    TRY(const auto found, verify::FindCollected(log, number));
    return found && found->value < head.value;
  };
  return ask;
}

namespace {

// The keys that entry `at` names, which the log's key until there and the new one signed.
Result<void> TakeLogKeys(custody::LogKeys& keys, const custody::SignedEntry& entry) {
  const auto* const change = std::get_if<custody::LogKeyChange>(&entry.parsed().body);
  if (change == nullptr || keys.Knows(change->log.ed25519.public_key().view())) {
    return Fail(ErrorCode::kTampered, "is not the new log key that the index says it is");
  }
  TRY(const tlog::SignedNote note, tlog::SignedNote::Parse(entry.bytes()));
  const std::vector both = {keys.present().ed25519, change->log.ed25519};
  TRY(const auto signers, tlog::VerifyNote(note, both));
  if (signers.size() != both.size()) return Fail(ErrorCode::kTampered, "is not signed by both log keys");
  keys.Replace(entry.parsed().sequence, entry.parsed().time, change->log);
  return {};
}

}  // namespace

Result<custody::LogKeys> ReadLogKeys(const store::ReadableStore& store, const custody::SignedEntry& genesis) {
  custody::LogKeys keys(std::get<custody::Genesis>(genesis.parsed().body).log, genesis.parsed().time);
  TRY(const auto rows, store.ReadActs({custody::kStateSubject, custody::kStateSubject}));
  for (const custody::ActRow& row : rows) {
    if (row.type != custody::LogKeyChange::kForm.type) continue;
    TRY(const custody::SignedEntry entry, verify::ReadEntryAt(store, row.sequence));
    auto taken = TakeLogKeys(keys, entry);
    if (!taken) return Fail(std::move(taken).error().In(NameOf(row.sequence)));
  }
  return keys;
}

}  // namespace exhibit::opening

namespace exhibit {

Result<void> CheckWritable(const std::filesystem::path& vault) {
  TRY_VOID(opening::RequireVault(vault));
  auto place = FileLock::CheckPlace(VaultPaths(vault).lock);
  if (place || !IsOnReadOnlyMedium(vault)) return place;
  std::error_code ignored;
  const std::string name = Printable(std::filesystem::absolute(vault, ignored).lexically_normal().native());
  return Fail(ErrorCode::kPermission,
              Format("the vault in {} is on a read-only medium, and this would add to its log", name),
              Format("copy it to a disk that can be written and use the copy: cp -a {} COPY, then --vault COPY", name));
}

}  // namespace exhibit
