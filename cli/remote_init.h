// exhibit init s3://…: the buckets of a vault on an object store, tried before anything is made, and what of their lock is
// weak and was accepted, recorded in the log.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "cli/options.h"
#include "vault/session/remote_vault.h"
#include "vault/work/make_vault.h"
#include "vault/work/probe_buckets.h"

namespace exhibit::cli {

// Servers were seen to lose a lock that ends after 2105.
inline constexpr std::uint64_t kMostLockDays = 25'000;

struct RemoteOptions {
  std::uint64_t log_lock_days = 3650;
  std::uint64_t payload_lock_days = 365;
  bool accept_weak_lock = false;
  bool make_buckets = false;

  void AddTo(const Command& command);
};

// Where a vault on an object store is made.
struct RemotePlace {
  std::shared_ptr<RemoteVault> vault;
  std::vector<work::Probe> probes;
  std::vector<std::string> weak;  // what of the lock does not hold, and was accepted
};

// Makes the buckets, if that is asked for, and tries them. kUnsupported, naming what does not hold.
Result<RemotePlace> FindRemotePlace(std::string_view place, const RemoteOptions& options);

// After the vault was made: shares the key files that are sealed to readers, and notes in the log what is weak.
Result<void> FinishRemote(const RemotePlace& place, const work::NewVault& made);

}  // namespace exhibit::cli
