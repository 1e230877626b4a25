// The parts of a tar in GNU's form; tar_index.h draws them.
#pragma once

#include "vault/base/bytes.h"
#include "vault/bundle/packed_file.h"

namespace exhibit::bundle {

// What stands in front of a file's bytes: its header, and before it its long name, if it has one.
Bytes TarHeader(const PackedFile& file);
// What fills the last block of `size` bytes.
Bytes TarFilling(std::uint64_t size);
// Two blocks of zeros, and more until the tar of `at` bytes has a record's length, as some drives want it.
Bytes TarEnd(std::uint64_t at);

}  // namespace exhibit::bundle
