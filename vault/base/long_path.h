// A path that may be longer than the system takes at once (PATH_MAX, 4,096 bytes): its folders are opened one after the
// other, until the rest fits. Archives of an intruder and of build systems have such trees.
#pragma once

#include <filesystem>
#include <string>

#include "vault/base/error.h"
#include "vault/base/file.h"

namespace exhibit {

// Where the system's *at calls find it. Valid as long as this is.
class LongPath {
 public:
  // Errors of a folder on the way, as SystemError. No folder on the way is a link, where the path is long.
  static Result<LongPath> Reach(const std::filesystem::path& path);

  int folder() const;  // AT_FDCWD where the path is short enough
  const char* rest() const { return rest_.c_str(); }

 private:
  LongPath(FileDescriptor folder, std::string rest) : folder_(std::move(folder)), rest_(std::move(rest)) {}
  FileDescriptor folder_;
  std::string rest_;
};

}  // namespace exhibit
