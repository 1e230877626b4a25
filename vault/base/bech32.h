// Bech32 (BIP 173) without its limit on length, as age writes keys.
#pragma once

#include <string>
#include <string_view>

#include "vault/base/bytes.h"
#include "vault/base/error.h"

namespace exhibit {

struct Bech32 {
  std::string prefix;  // the human-readable part, in lower case
  Bytes data;
};

// Lower case. REQUIRES: `prefix` is lower-case printable ASCII, not empty.
std::string EncodeBech32(std::string_view prefix, ByteView data);

// All lower or all upper case. kInvalid on mixed case, a wrong checksum, or bits left over. The text
// may be a secret: errors do not quote it.
Result<Bech32> DecodeBech32(std::string_view text);

}  // namespace exhibit
