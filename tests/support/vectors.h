// Test vectors: those of this repository, and the large public collections that stand outside it.
//
// The public collections (age, Merkle proofs) are looked for in $EXHIBIT_VECTORS and then in
// ../shared/vectors beside the source tree. A test that needs one carries the tag [vectors], which ctest runs by
// itself, and begins with SKIP_WITHOUT.
#pragma once

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/catch.h"
#include "vault/base/bytes.h"

namespace exhibit::testing {

// How many tests of this program were left out.
int& SkippedTests();

// The folder of the public collection `name`, if it is on this machine.
inline std::optional<std::filesystem::path> VectorFolder(std::string_view name) {
  const char* const configured = std::getenv("EXHIBIT_VECTORS");
  const std::filesystem::path root = configured != nullptr
                                         ? std::filesystem::path(configured)
                                         : std::filesystem::path(EXHIBIT_SOURCE_DIR) / ".." / "shared" / "vectors";
  const std::filesystem::path folder = root / name;
  std::error_code error;
  if (!std::filesystem::is_directory(folder, error)) return std::nullopt;
  return folder;
}

// A file below tests/vectors/, which every checkout has.
inline std::filesystem::path OwnVector(std::string_view name) {
  return std::filesystem::path(EXHIBIT_SOURCE_DIR) / "tests" / "vectors" / name;
}

// The whole file; fails the test if it cannot be read.
inline Bytes ReadVector(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) FAIL("cannot read " << path.string());
  return Bytes(std::istreambuf_iterator<char>(file), {});
}

// The regular files below `folder` whose name ends in `extension` (all, if it is empty), in the
// order of their paths.
inline std::vector<std::filesystem::path> FilesBelow(const std::filesystem::path& folder,
                                                     std::string_view extension = {}) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    if (extension.empty() || entry.path().extension() == extension) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace exhibit::testing

// Leaves the test if `found` is empty, and the program ends with the status of a skipped one (main.cc).
#define SKIP_WITHOUT(found, what)           \
  do {                                      \
    if (!(found)) {                         \
      WARN("SKIPPED: " << (what));          \
      ++::exhibit::testing::SkippedTests(); \
      return;                               \
    }                                       \
  } while (false)
