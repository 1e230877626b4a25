// A file, link or stream as a source of evidence: read once, and watched for changes meanwhile. What can be read of a file
// on a failing medium is (intake/salvage.h).
#pragma once

#include <sys/stat.h>

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <optional>

#include "vault/base/byte_source.h"
#include "vault/base/file.h"
#include "vault/base/sparse_file.h"
#include "vault/intake/salvage.h"

namespace exhibit::intake {

// Whether a file has the size and the times that it had.
bool IsUnchanged(const struct ::stat& before, const struct ::stat& now);

class FileSource final : public ByteSource {
 public:
  // Opens a regular file or, if `status` says so, a block device. `status`: of when it was found. kInvalid if what is
  // there now is not what `status` describes: somebody put another file in its place.
  static Result<FileSource> Open(const std::filesystem::path& path, const struct ::stat& status);
  // Reads an open descriptor to its end, such as the standard input, and waits for what comes: also where reading from it
  // does not block, and no longer than until `interrupted` is set. What cuts it short ends it: see `cut`.
  static FileSource FromDescriptor(FileDescriptor file, std::filesystem::path name,
                                   const std::atomic<bool>* interrupted);

  Result<std::size_t> Read(MutableByteView buffer) override;
  bool PassOverZeros(std::size_t bytes) override;

  // Why it ended before its end, as far as that is known here; what was read until then is genuine. Of a stream
  // kInterrupted, or kIo; of a file whatever took its medium away. Nothing while it goes on, and after its end.
  const std::optional<Error>& cut() const { return cut_; }

  // What of a file could not be read, and has zeros in its place.
  const Salvage& salvage() const { return salvage_; }

  // True if size or times of the file are not what they were when it was opened, or if it had fewer bytes then than when
  // it was found: a log was emptied in between. Streams do not change.
  Result<bool> Changed() const;

  // What the system told of it when it was opened. Its times are those of the bytes that are read.
  const struct ::stat& status() const { return status_; }

  // True if who opens the path now would read less than was read here, or something else: the file was cut, removed, or
  // another one took its place, as where a log is rotated.
  bool WouldReadLess() const;

 private:
  FileSource(FileDescriptor file, std::filesystem::path path, const struct ::stat& status);
  Result<std::size_t> ReadWhatCanBe(MutableByteView buffer);
  std::size_t ReadAsItComes(MutableByteView buffer);
  FileDescriptor file_;
  std::filesystem::path path_;
  struct ::stat status_;
  bool lost_bytes_ = false;  // between finding and opening
  HolePasser holes_;
  std::uint64_t read_ = 0;                          // bytes, those of holes too
  const std::atomic<bool>* interrupted_ = nullptr;  // of a stream
  std::optional<Error> cut_;
  Salvage salvage_;
};

}  // namespace exhibit::intake
