// Heads kept outside the store: what makes a vault that lost its end visible.
//
// A head is the signed checkpoint that was last acknowledged. One stands in the vault's folder beside
// the store (`HEAD`), one in the user's state directory, which whoever restores an old copy of the
// vault's folder does not restore with it:
//
//   $XDG_STATE_HOME/exhibit/heads/<origin, made safe for a file name>     (else ~/.local/state/…)
//
// Both are replaced at one stroke: after a crash each is the old head or the new one. A head only
// moves forward; that the new one extends the old is the caller's to prove first.
#pragma once

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

  // The signed checkpoint as it stands; nothing if there is no file.
  Result<std::optional<Bytes>> Read() const;

  // Durable when it returns. Creates the folders above.
  Result<void> Replace(ByteView checkpoint_note) const;

  // The same, if what stands there is what the caller read and compared with; else nothing is done:
  // another process was here since, and a head never goes back to an older one.
  Result<void> ReplaceIfStill(const std::optional<Bytes>& seen, ByteView checkpoint_note) const;

 private:
  std::filesystem::path path_;
  std::uint64_t limit_bytes_;
};

// Where the user's state directory keeps the head of `origin`. kNotFound if the environment names
// neither a state directory nor a home.
Result<std::filesystem::path> UserHeadPath(const tlog::Origin& origin);

// Where the user's state directory keeps what it verified of a published log (publish/verified_log.h).
Result<std::filesystem::path> UserVerifiedLogPath(const tlog::Origin& origin);

// A name for `origin` that any file system takes: letters, digits, "." and "-", the rest as "_", and
// eight digits of its SHA-256 so that no two share one.
std::string FileNameFor(const tlog::Origin& origin);

}  // namespace exhibit::store
