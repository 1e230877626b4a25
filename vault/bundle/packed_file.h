// A file inside a container.
#pragma once

#include <cstdint>
#include <ctime>
#include <string>

namespace exhibit::bundle {

struct PackedFile {
  std::string name;  // with the top folder
  std::uint64_t size = 0;
  std::time_t modified = 0;
  std::uint32_t crc = 0;
  std::uint64_t offset = 0;  // of its header in the container
};

}  // namespace exhibit::bundle
