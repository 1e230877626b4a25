// The time that a timestamp token says, by its shape alone: no signature is looked at, and nothing is believed.
//
// The law counts with it where a robbed key may cast doubt on what was stamped (docs/FORMAT.md, Keys that others had too).
// Every verifier must read the same, so the shape is this page's and no library's.
#pragma once

#include <cstdint>
#include <optional>

#include "vault/base/bytes.h"
#include "vault/crypto/hash.h"

namespace exhibit::crypto {

struct TimestampClaim {
  Sha256Digest imprint;
  std::int64_t seconds = 0;  // since 1970; a fraction is cut off
};

// Nothing where it is no TimeStampToken over SHA-256 in DER.
std::optional<TimestampClaim> ReadTimestampClaim(ByteView token);

}  // namespace exhibit::crypto
