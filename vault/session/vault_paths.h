// Where the files of a vault lie in its folder (session/vault.h draws them), and whether they can be written.
#pragma once

#include <filesystem>

#include "vault/base/error.h"

namespace exhibit {

struct VaultPaths {
  explicit VaultPaths(const std::filesystem::path& vault)
      : head(vault / "HEAD"),
        lock(vault / "LOCK"),
        log_key(vault / "keys" / "log.key"),
        next_log_key(vault / "keys" / "log.key.next"),
        reader_key(vault / "keys" / "reader.age"),
        next_reader_key(vault / "keys" / "reader.age.next"),
        cosigned(vault / "cosigned"),
        store(vault / "store") {}
  std::filesystem::path head;
  std::filesystem::path lock;
  std::filesystem::path log_key;
  std::filesystem::path next_log_key;
  std::filesystem::path reader_key;
  std::filesystem::path next_reader_key;
  std::filesystem::path cosigned;
  std::filesystem::path store;
};

// Whether the file system lets this user add to the vault: kPermission, with a way out, on a read-only medium
// or without the right to write. Call it before asking the user for anything.
Result<void> CheckWritable(const std::filesystem::path& vault);

}  // namespace exhibit
