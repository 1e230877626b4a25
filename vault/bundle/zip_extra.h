// The extra field of a zip's header: records of a number, a length and so many bytes.
//
// Few are read, because an unpacker may know the others: one renames the file, one makes it a link.
#pragma once

#include "vault/bundle/container_file.h"

namespace exhibit::bundle {

struct ZipExtra {
  bool has_zip64 = false;
  ByteView zip64;  // of the bytes that were given
};

// `name` is the file's. kInvalid for a record that is not read, kTampered for what is none or comes twice.
Result<ZipExtra> ReadZipExtra(ByteView extra, std::string_view name);

// The next number of `zip64` for each of `fields` that is all ones. False if there are more of the one or of the other.
bool TakeZip64(ByteView zip64, std::initializer_list<std::uint64_t*> fields);

}  // namespace exhibit::bundle
