// What lies in a bag's folder, looked at once: files, what is no file, and what an operating system left there.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "vault/base/error.h"

namespace exhibit::bundle {

// Of a file of a bag, by its name in the bag.
struct BagProblem {
  std::string file;
  std::string message;
  ErrorCode because = ErrorCode::kTampered;  // kNotFound: it is missing; kPermission, kIo: it could not be looked at
};

struct BagFiles {
  std::vector<std::string> files;   // plain files, in the order of their names
  std::vector<std::string> others;  // links, pipes, devices
  // Foreign files (foreign_files.h), whatever lies in a foreign folder, and, with a slash behind, folders that are empty
  // or that a system made and closed.
  std::vector<std::string> foreign;
  std::vector<BagProblem> unread;  // folders that the system did not let us look into
};

// `is_listed` says whether the bag's manifests list a file: it is not foreign then, whatever its name.
//   kInvalid  more files than a bundle may have
//   kIo, kPermission, kNotFound  of `folder` itself
Result<BagFiles> ListBag(const std::filesystem::path& folder, const std::function<bool(std::string_view)>& is_listed);

}  // namespace exhibit::bundle
