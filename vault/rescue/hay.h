// The files of a damaged store, read as bytes: nothing is opened as a database, and nothing is written.
//
// A rescue reads what the disk still gives. A stretch that the disk refuses (EIO) reads as zeros, 4 KiB at a time, so that
// one bad sector costs one sector: whatever lay there then fails its hash and is named as lost. Every other refusal is an
// error: a file that this user may not read is not lost.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <span>
#include <vector>

#include "vault/base/bytes.h"
#include "vault/base/file.h"
#include "vault/store/store.h"

namespace exhibit::rescue {

// One file, open for reading.
class HayFile {
 public:
  // kPermission if this user may not read it, kInvalid if it is no plain file.
  static Result<HayFile> Open(const std::filesystem::path& path);

  const std::filesystem::path& path() const { return path_; }
  std::uint64_t size() const { return size_; }
  // As many bytes of the range as the file has; zeros where the disk gives none.
  Bytes Read(ByteRange range) const;

 private:
  HayFile(std::filesystem::path path, FileDescriptor file, std::uint64_t size)
      : path_(std::move(path)), file_(std::move(file)), size_(size) {}
  std::filesystem::path path_;
  FileDescriptor file_;
  std::uint64_t size_;
};

// Where something signed was found: in a file, or in the records of a log that were put together.
struct Piece {
  std::uint32_t source = 0;
  std::uint64_t offset = 0;
  std::uint64_t bytes = 0;
};

std::uint64_t BytesOf(std::span<const store::Extent> extents);

// Files that hold sealed files: the packs of one store, or one loose file as pack 1.
class PackFiles {
 public:
  void Add(std::uint64_t pack, std::filesystem::path path) { paths_[pack] = std::move(path); }
  bool empty() const { return paths_.empty(); }
  const std::map<std::uint64_t, std::filesystem::path>& paths() const { return paths_; }
  // 0 of a pack that is missing.
  std::uint64_t SizeOf(std::uint64_t pack) const;
  // Whether any byte of it is there.
  bool HasAny(std::span<const store::Extent> extents) const;
  // All bytes of the range, with zeros for what is not there.
  Bytes Read(std::span<const store::Extent> extents, ByteRange range) const;
  // The run of `bytes` from there on, through the packs after it; fewer if the last pack ends before.
  std::vector<store::Extent> From(std::uint64_t pack, std::uint64_t offset, std::uint64_t bytes) const;

 private:
  const HayFile* File(std::uint64_t pack) const;
  std::map<std::uint64_t, std::filesystem::path> paths_;
  mutable std::map<std::uint64_t, std::unique_ptr<HayFile>> open_;  // null: it cannot be opened
};

}  // namespace exhibit::rescue
