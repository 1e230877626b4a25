// Where the files of a vault lie in its folder (session/vault.h draws them), and whether they can be written.
#pragma once

#include <filesystem>

#include "vault/base/error.h"

namespace exhibit {

struct VaultPaths {
  explicit VaultPaths(const std::filesystem::path& vault)
      : head(vault / "HEAD"),
        lock(vault / "LOCK"),
        keys(vault / "keys"),
        log_key(keys / "log.key"),
        next_log_key(keys / "log.key.next"),
        log_pq_key(keys / "log-pq.key"),
        next_log_pq_key(keys / "log-pq.key.next"),
        label_key(keys / "label.key"),
        next_label_key(keys / "label.key.next"),
        reader_key(keys / "reader.age"),
        next_reader_key(keys / "reader.age.next"),
        recovery_key(keys / "recovery.age"),
        cosigned(vault / "cosigned"),
        cut(vault / "cut"),
        store(vault / "store") {}
  std::filesystem::path head;
  std::filesystem::path lock;
  std::filesystem::path keys;
  std::filesystem::path log_key;
  std::filesystem::path next_log_key;
  std::filesystem::path log_pq_key;  // only where the log has an ML-DSA-44 key
  std::filesystem::path next_log_pq_key;
  std::filesystem::path label_key;
  std::filesystem::path next_label_key;
  std::filesystem::path reader_key;
  std::filesystem::path next_reader_key;
  std::filesystem::path recovery_key;  // key_files.h says how the next one is called
  std::filesystem::path cosigned;
  std::filesystem::path cut;  // cut_files.h
  std::filesystem::path store;
};

// Whether the file system lets this user add to the vault: kPermission, with a way out, on a read-only medium
// or without the right to write. Call it before asking the user for anything.
Result<void> CheckWritable(const std::filesystem::path& vault);

}  // namespace exhibit
