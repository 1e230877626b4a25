// Keys of the algorithms that OpenSSL has from 3.5 on, by name, so that one build runs with every OpenSSL from 3.0 on: what
// ml_kem.cc and ml_dsa.cc share. Internal to crypto/.
#pragma once

#include <openssl/evp.h>

#include <memory>

#include "vault/base/bytes.h"

namespace exhibit::crypto {

struct EvpFree {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(EVP_PKEY_CTX* context) const { EVP_PKEY_CTX_free(context); }
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
  void operator()(EVP_KEYMGMT* management) const { EVP_KEYMGMT_free(management); }
};
using EvpKey = std::unique_ptr<EVP_PKEY, EvpFree>;
using EvpKeyContext = std::unique_ptr<EVP_PKEY_CTX, EvpFree>;
using EvpDigestContext = std::unique_ptr<EVP_MD_CTX, EvpFree>;

// Whether the library that this program runs with has the algorithm.
bool HasKeysOf(const char* algorithm);

// Null if the bytes are no such key.
EvpKey ImportSeed(const char* algorithm, ByteView seed);
EvpKey ImportPublic(const char* algorithm, ByteView key);

// Writes the public half. REQUIRES: `output` has exactly its size.
void ExportPublic(const EvpKey& key, MutableByteView output);

}  // namespace exhibit::crypto
