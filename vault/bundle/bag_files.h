// The contents of a bag's folder, read once: files, things that are no files, and files that an operating system left.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "vault/base/error.h"

namespace exhibit::bundle {

// A problem of one file of a bag, by its name in the bag.
struct BagProblem {
  std::string file;
  std::string message;
  ErrorCode because = ErrorCode::kTampered;  // kNotFound: it is missing; kPermission, kIo: it could not be looked at
};

struct BagFiles {
  std::vector<std::string> files;   // plain files, in the order of their names
  std::vector<std::string> others;  // links, pipes, devices
  // Foreign files (foreign_files.h), everything in a foreign folder, and, with a slash at the end, folders that are empty
  // or that a system made and closed.
  std::vector<std::string> foreign;
  std::vector<BagProblem> unread;  // folders that the system did not let us look into
};

// `is_listed` says whether the bag's manifests list a file: then it is not foreign, whatever its name.
//   kInvalid  more files than a bundle may have
//   kIo, kPermission, kNotFound  of `folder` itself
Result<BagFiles> ListBag(const std::filesystem::path& folder, const std::function<bool(std::string_view)>& is_listed);

}  // namespace exhibit::bundle
