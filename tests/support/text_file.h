// Small files of text, written and read whole.
#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

#include "tests/support/check.h"
#include "vault/base/file.h"

namespace exhibit::testing {

inline void WriteText(const std::filesystem::path& path, std::string_view text) {
  std::filesystem::create_directories(path.parent_path());
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file.write(text.data(), static_cast<std::streamsize>(text.size()));
}

inline std::string ReadText(const std::filesystem::path& path) {
  return ToText(Unwrap(ReadFile(path, std::uint64_t{1} << 32)));
}

}  // namespace exhibit::testing
