// A file, link or stream as a source of evidence: read once, and watched for changes meanwhile.
#pragma once

#include <sys/stat.h>

#include <atomic>
#include <cstdint>
#include <filesystem>

#include "vault/base/file.h"
#include "vault/store/sealer.h"

namespace exhibit::intake {

class FileSource final : public store::ByteSource {
 public:
  // Opens a regular file or, if `status` says so, a block device. kInvalid if what is there now is not
  // what `status` describes: somebody put another file in its place.
  static Result<FileSource> Open(const std::filesystem::path& path, const struct ::stat& status);
  // Reads an open descriptor to its end, such as the standard input, and waits for what comes: also where reading from it
  // does not block, and no longer than until `interrupted` is set. kInterrupted then.
  static FileSource FromDescriptor(FileDescriptor file, std::filesystem::path name,
                                   const std::atomic<bool>* interrupted);

  Result<std::size_t> Read(MutableByteView buffer) override;

  // True if size or times of the file are not what they were when it was opened. Streams do not change.
  Result<bool> Changed() const;

  // True if who opens the path now would read less than was read here, or something else: the file was cut, removed, or
  // another one took its place, as where a log is rotated.
  bool WouldReadLess() const;

 private:
  FileSource(FileDescriptor file, std::filesystem::path path, const struct ::stat& status);
  Result<std::size_t> ReadAsItComes(MutableByteView buffer);
  FileDescriptor file_;
  std::filesystem::path path_;
  struct ::stat status_;
  std::uint64_t read_ = 0;                          // bytes
  const std::atomic<bool>* interrupted_ = nullptr;  // of a stream
};

}  // namespace exhibit::intake
