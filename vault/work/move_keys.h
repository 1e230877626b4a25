// The secrets of a vault that moves: log.key, log-pq.key and label.key go to the copy, and are erased where they were.
//
//   the vault's lock is held from before its log is read: nobody adds meanwhile
//   BringKeys   the copy has them, read back
//   …           the copy gets its name
//   EraseKeys   the vault has them no more
//
// A crash between the last two leaves them in both; the same command, once more, ends it. Where they are gone already it
// does nothing, if the copy has them.
//
// Internal to work/replicate.cc.
#pragma once

#include <atomic>
#include <cstdint>

#include "vault/base/file_lock.h"
#include "vault/session/vault_reader.h"
#include "vault/store/engine.h"

namespace exhibit::work {

// The writer's lock. Of a vault on an object store, what this machine sent is decided: nothing arrives later.
Result<FileLock> LockForMove(const VaultPaths& vault, const store::Engine* engine,
                             const std::atomic<bool>* interrupted);

// kInvalid where an interrupted writer left entries past the head, or a key half replaced. REQUIRES: the lock is held.
Result<void> CheckMayMove(const VaultPaths& vault, const VaultReader& opened);

// kNotFound if neither has the log's key.
Result<void> BringKeys(const VaultPaths& vault, const VaultPaths& copy);

// Gives the number of files that are gone now. REQUIRES: BringKeys.
Result<std::uint64_t> EraseKeys(const VaultPaths& vault);

}  // namespace exhibit::work
