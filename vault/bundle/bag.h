// The bag around a bundle: each file is written once, hashed meanwhile, and listed in manifests. bag_check.h reads it back.
#pragma once

#include <cstdint>
#include <filesystem>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "vault/base/bytes.h"
#include "vault/base/error.h"
#include "vault/base/sparse_file.h"
#include "vault/bundle/file_hasher.h"
#include "vault/bundle/manifest.h"

namespace exhibit::bundle {

class BagWriter {
 public:
  // `folder` exists and is empty. Whoever made it syncs it (NewFolder in vault/base/new_folder.h). A bag has manifests of
  // SHA-512 too, or none.
  explicit BagWriter(std::filesystem::path folder, Digests digests = Digests::kSha256)
      : folder_(std::move(folder)), digests_(digests) {}

  // A file of the bag being written, by pieces. `name` is relative, with "/".
  class File {
   public:
    Result<void> Write(ByteView bytes);

   private:
    friend class BagWriter;
    File(SparseWriter file, std::string name) : file_(std::move(file)), name_(std::move(name)) {}
    Result<void> WriteNow(ByteView bytes);
    Result<void> WriteRest();
    SparseWriter file_;
    std::string name_;
    std::optional<FileHasher> hasher_;  // unless its caller hashes it
    std::uint64_t on_their_way_ = 0;    // bytes that the system was asked to write
    Bytes unwritten_;  // of many small writes, a call of the system for each would take longer than they
  };
  // Several threads may call these at once, for different names.
  Result<File> Create(const std::string& name);
  Result<void> Finish(File file);
  // The same for a caller that compares all bytes with their SHA-256 anyway, so that they are not hashed twice.
  // REQUIRES: `sha256` is that of all that was written.
  Result<File> CreateOriginal(const std::string& name, ZeroBlocks zeros);
  Result<void> FinishOriginal(File file, const crypto::Sha256Digest& sha256);
  Result<void> WriteWhole(const std::string& name, ByteView bytes);

  // REQUIRES: a file of this name was finished.
  FileHashes HashesOf(const std::string& name) const;

  // The hashes of files of kLargeFileBytes and more, which CheckBag (bag_check.h) need not compute again.
  const HashesByName& large_files() const { return large_; }

  // Writes the manifests of data/, below which nothing is written from here on. Returns the SHA-256 of manifest-sha256.txt.
  Result<crypto::Sha256Digest> ClosePayload();

  // Writes bagit.txt, bag-info.txt with these fields, and the tag manifests. Returns the hashes of these, each of its own
  // algorithm. REQUIRES: ClosePayload.
  Result<FileHashes> Close(const std::vector<std::pair<std::string, std::string>>& bag_info);

 private:
  Result<File> Make(const std::string& name, ZeroBlocks zeros);
  Result<void> Note(File file, FileHashes hashes);
  Result<void> MakeFolderOf(const std::string& name);
  std::string Manifested(ManifestHash hash, Lists lists) const;

  std::filesystem::path folder_;
  Digests digests_;
  mutable std::mutex mutex_;  // guards what follows
  std::set<std::string> made_folders_;
  HashesByName hashes_;  // of all files so far
  HashesByName large_;   // of the large ones among them
  std::uint64_t payload_bytes_ = 0;
  std::uint64_t payload_files_ = 0;
};

}  // namespace exhibit::bundle
