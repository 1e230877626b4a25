// The copy that `replicate` makes or brings up to date: where it is, what it holds, and whether it is a beginning of the
// vault that is copied.
//
// A copy in a folder is made beside its final name, as .NAME.copying, and gets the name when it is whole; what was cut short
// is gone on with there. A copy that has its name, or is on an object store, is opened where it is. Its lock is held as a
// writer's is.
//
// Internal to work/replicate.cc.
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "vault/base/file_lock.h"
#include "vault/session/vault_reader.h"
#include "vault/store/engine.h"

namespace exhibit::work {

// Where a copy is to be.
struct ReplicaPlace {
  enum class Kind : std::uint8_t {
    kFolder,  // all of it is in the folder
    // Its store is where the engine says, and the folder is this user's part of it. A checkpoint belongs to the commit that it
    // is put after, so that each ends a batch.
    kElsewhere,
  };
  Kind kind = Kind::kFolder;
  std::filesystem::path folder;
  std::string name;                       // as the user named it
  const store::Engine* engine = nullptr;  // null for RocksDB in the folder
};

class Replica {
 public:
  // Opens the copy, or makes an empty one.
  //   kInvalid   it lies in the vault that is copied, or that in it
  //   kExists    something else is there, or a vault of another origin
  //   kBusy      another process writes there
  //   kTampered  it is another vault of the same origin, or has another history; or it lost what it had
  static Result<Replica> Open(const ReplicaPlace& place, const std::filesystem::path& source_folder,
                              const VaultReader& source, const std::atomic<bool>* interrupted);

  // What it holds before anything is copied.
  struct Holds {
    struct Head {
      Bytes note;
      tlog::Checkpoint says;
    };
    tlog::TreeSize entries;    // stored, under a checkpoint or not
    std::optional<Head> head;  // the newest checkpoint that it has
    // Whether it goes on after the head of the vault that is copied, which is its beginning.
    bool is_ahead = false;
  };
  const Holds& before() const { return before_; }

  store::Store& store() { return *store_; }
  const VaultPaths& paths() const { return paths_; }
  const std::string& name() const { return name_; }
  bool CheckpointsEndBatches() const { return kind_ == ReplicaPlace::Kind::kElsewhere; }

  // The copy is whole: it gets its name, if it has another one.
  Result<void> Finish();

 private:
  Replica(FileLock lock, VaultPaths paths, const ReplicaPlace& place)
      : lock_(std::move(lock)), paths_(std::move(paths)), name_(place.name), kind_(place.kind) {}

  FileLock lock_;
  VaultPaths paths_;
  std::string name_;
  ReplicaPlace::Kind kind_;
  std::filesystem::path folder_;
  std::optional<std::filesystem::path> final_;  // the name that it is to get
  std::unique_ptr<store::Store> store_;
  Holds before_;
};

}  // namespace exhibit::work
