// A collection of Velociraptor, as its offline collector or a server's download makes it, unpacked. Each file of it is an item.
//
//   collection_context.json         what was asked, and how each query ended
//   uploads.json                    which files were stored, of how many bytes at the source
//   results/ARTIFACT.json           rows; those of files that were stored say their digests
//   log.json                        what the collector said meanwhile
//   uploads/auto/C%3A/Users/a.txt   the files, under escaped names
//
// Compared in both directions: digests with the files; what uploads.json names with what is there, and its size; what is there
// with what uploads.json names. A file that was stored shorter than it was, and a query that ended with an error, could not be
// had at the source.
//
// Several collections may lie below the paths that are named. What the records say besides is not read (velociraptor_records.h).
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "vault/intake/foreign_folder.h"
#include "vault/intake/velociraptor_records.h"

namespace exhibit::intake {

class VelociraptorFolder final : public ForeignFolder {
 public:
  // Reads the records below each of `starts`. kInvalid if there is no collection; kInterrupted.
  static Result<VelociraptorFolder> Look(const std::vector<Start>& starts, WalkOptions walk,
                                         const std::atomic<bool>* interrupted);

  Result<SaidOfFile> Of(const Found& found) override;
  FolderFindings End() override;

 private:
  struct Stored {
    bool is_named = false;  // by uploads.json
    std::uint64_t bytes_at_source = 0;
    std::uint64_t bytes_stored = 0;
    bool has_map = false;  // beside it: its holes were passed over
    bool is_there = false;
    std::vector<custody::ClaimedDigest> digests = {};
  };
  struct Collection {
    std::map<VelociraptorPlace, Stored> stored = {};
    std::uint64_t unnamed = 0;  // files below uploads/ that uploads.json does not name
    bool has_list = false;      // uploads.json is there
  };
  using Collections = std::map<std::filesystem::path, Collection>;  // by folder

  Result<void> ReadRecords(const std::filesystem::path& folder, Collection& collection);
  Result<void> ReadUploads(const std::filesystem::path& file, Collection& collection);
  Result<void> ReadResults(const std::filesystem::path& file, Collection& collection);
  Result<void> ReadLog(const std::filesystem::path& file);
  Result<void> EachLine(const std::filesystem::path& file, const std::function<void(std::string_view)>& take);
  void NoteFolders(const std::filesystem::path& folder, Collection& collection);
  void TellFailures(const std::filesystem::path& file, std::vector<std::string> messages);
  // The collection that the file lies in; the end if in none.
  Collections::iterator CollectionOf(const std::filesystem::path& path);

  const std::atomic<bool>* interrupted_ = nullptr;
  Exclusion exclusion_;
  Collections collections_;
  std::map<std::filesystem::path, std::set<std::filesystem::path>> results_;  // files of rows, by collection
  FolderFindings findings_;
};

}  // namespace exhibit::intake
