// What a folder would hold after a power cut: the part of it that was synced.
//
// A file or folder is its inode, as a file system keeps it:
//
//   file     its content is that of its last successful fsync, fdatasync or syncfs; empty without one
//   folder   its entries (name to inode) are those of its last successful fsync or syncfs; none without one
//
// So a created, renamed or removed name survives only if its folder was synced afterwards, and a
// file's content only if the file was, each by itself: stricter than any one file system. Whatever
// lay below the root when watching began counts as synced. sync_file_range promises nothing and
// changes nothing.
//
// After a sync that failed, what it was to sync is gone for good, and a later sync of the same
// inode succeeds without bringing it back, as Linux does (it marks the pages clean).
//
// A power cut may also leave more than what was synced. `WriteTornTo` leaves a part of the rest, by
// chance: each folder's entries as synced or as they are, and of each file that grew some of the
// new bytes.
//
// Not thread-safe. Nothing here goes through the calls that faulty_disk.cc replaces in a way that
// counts: it tells them apart.
#pragma once

#include <sys/stat.h>
#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <map>
#include <random>
#include <string>

namespace exhibit::crash {

class DurableTree {
 public:
  explicit DurableTree(std::filesystem::path root);

  void Synced(int descriptor);
  void SyncFailed(int descriptor);
  // The same by a sync of the whole file system (syncfs): of all that is below the root now.
  void AllSynced();
  void AllSyncsFailed();
  // To be told before a name goes away: keeps the inode alive, so that no new file gets its number
  // while a synced folder still names the old one.
  void BeforeRemoval(const std::filesystem::path& path);

  // Writes what survives into `folder`, which is made.
  void WriteTo(const std::filesystem::path& folder) const;
  void WriteTornTo(const std::filesystem::path& folder, std::uint64_t seed) const;

 private:
  using Entries = std::map<std::string, ino_t>;
  struct Node {
    bool is_folder = false;
    mode_t mode = 0600;
    std::string content;
    Entries entries;
    bool lost = false;  // a sync failed: nothing more will survive
  };
  // Where an inode can be read as it is now.
  using Present = std::map<ino_t, std::filesystem::path>;

  Entries ReadEntries(const std::filesystem::path& folder, std::map<ino_t, Node>& nodes) const;
  void Remember(const std::filesystem::path& folder);
  void SyncedAt(const std::filesystem::path& path, const struct ::stat& status);
  bool IsDurable(const std::filesystem::path& path, const struct ::stat& status);
  void Write(const Node& node, const std::filesystem::path& to, const std::map<ino_t, Node>& nodes) const;

  std::filesystem::path root_;
  ino_t root_inode_ = 0;
  std::map<ino_t, Node> nodes_;
  std::map<ino_t, int> held_;
};

}  // namespace exhibit::crash
