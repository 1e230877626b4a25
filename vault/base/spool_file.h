// A file without a name, for what is too much to keep in memory until it is needed again: pieces are written to its end,
// and each is read by its place. Nothing of it is left when it is closed, nor after a crash.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "vault/base/bytes.h"
#include "vault/base/error.h"
#include "vault/base/file.h"

namespace exhibit {

class SpoolFile {
 public:
  // In this folder, for whose readers its pieces may be.
  static Result<SpoolFile> Make(const std::filesystem::path& folder);

  Result<ByteRange> Append(std::string_view piece);
  // Several threads may call this at once. REQUIRES: Append gave the range, and nothing is appended any more.
  Result<std::string> Read(ByteRange range) const;
  // Hands over to the system what was not yet written. REQUIRES: before the first Read.
  Result<void> Finish();

 private:
  SpoolFile(FileDescriptor file, std::filesystem::path path) : file_(std::move(file)), path_(std::move(path)) {}
  FileDescriptor file_;
  std::filesystem::path path_;  // that it had for a moment, for messages
  std::string unwritten_;
  std::uint64_t bytes_ = 0;
};

}  // namespace exhibit
