// Keys from keys and from passphrases: HMAC-SHA-256 (RFC 2104), HKDF-SHA-256 (RFC 5869) and scrypt
// (RFC 7914).
#pragma once

#include <initializer_list>
#include <string_view>

#include "vault/base/bytes.h"
#include "vault/base/error.h"
#include "vault/crypto/secret.h"

namespace exhibit::crypto {

struct DerivedKeyTag;
using DerivedKey = Secret<DerivedKeyTag, 32>;
struct MacTag;
using Mac = Fixed<MacTag, 32>;

// HMAC-SHA-256 over the concatenation of `parts`.
Mac HmacSha256(const DerivedKey& key, std::initializer_list<ByteView> parts);

// Compares in constant time.
bool MacEqual(const Mac& a, const Mac& b);

// HKDF-SHA-256 with 32 bytes of output. An empty `salt` means 32 zero bytes, as RFC 5869 says.
DerivedKey HkdfSha256(ByteView input_key, ByteView salt, std::string_view info);

// scrypt with N = 2^log2_n, r = 8, p = 1 and 32 bytes of output. Needs 2^log2_n KiB of memory.
// Fails with kIo if the system does not give that memory; it never makes a weaker key instead.
// REQUIRES: 1 <= log2_n <= 30.
Result<DerivedKey> Scrypt(std::string_view passphrase, ByteView salt, int log2_n);

}  // namespace exhibit::crypto
