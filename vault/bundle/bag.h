// The bag around a bundle: each file is written once, hashed meanwhile, and listed in manifests. bag_check.h reads it back.
#pragma once

#include <cstdint>
#include <filesystem>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "vault/base/bytes.h"
#include "vault/base/error.h"
#include "vault/base/file.h"
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
    std::uint64_t on_their_way_ = 0;  // bytes that the system was asked to write
  };
  // Several threads may call these at once, for different names.
  Result<File> Create(const std::string& name);
  Result<void> Finish(File file);
  Result<void> WriteWhole(const std::string& name, ByteView bytes);

  // REQUIRES: a file of this name was finished.
  FileHashes HashesOf(const std::string& name) const;

  // The hashes of files of kLargeFileBytes and more, which CheckBag (bag_check.h) need not compute again.
  const HashesByName& large_files() const { return large_; }

  // Writes bagit.txt, bag-info.txt with these fields, and the manifests. Returns the hashes of the two tag manifests,
  // each of its own algorithm.
  Result<FileHashes> Close(const std::vector<std::pair<std::string, std::string>>& bag_info);

 private:
  Result<void> MakeFolderOf(const std::string& name);
  std::string Manifested(ManifestHash hash, Lists lists) const;

  std::filesystem::path folder_;
  mutable std::mutex mutex_;  // guards what follows
  std::set<std::string> made_folders_;
  HashesByName hashes_;  // of all files so far
  HashesByName large_;   // of the large ones among them
  std::uint64_t payload_bytes_ = 0;
  std::uint64_t payload_files_ = 0;
};

}  // namespace exhibit::bundle
