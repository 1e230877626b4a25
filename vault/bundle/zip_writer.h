// The parts of a zip whose files are stored; zip_index.h draws them.
#pragma once

#include <cstdint>

#include "vault/base/bytes.h"
#include "vault/bundle/packed_file.h"

namespace exhibit::bundle {

// The bytes before a file's data. Their length does not depend on the checksum.
Bytes ZipHeader(const PackedFile& file);

// The bytes after all files: the list of them, and the end.
class ZipList {
 public:
  void Add(const PackedFile& file);
  // `offset` is its place in the container.
  Bytes Finish(std::uint64_t offset);

 private:
  Bytes list_;
  std::uint64_t count_ = 0;
};

}  // namespace exhibit::bundle
