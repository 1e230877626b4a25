// The records of a pax header (POSIX.1, pax): "LENGTH key=value\n", one after another, LENGTH in decimal and of
// the whole record.
//
// Most do not change what is unpacked (times, owners, attributes); two do (path, size). Others are refused, because an
// unpacker may know what they mean: holes, links, names in another character set.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "vault/base/bytes.h"
#include "vault/base/error.h"

namespace exhibit::bundle {

struct PaxRecords {
  std::optional<std::string> path;
  std::optional<std::uint64_t> size;
  bool only_comment = true;  // and nothing else
};

// `name` is the header's, for messages. kTampered if the records break their form or a key is there twice, kInvalid for
// a key that we do not read.
Result<PaxRecords> ReadPax(ByteView data, std::string_view name);

}  // namespace exhibit::bundle
