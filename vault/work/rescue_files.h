// The small files of a rescued vault: keys/, cosigned/ and cut/. Internal to work/rescue.cc.
//
// Each file has a digest beside it, and the log names that of reader.age: a copy that fits is looked for in all places. One
// that fits nowhere is taken as it is, with the digest that it should have, so that `verify` goes on to name it.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "vault/custody/digests.h"
#include "vault/custody/log_keys.h"
#include "vault/session/vault_paths.h"

namespace exhibit::work {

struct SmallFiles {
  std::vector<std::string> lost;  // "keys/log.key: …"
  std::vector<std::string> remarks;
};

// `places`: the damaged vault, and then the others. `reader_key`: what the log names as reader.age.
Result<SmallFiles> RescueSmallFiles(const std::vector<std::filesystem::path>& places, const VaultPaths& target,
                                    const std::optional<custody::KeyFileDigest>& reader_key,
                                    const custody::LogKeys& keys);

}  // namespace exhibit::work
