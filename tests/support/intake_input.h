// A file as one thing to take in.
#pragma once

#include <sys/stat.h>

#include <cstdint>
#include <filesystem>

#include "tests/support/check.h"
#include "vault/intake/adder.h"
#include "vault/intake/file_source.h"

namespace exhibit::testing {

inline intake::Input InputOf(const std::filesystem::path& file) {
  struct ::stat status {};
  REQUIRE(::lstat(file.c_str(), &status) == 0);
  intake::Input input;
  input.facts.name = file.filename().native();
  input.size_hint = static_cast<std::uint64_t>(status.st_size);
  input.open = [file, status] { return intake::FileSource::Open(file, status); };
  return input;
}

}  // namespace exhibit::testing
