// The extra field of a zip's header: records of a number, a length and so many bytes.
//
// We read few kinds and refuse the others, because an unpacker may know them: one renames the file, one makes it a link.
#pragma once

#include <cstdint>

#include "vault/bundle/container_file.h"

namespace exhibit::bundle {

struct ZipExtra {
  bool has_zip64 = false;
  ByteView zip64;  // a view into the argument
};

// `name` is the file's. kInvalid for a record that we do not read, kTampered for a malformed or repeated one.
Result<ZipExtra> ReadZipExtra(ByteView extra, std::string_view name);

// Sets each of `fields` that is all ones to the next number of `zip64`. False if their counts differ.
bool TakeZip64(ByteView zip64, std::initializer_list<std::uint64_t*> fields);

}  // namespace exhibit::bundle
