#include "vault/store/kept_heads.h"

#include <cstdlib>

#include "vault/base/encoding.h"
#include "vault/base/file.h"
#include "vault/crypto/hash.h"

namespace exhibit::store {
namespace fs = std::filesystem;

Result<std::optional<Bytes>> HeadFile::Read() const {
  auto bytes = ReadFile(path_, kMaxHeadBytes);
  if (bytes) return std::optional(std::move(*bytes));
  if (bytes.error().code == ErrorCode::kNotFound) return std::optional<Bytes>();
  return Fail(std::move(bytes).error());
}

Result<void> HeadFile::Replace(ByteView checkpoint_note) const {
  TRY_VOID(CreateFolders(path_.parent_path()));
  return ReplaceFile(path_, checkpoint_note, 0644);
}

Result<fs::path> UserHeadPath(const tlog::Origin& origin) {
  // Relative values are to be ignored (XDG Base Directory Specification).
  const char* const state = std::getenv("XDG_STATE_HOME");
  if (state != nullptr && *state == '/') return fs::path(state) / "exhibit" / "heads" / FileNameFor(origin);
  const char* const home = std::getenv("HOME");
  if (home != nullptr && *home == '/') {
    return fs::path(home) / ".local" / "state" / "exhibit" / "heads" / FileNameFor(origin);
  }
  return Fail(ErrorCode::kNotFound, "no place to keep the vault's head: neither XDG_STATE_HOME nor HOME is set",
              "set XDG_STATE_HOME to a folder that outlives this vault");
}

std::string FileNameFor(const tlog::Origin& origin) {
  std::string name;
  for (const char c : origin.text().substr(0, 100)) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-';
    name.push_back(plain ? c : '_');
  }
  return name + "-" + ToHex(crypto::Sha256(ViewOf(origin.text())).view().first(4));
}

}  // namespace exhibit::store
