// The log of a vault on an object store, as far as this process knows it: commits in memory (commit_index.h) and in a
// local folder (commit_cache.h), brought up to date from the buckets. What a reader and a writer of one process share.
//
// Commits are read from the first that is not known until there is none. "None" is believed only where DATA has no copy of
// that commit either: somebody who deleted one in LOG, where no lock holds, must not make the log shorter, or let another
// commit be written in its place.
//
// The cache counts for nothing where it contradicts: if its last commit is not the one in the bucket, or its chain does not
// hold, all of it is dropped and fetched again, and a remark says so. Whether the log was rolled back, kept heads tell.
#pragma once

#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <string>
#include <vector>

#include "vault/store/commit_cache.h"
#include "vault/store/commit_index.h"
#include "vault/store/vault_objects.h"

namespace exhibit::store {

class ObjectLog {
 public:
  // `cache` is the folder of the cache.
  ObjectLog(VaultObjects objects, std::filesystem::path cache)
      : objects_(std::move(objects)), cache_(std::move(cache)) {}

  const VaultObjects& objects() const { return objects_; }

  // Reads what is new.
  //   kNotFound  there is no vault
  //   kTampered  a commit is gone from LOG that DATA has a copy of, or does not follow the one before it
  Result<void> CatchUp();
  // The commit that another writer, or this one, has written as the next one.
  Result<void> Add(ByteView commit);

  std::uint64_t commits() const;
  tlog::TreeSize entries() const;
  std::optional<crypto::Sha256Digest> LastDigest() const;
  // Whether these bytes are commit n. REQUIRES: n < commits().
  bool Is(std::uint64_t n, ByteView commit) const;
  std::optional<std::uint64_t> CommitEndingAt(tlog::TreeSize size) const;

  Result<Bytes> ReadEntry(tlog::Sequence sequence) const;  // kNotFound if it is not there, or lost
  Result<Bytes> ReadCommit(std::uint64_t n) const;         // from the cache
  // Something of the index, while nobody changes it.
  template <typename Reader>
  auto Look(Reader look) const {
    const std::shared_lock lock(mutex_);
    return look(index_);
  }

  // The signed checkpoint after commit n; nothing if there is none. Asked for once.
  Result<std::optional<Bytes>> ReadHead(std::uint64_t n) const;
  void NoteHead(std::uint64_t n, ByteView note) const;
  // The newest commit after which a checkpoint was signed, and that; nothing if there is none.
  struct Head {
    std::uint64_t commit = 0;
    Bytes note;
  };
  Result<std::optional<Head>> NewestHead() const;
  // Up to where what commits say of earlier items counts: the size under the newest checkpoint that this process knows. All
  // of it where nobody asked for one.
  void NoteAcknowledged(tlog::TreeSize size) const;
  tlog::TreeSize acknowledged() const;

  // What is to be said to the user, once.
  std::vector<std::string> TakeRemarks();

 private:
  Result<void> Begin();
  Result<void> LoadCache();
  Result<void> DropCache(std::string why);
  Result<void> Fetch();

  VaultObjects objects_;
  CommitCache cache_;
  std::mutex catching_up_;  // one at a time
  bool has_begun_ = false;
  mutable std::shared_mutex mutex_;  // of what follows
  CommitIndex index_;
  mutable std::map<std::uint64_t, Bytes> heads_;  // by commit
  mutable std::optional<tlog::TreeSize> acknowledged_;
  std::vector<std::string> remarks_;
};

}  // namespace exhibit::store
