// The small files of a copy: what is sealed to readers in keys/, and cosigned/. Secrets that sign or label stay where they
// are: a copy is read and verified with these, and nobody can add to it.
//
// Internal to work/replicate.cc.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "vault/custody/log_keys.h"
#include "vault/custody/state.h"
#include "vault/session/vault_reader.h"

namespace exhibit::work {

struct CopiedFiles {
  std::uint64_t copied = 0;
  std::vector<std::string> remarks;
};

// keys/reader.age, which must be the file that the log names, and keys/recovery.age where there is a recovery key. One that
// is missing or damaged is remarked, and what the copy has of it stays. `fetch`, if there is one, gets the vault's files anew
// from where it shares them.
Result<CopiedFiles> CopyKeyFiles(const VaultPaths& source, const VaultPaths& copy, const custody::Facts& facts,
                                 const std::function<Result<void>()>& fetch);

// The checkpoints with cosignatures that the log extends; what is none is remarked. The copy keeps those that it has.
Result<CopiedFiles> CopyCosigned(const VaultReader& source, const custody::LogKeys& keys, const VaultPaths& copy);

}  // namespace exhibit::work
