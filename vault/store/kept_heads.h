// Heads kept outside the store, so that the loss of a log's end is found.
//
// A head is the signed checkpoint that was last acknowledged. One is in the vault's folder beside
// the store (`HEAD`), one in the user's state directory. Whoever restores an old copy of the vault's
// folder does not restore that one:
//
//   $XDG_STATE_HOME/exhibit/heads/<origin, made safe for a file name>     (else ~/.local/state/…)
//
// Both are replaced atomically: after a crash each is the old head or the new one. When a commit is acknowledged the
// vault's is durable; the user's is older by a few seconds' commits after a power cut, which contradicts nothing. A head
// only moves forward: the caller must first prove that the new one extends the old one.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

#include "vault/base/bytes.h"
#include "vault/base/error.h"
#include "vault/tlog/checkpoint.h"
#include "vault/tlog/note_key.h"

namespace exhibit::store {

inline constexpr std::size_t kMaxHeadBytes = 65'535;  // of a checkpoint, cosignatures included

// Which head a power cut leaves where one was just replaced: the new one, or either of the two.
enum class Replaced : std::uint8_t { kDurably, kAtSomeTime };

class HeadFile {
 public:
  explicit HeadFile(std::filesystem::path path, std::uint64_t limit_bytes = kMaxHeadBytes,
                    Replaced replaced = Replaced::kDurably)
      : path_(std::move(path)), limit_bytes_(limit_bytes), replaced_(replaced) {}

  const std::filesystem::path& path() const { return path_; }

  // The signed checkpoint, byte for byte; nothing if there is no file.
  Result<std::optional<Bytes>> Read() const;

  // Durable when it returns, if it was to be. Creates the folders above.
  Result<void> Replace(ByteView checkpoint_note) const;

  // The same, if the file still has the bytes that the caller read and compared with; otherwise does nothing:
  // another process has replaced it, and a head never goes back to an older one.
  Result<void> ReplaceIfStill(const std::optional<Bytes>& seen, ByteView checkpoint_note) const;

 private:
  Result<void> Put(ByteView checkpoint_note) const;
  std::filesystem::path path_;
  std::uint64_t limit_bytes_;
  Replaced replaced_;
};

// The path of the head of `origin` in the user's state directory. kNotFound if the environment names
// neither a state directory nor a home.
Result<std::filesystem::path> UserHeadPath(const tlog::Origin& origin);

// The path of the user's notes about a published log (publish/verified_log.h).
Result<std::filesystem::path> UserVerifiedLogPath(const tlog::Origin& origin);

// The path of the head at which this user made the newest kit of the vault (work/kit.h).
Result<std::filesystem::path> UserKitPath(const tlog::Origin& origin);

// The path of what this user added to the vault with the key of this id (intake/journal.h).
Result<std::filesystem::path> UserJournalPath(const tlog::Origin& origin, const tlog::KeyId& key);

// The path of the notes of what this user did that no entry records (work/deeds.h).
Result<std::filesystem::path> UserDeedsPath(const tlog::Origin& origin);

// The folder in which this user keeps what belongs to the vault on an object store of this name (session/remote_vault.h).
Result<std::filesystem::path> UserVaultPath(std::string_view name);

// A name for `origin` that any file system takes: letters, digits, "." and "-", the rest as "_", and
// eight digits of its SHA-256 so that no two share one.
std::string FileNameFor(const tlog::Origin& origin);

}  // namespace exhibit::store
