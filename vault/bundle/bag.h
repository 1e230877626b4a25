// The bag around a bundle: files written once, hashed on their way, listed in manifests; and a bag
// read back, where every file is listed, is a plain file and has the hashes that the manifests say.
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "vault/base/bytes.h"
#include "vault/base/error.h"
#include "vault/base/file.h"
#include "vault/base/parallel.h"
#include "vault/bundle/file_hasher.h"
#include "vault/bundle/manifest.h"

namespace exhibit::bundle {

class BagWriter {
 public:
  // `folder` exists and is empty. Whoever made it syncs it (NewFolder in vault/base/new_folder.h).
  explicit BagWriter(std::filesystem::path folder) : folder_(std::move(folder)) {}

  // A file of the bag being written, by pieces. `name` is relative, with "/".
  class File {
   public:
    Result<void> Write(ByteView bytes);

   private:
    friend class BagWriter;
    File(FileDescriptor file, std::filesystem::path path, std::string name);
    FileDescriptor file_;
    std::filesystem::path path_;
    std::string name_;
    FileHasher hasher_;
    std::uint64_t bytes_ = 0;
    std::uint64_t on_their_way_ = 0;  // of these, to the disk
  };
  // These may be called by several threads at once, for different names.
  Result<File> Create(const std::string& name);
  Result<void> Finish(File file);
  Result<void> WriteWhole(const std::string& name, ByteView bytes);

  // REQUIRES: a file of this name was finished.
  FileHashes HashesOf(const std::string& name) const;

  // Of the files of kLargeFileBytes and more, what CheckBag need not find out again.
  const HashesByName& large_files() const { return large_; }

  // Writes bagit.txt, bag-info.txt with these fields, and the manifests. Gives the hashes of the two tag manifests,
  // each of its own algorithm.
  Result<FileHashes> Close(const std::vector<std::pair<std::string, std::string>>& bag_info);

 private:
  Result<void> MakeFolderOf(const std::string& name);
  std::string Manifested(ManifestHash hash, Lists lists) const;

  std::filesystem::path folder_;
  mutable std::mutex mutex_;  // guards what follows
  std::set<std::string> made_folders_;
  HashesByName hashes_;  // of all files so far
  HashesByName large_;  // of those among them that are large
  std::uint64_t payload_bytes_ = 0;
  std::uint64_t payload_files_ = 0;
};

struct BagProblem {
  std::string file;
  std::string message;
};

// What the manifests of a bag say: by file, and of which two tag manifests that was read.
struct BagManifests {
  Manifest sha256;
  Manifest sha512;
  FileHashes tag_manifests;  // each of its own algorithm
};

// Errors are of a folder of which nothing more can be told:
//   kNotFound   no folder there
//   kInvalid    a folder, and no bag
//   kTampered   it says that it is a bag, and its declaration or a manifest is missing or malformed
Result<BagManifests> ReadBag(const std::filesystem::path& folder);

struct BagCheck {
  // What is not as it must be: files that are missing, changed, not listed, or no plain files; names
  // that leave the bag; a Payload-Oxum that is not so. Empty means that the bag is whole.
  std::vector<BagProblem> problems;
  // Of every listed file below data/ that could be read, its SHA-256.
  using Hashes = std::map<std::string, crypto::Sha256Digest>;
  Hashes hashes;
};

// Reads every file but kNoteFile, which speaks of the manifests, several at a time. kInterrupted, or what kept it from
// seeing which files there are. `written` is for who has just made the bag: a file there whose SHA-256 is still the one that it was written with has
// the SHA-512 that was computed of the same bytes.
Result<BagCheck> CheckBag(const std::filesystem::path& folder, const BagManifests& manifests, Pool& pool,
                          const std::atomic<bool>* interrupted = nullptr, const HashesByName* written = nullptr);

}  // namespace exhibit::bundle
