// Packs: the files that hold the sealed files, one after another, below the store's folder.
//
//   packs/000001   | header | payload | hashes | header | payload | hashes | …
//   packs/000002   …
//
// A sealed file's bytes are written once, by appending, and are never moved. The places that the database keeps with each
// entry say what a pack holds, and that it holds nothing else. Every byte of a place is
// under a hash that the entry signs, so a pack needs no format and no checksum of its own; header and payload
// together are an age file, which `dd` and `age -d` open.
//
// Why not sorted files of the database: nobody can append to those. A command that adds one item would leave
// a file of its own, or the item would be written again each time files are merged
// (docs/decisions/0001-packs.md has the measurements).
//
// A new pack begins when one is full: at 1 GiB at first, later at more, so that a vault of any size has
// some hundreds of packs. A sealed file may begin in one pack and end in a later one.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <vector>

#include "vault/base/file.h"
#include "vault/store/store.h"

namespace exhibit::store {

// The packs 1 to `pack` are full except the last, which holds `bytes`. {0, 0} if there is none.
struct PackEnd {
  std::uint64_t pack = 0;
  std::uint64_t bytes = 0;
  auto operator<=>(const PackEnd&) const = default;
};

// How many bytes pack number `pack` may have: 1 GiB for the first 64, twice as many for the next 64, and so on.
std::uint64_t PackLimit(std::uint64_t pack);

// The extents of the first bytes of a sealed file.
std::vector<Extent> FirstBytes(std::span<const Extent> extents, std::uint64_t bytes);

class Packs {
 public:
  // `end` is the end of the last place that an entry names.
  Packs(std::filesystem::path store_folder, PackEnd end);

  // For a new store.
  static Result<void> Create(const std::filesystem::path& store_folder);

  // A stretch of the bytes of the extents. kTampered if a pack is missing or ends before it should.
  Result<Bytes> Read(std::span<const Extent> extents, ByteRange range) const;
  // The same from `offset` on, as many as `into` has room for.
  Result<void> ReadInto(std::span<const Extent> extents, std::uint64_t offset, MutableByteView into) const;

  // REQUIRES: no other stage is open.
  Result<std::unique_ptr<SealedStage>> NewStage();

  // Call it when entries name what was staged, up to `end`.
  void Commit(PackEnd end);
  // Call it when nobody knows whether they do: from here on nothing is staged and nothing is cut off.
  void Freeze() { is_frozen_ = true; }
  bool is_frozen() const { return is_frozen_; }
  // kIo once frozen.
  Result<void> CheckNotFrozen() const;
  PackEnd end() const { return end_; }

  // The bytes after the end.
  Result<std::vector<Extent>> AfterEnd() const;
  // Cuts off the bytes after the end. kIo once frozen.
  Result<void> CutAtEnd();

  // Overwrites the bytes with zeros, synced, and gives their space back if the file system can. If it
  // does not write in place, and on flash memory, old bytes may stay until their block is used again.
  Result<void> Overwrite(std::span<const Extent> extents) const;

  // The packs in the folder, with their sizes, and the names of other files.
  struct Listing {
    std::map<std::uint64_t, std::uint64_t> sizes;
    std::vector<std::string> others;
  };
  Result<Listing> List() const;

 private:
  friend class PackStage;
  std::filesystem::path PathOf(std::uint64_t pack) const;
  Result<std::shared_ptr<const FileDescriptor>> OpenToRead(std::uint64_t pack) const;

  std::filesystem::path folder_;
  PackEnd end_;
  bool is_frozen_ = false;
  // A few of the packs that were read last: the system limits how many files a process may open.
  mutable std::mutex mutex_;
  mutable std::map<std::uint64_t, std::shared_ptr<const FileDescriptor>> open_;
};

}  // namespace exhibit::store
