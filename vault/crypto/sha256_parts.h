// SHA-256 over parts whose number is not known where the call is written.
#pragma once

#include <span>

#include "vault/crypto/hash.h"

namespace exhibit::crypto {

// SHA-256 over the concatenation of `parts`.
Sha256Digest Sha256Of(std::span<const ByteView> parts);

}  // namespace exhibit::crypto
