// The parts of a tar in GNU's form; tar_index.h draws them.
#pragma once

#include <cstdint>

#include "vault/base/bytes.h"
#include "vault/bundle/packed_file.h"

namespace exhibit::bundle {

// The bytes before a file's data: its long name, if it has one, and its header.
Bytes TarHeader(const PackedFile& file);
// The zeros that fill the last block of `size` bytes.
Bytes TarFilling(std::uint64_t size);
// Two blocks of zeros, and more until a tar of `at` bytes fills its last record, which some tape drives require.
Bytes TarEnd(std::uint64_t at);

}  // namespace exhibit::bundle
