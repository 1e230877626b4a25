#include "vault/opening.h"

#include "vault/base/file.h"
#include "vault/base/text.h"
#include "vault/store/folder_sums.h"
#include "vault/tlog/note.h"

namespace exhibit::opening {

namespace fs = std::filesystem;

Result<Bytes> ReadVaultHead(const fs::path& path) {
  TRY(auto note, store::HeadFile(path).Read());
  if (note) return std::move(*note);
  return Fail(ErrorCode::kTampered, "the vault's head file " + Printable(path.native()) + " is missing",
              "without it nobody can tell whether the log lost its end; restore it from a copy of the vault");
}

Failure NotAHead(const fs::path& path, const Error& reason) {
  return Fail(ErrorCode::kTampered, "the vault's head file " + Printable(path.native()) +
                                        " does not hold a head that this vault signed: " + reason.message);
}

Result<void> RequireVault(const fs::path& folder) {
  std::error_code ignored;
  if (fs::is_directory(VaultPaths(folder).store, ignored)) return {};
  return Fail(ErrorCode::kNotFound, Printable(folder.native()) + " is not a vault",
              "name one with --vault DIR or EXHIBIT_VAULT, or make one: exhibit init DIR --origin ORIGIN");
}

Result<void> NoteKeyFile(const fs::path& file) {
  const store::FolderSums sums(file.parent_path());
  TRY_VOID(AllowNextKeyFile(file, file));
  return sums.Settle(file.filename().native());
}

Result<void> AllowNextKeyFile(const fs::path& file, const fs::path& next) {
  TRY(const Bytes bytes, ReadFile(next, 1 << 20));
  return store::FolderSums(file.parent_path()).Allow(file.filename().native(), bytes);
}

Result<custody::NamedItem> NamedItemIn(const store::ReadableStore& store, tlog::Sequence at) {
  TRY(Bytes bytes, store.ReadEntry(at));
  auto entry = custody::SignedEntry::Parse(std::move(bytes));
  if (!entry) return Fail(std::move(entry).error().In("entry " + std::to_string(at.value)));
  return custody::NamedItemOf(*entry);
}

Result<custody::LogKeys> ReadLogKeys(const store::ReadableStore& store, const custody::SignedEntry& genesis) {
  custody::LogKeys keys(std::get<custody::Genesis>(genesis.entry().body).log_key);
  TRY(const auto rows, store.ReadActs({custody::kStateSubject, custody::kStateSubject}));
  for (const custody::ActRow& row : rows) {
    if (row.type != custody::ToText(custody::EntryType::kLogKey)) continue;
    const auto read = [&]() -> Result<void> {
      TRY(Bytes bytes, store.ReadEntry(row.sequence));
      TRY(const custody::SignedEntry entry, custody::SignedEntry::Parse(std::move(bytes)));
      const auto* const rotate = std::get_if<custody::RotateLog>(&entry.entry().body);
      if (rotate == nullptr || entry.entry().sequence != row.sequence || keys.Knows(rotate->key)) {
        return Fail(ErrorCode::kTampered, "is not the new log key that the index says it is");
      }
      TRY(const tlog::Note note, tlog::Note::Parse(entry.bytes()));
      const std::vector both = {keys.current(), rotate->key};
      TRY(const auto signers, tlog::VerifyNote(note, both));
      if (signers.size() != both.size()) return Fail(ErrorCode::kTampered, "is not signed by both log keys");
      keys.Rotate(row.sequence, rotate->key);
      return {};
    };
    auto result = read();
    if (!result) return Fail(std::move(result).error().In("entry " + std::to_string(row.sequence.value)));
  }
  return keys;
}

}  // namespace exhibit::opening
