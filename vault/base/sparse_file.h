// Files with holes: stretches that read as zeros, and for which the disk has no blocks. Who reads such a file passes over its
// holes, who writes one leaves them, so that a disk image of terabytes with little in it takes time and room for that little.
//
//   HolePasser     passes over holes of an open file
//   PieceReader    a file from front to back, a piece at a time, without reading its holes
//   SparseWriter   a new file from front to back; blocks of zeros become holes where the caller says so
//
// The bytes are the same on a file system without holes. It is only slower and takes more room.
#pragma once

#include <sys/stat.h>

#include <cstdint>
#include <filesystem>

#include "vault/base/bytes.h"
#include "vault/base/error.h"
#include "vault/base/file.h"

namespace exhibit {

class HolePasser {
 public:
  HolePasser() = default;  // passes over nothing
  // `status` is that of the file. A file that takes as much room as it has bytes is never asked for holes; and no file on
  // ZFS, which calls data holes that was written a moment before (OpenZFS issue 15526).
  HolePasser(const FileDescriptor& file, const struct ::stat& status);

  // Whether the `bytes` from `offset` on lie in one hole. Moves the file's position anywhere.
  bool IsHole(const FileDescriptor& file, std::uint64_t offset, std::uint64_t bytes) const;
  // Moves the file's position on by `bytes` if all of them lie in one hole, and says whether they do.
  bool PassOver(const FileDescriptor& file, std::uint64_t bytes) const;

 private:
  bool may_have_holes_ = false;
};

class PieceReader {
 public:
  // Never follows a link in the last component. kInvalid, "not a plain file", if it is none.
  static Result<PieceReader> Open(std::filesystem::path path);

  // The next piece, which is valid until the next call; empty at the end.
  Result<ByteView> Next();

 private:
  PieceReader(FileDescriptor file, std::filesystem::path path, const struct ::stat& status);
  FileDescriptor file_;
  std::filesystem::path path_;
  HolePasser holes_;
  Bytes buffer_;
  bool ended_ = false;
};

// What becomes of blocks of zeros.
enum class ZeroBlocks : std::uint8_t { kAreWritten, kBecomeHoles };

class SparseWriter {
 public:
  // `file` is new and empty. `path` is for messages.
  SparseWriter(FileDescriptor file, std::filesystem::path path, ZeroBlocks zeros);

  Result<void> Write(ByteView bytes);
  // Gives the file its whole length. Without it a hole at the end is missing.
  Result<void> Finish();

  const FileDescriptor& file() const { return file_; }
  std::uint64_t bytes() const { return bytes_; }
  // How many of them are not left out as holes.
  std::uint64_t written_bytes() const { return written_bytes_; }

 private:
  FileDescriptor file_;
  std::filesystem::path path_;
  ZeroBlocks zeros_;
  std::uint64_t bytes_ = 0;
  std::uint64_t written_bytes_ = 0;
  bool ends_in_hole_ = false;
};

}  // namespace exhibit
