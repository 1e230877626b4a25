#include "vault/store/kept_heads.h"

#include <cstdlib>

#include "vault/base/encoding.h"
#include "vault/base/file.h"
#include "vault/base/file_lock.h"
#include "vault/base/read_if_there.h"
#include "vault/base/replace_file.h"
#include "vault/crypto/hash.h"

namespace exhibit::store {
namespace fs = std::filesystem;

Result<std::optional<Bytes>> HeadFile::Read() const { return ReadIfThere(path_, limit_bytes_); }

// Readers keep heads as writers do, several at a time: they take turns, or one would take another's temporary file
// away.
Result<void> HeadFile::Replace(ByteView checkpoint_note) const {
  TRY_VOID(CreateFolders(path_.parent_path()));
  const FileLock lock = FileLock::AwaitFolder(path_.parent_path());
  return Put(checkpoint_note);
}

Result<void> HeadFile::Put(ByteView checkpoint_note) const {
  if (replaced_ == Replaced::kDurably) return ReplaceFile(path_, checkpoint_note, 0644);
  return ReplaceFileAtSomeTime(path_, checkpoint_note, 0644);
}

Result<void> HeadFile::ReplaceIfStill(const std::optional<Bytes>& seen, ByteView checkpoint_note) const {
  TRY_VOID(CreateFolders(path_.parent_path()));
  const FileLock lock = FileLock::AwaitFolder(path_.parent_path());
  TRY(const std::optional<Bytes> present, Read());
  if (present != seen) return {};
  return Put(checkpoint_note);
}

namespace {

// FileNameFor, of any text.
std::string SafeName(std::string_view text) {
  std::string name;
  for (const char c : text.substr(0, 100)) {
    const bool plain =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-';
    name.push_back(plain ? c : '_');
  }
  return name + "-" + ToHex(crypto::Sha256(ViewOf(text)).view().first(4));
}

Result<fs::path> UserStateFolder() {
  // Relative values are to be ignored (XDG Base Directory Specification).
  const char* const state = std::getenv("XDG_STATE_HOME");
  if (state != nullptr && *state == '/') return fs::path(state) / "exhibit";
  const char* const home = std::getenv("HOME");
  if (home != nullptr && *home == '/') {
    return fs::path(home) / ".local" / "state" / "exhibit";
  }
  return Fail(ErrorCode::kNotFound, "no place to keep the vault's head: neither XDG_STATE_HOME nor HOME is set",
              "set XDG_STATE_HOME to a folder that outlives this vault");
}

}  // namespace

Result<fs::path> UserHeadPath(const tlog::Origin& origin) {
  TRY(const fs::path state, UserStateFolder());
  return state / "heads" / FileNameFor(origin);
}

Result<fs::path> UserVerifiedLogPath(const tlog::Origin& origin) {
  TRY(const fs::path state, UserStateFolder());
  return state / "verified" / FileNameFor(origin);
}

Result<fs::path> UserKitPath(const tlog::Origin& origin) {
  TRY(const fs::path state, UserStateFolder());
  return state / "kits" / FileNameFor(origin);
}

Result<fs::path> UserJournalPath(const tlog::Origin& origin, const tlog::KeyId& key) {
  TRY(const fs::path state, UserStateFolder());
  return state / "journals" / (FileNameFor(origin) + "-" + ToHex(key.view()));
}

Result<fs::path> UserDeedsPath(const tlog::Origin& origin) {
  TRY(const fs::path state, UserStateFolder());
  return state / "deeds" / FileNameFor(origin);
}

Result<fs::path> UserVaultPath(std::string_view name) {
  TRY(const fs::path state, UserStateFolder());
  return state / "vaults" / SafeName(name);
}

std::string FileNameFor(const tlog::Origin& origin) { return SafeName(origin.text()); }

}  // namespace exhibit::store
