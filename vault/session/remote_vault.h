// A vault on an object store, as one machine has it. Its log and its evidence are objects (store/vault_objects.h); the rest
// is in a folder of this user, which looks as a vault's folder does (session/vault.h):
//
//   $XDG_STATE_HOME/exhibit/vaults/<name>/        (else ~/.local/state/…)
//     HEAD, LOCK, cosigned/, cut/
//     keys/        on a machine that adds, all of them; on one that reads, the files that are sealed to readers
//     store/       a copy of the log, which is a cache; the journal of what this machine sent; digests of the key files that
//                  it put into the bucket (shared)
//
// The files that are sealed to readers are in the bucket, too, so that a fresh machine reads with an identity and nothing
// else. The signing keys and the label secret are not: who adds from another machine brings a kit, or copies keys/.
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <memory>

#include "vault/net/s3_bucket.h"
#include "vault/net/s3_place.h"
#include "vault/session/vault_paths.h"
#include "vault/store/object_engine.h"

namespace exhibit {

class RemoteVault {
 public:
  // Asks nobody. `settings` are those of a vault that is made. kNotFound if the environment names no state directory.
  static Result<std::shared_ptr<RemoteVault>> Of(const net::S3Place& place, const std::atomic<bool>* interrupted,
                                                 store::ObjectSettings settings = {});

  const std::filesystem::path& folder() const { return folder_; }
  const store::Engine& engine() const { return engine_; }
  // After it was opened: the objects that its log names.
  Result<std::shared_ptr<const store::ObjectLog>> Log() const { return engine_.Log(VaultPaths(folder_).store); }
  net::S3Bucket& log_bucket() const { return *buckets_.log; }
  net::S3Bucket& data_bucket() const { return *buckets_.data; }

  // Makes the folder where it is missing, so that the vault can be opened.
  Result<void> MakeFolder() const;
  // Fetches the key files that are sealed to readers, where none are here; or in the place of those that are here.
  enum class Fetching : std::uint8_t { kWhatIsMissing, kAll };
  Result<void> FetchKeyFiles(Fetching fetching = Fetching::kWhatIsMissing) const;
  // Puts those that changed into the bucket. A machine without the log's key has them from there, unless it is the one that
  // brings a copy of a vault into the bucket.
  enum class Sharing : std::uint8_t { kByWriter, kByCopier };
  Result<void> ShareKeyFiles(Sharing sharing = Sharing::kByWriter) const;

 private:
  struct Buckets {
    std::shared_ptr<net::S3Bucket> log;
    std::shared_ptr<net::S3Bucket> data;
  };
  RemoteVault(std::filesystem::path folder, Buckets buckets, store::Patience patience, store::ObjectSettings settings)
      : folder_(std::move(folder)),
        buckets_(std::move(buckets)),
        patience_(patience),
        engine_({buckets_.log, buckets_.data}, patience, std::move(settings)) {}
  Result<store::VaultObjects> Objects() const;

  std::filesystem::path folder_;
  Buckets buckets_;  // shared with the engine
  store::Patience patience_;
  store::ObjectEngine engine_;
};

}  // namespace exhibit
