// A file as it is put into a container.
#pragma once

#include <cstdint>
#include <ctime>
#include <string>

namespace exhibit::bundle {

struct PackedFile {
  std::string name;  // with the folder on top
  std::uint64_t size = 0;
  std::time_t modified = 0;
  std::uint32_t crc = 0;
  std::uint64_t offset = 0;  // of its header in the container
};

}  // namespace exhibit::bundle
