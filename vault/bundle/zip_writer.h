// The parts of a zip whose files are stored; zip_index.h draws them.
#pragma once

#include "vault/base/bytes.h"
#include "vault/bundle/packed_file.h"

namespace exhibit::bundle {

// What stands in front of a file's bytes. As long whatever the checksum is.
Bytes ZipHeader(const PackedFile& file);

// What stands behind all files: the list of them, and the end.
class ZipList {
 public:
  void Add(const PackedFile& file);
  // `offset` is where it will stand.
  Bytes Finish(std::uint64_t offset);

 private:
  Bytes list_;
  std::uint64_t count_ = 0;
};

}  // namespace exhibit::bundle
