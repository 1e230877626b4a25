// Copies of commits in a local folder: a cache, and no more. Whoever deletes it loses time.
//
//   log/000/000/042.commit     commit 42, byte for byte as it is in the bucket
//
// A file is written under another name and renamed, and never changes after that, so processes share the folder without a
// lock. Nothing is synced: what a power cut left of a file does not fit the chain of commits, and is fetched again.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

#include "vault/base/bytes.h"
#include "vault/base/error.h"

namespace exhibit::store {

class CommitCache {
 public:
  explicit CommitCache(std::filesystem::path folder) : folder_(std::move(folder)) {}

  // Nothing if it is not there.
  Result<std::optional<Bytes>> Read(std::uint64_t n) const;
  // kTampered if the file ends before.
  Result<Bytes> ReadStretch(std::uint64_t n, ByteRange range) const;
  Result<void> Keep(std::uint64_t n, ByteView commit) const;
  // Drops the commits from n on.
  Result<void> DropFrom(std::uint64_t n) const;

 private:
  std::filesystem::path PathOf(std::uint64_t n) const;
  std::filesystem::path folder_;
};

}  // namespace exhibit::store
