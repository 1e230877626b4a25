// Loose files: were they taken in, and as which entries? A file is an item's original if it has the SHA-256 and the size that
// the item's fields say, or the SHA-512, where the bundle withholds the SHA-256. Its name says nothing.
//
// Nothing that was not told can be found: a bundle may be a part, and fields may be withheld or sealed.
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "vault/base/error.h"
#include "vault/bundle/file_hasher.h"
#include "vault/custody/field.h"
#include "vault/tlog/sequence.h"

namespace exhibit::bundle {

// An item that the file is the original of.
struct TakenIn {
  tlog::Sequence entry;
  std::optional<std::string> source = {};  // raw bytes, as far as they are told
  std::optional<std::string> path = {};
  std::optional<std::string> added = {};  // `acquired.at`, as it was told
  bool derived = false;                   // it was made of other evidence
};

struct FoundFile {
  std::filesystem::path file;
  std::optional<Error> error = {};  // why it could not be read; then nothing else is known
  std::optional<crypto::Sha256Digest> sha256 = {};
  std::uint64_t size = 0;
  std::vector<TakenIn> entries = {};  // in order of position; empty: nothing here says that it was taken in
};

class FileFinder {
 public:
  // Reads the files. kInterrupted.
  static Result<FileFinder> Read(const std::vector<std::filesystem::path>& files, const std::atomic<bool>* interrupted);

  // Compares the files with an item whose fields are told. In order of position.
  void Compare(tlog::Sequence item, const custody::FieldList& fields);
  std::vector<FoundFile> Take() && { return std::move(found_); }

 private:
  FileFinder() = default;
  std::vector<FoundFile> found_;
  std::vector<FileHashes> hashes_;  // of each of them
};

}  // namespace exhibit::bundle
