// Heads kept outside the store, so that the loss of a log's end is found.
//
// A head is the signed checkpoint that was last acknowledged. One is in the vault's folder beside
// the store (`HEAD`), one in the user's state directory. Whoever restores an old copy of the vault's
// folder does not restore that one:
//
//   $XDG_STATE_HOME/exhibit/heads/<origin, made safe for a file name>     (else ~/.local/state/…)
//
// Both are replaced atomically: after a crash each is the old head or the new one. A head only
// moves forward: the caller must first prove that the new one extends the old one.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

#include "vault/base/bytes.h"
#include "vault/base/error.h"
#include "vault/tlog/checkpoint.h"

namespace exhibit::store {

inline constexpr std::size_t kMaxHeadBytes = 64 * 1024;

class HeadFile {
 public:
  explicit HeadFile(std::filesystem::path path, std::uint64_t limit_bytes = kMaxHeadBytes)
      : path_(std::move(path)), limit_bytes_(limit_bytes) {}

  const std::filesystem::path& path() const { return path_; }

  // The signed checkpoint, byte for byte; nothing if there is no file.
  Result<std::optional<Bytes>> Read() const;

  // Durable when it returns. Creates the folders above.
  Result<void> Replace(ByteView checkpoint_note) const;

  // The same, if the file still has the bytes that the caller read and compared with; otherwise does nothing:
  // another process has replaced it, and a head never goes back to an older one.
  Result<void> ReplaceIfStill(const std::optional<Bytes>& seen, ByteView checkpoint_note) const;

 private:
  std::filesystem::path path_;
  std::uint64_t limit_bytes_;
};

// The path of the head of `origin` in the user's state directory. kNotFound if the environment names
// neither a state directory nor a home.
Result<std::filesystem::path> UserHeadPath(const tlog::Origin& origin);

// The path of the user's notes about a published log (publish/verified_log.h).
Result<std::filesystem::path> UserVerifiedLogPath(const tlog::Origin& origin);

// A name for `origin` that any file system takes: letters, digits, "." and "-", the rest as "_", and
// eight digits of its SHA-256 so that no two share one.
std::string FileNameFor(const tlog::Origin& origin);

}  // namespace exhibit::store
