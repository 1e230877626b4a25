#include "vault/crypto/versions.h"

#include <openssl/crypto.h>
#include <sodium.h>

namespace exhibit::crypto {

std::string LibraryVersions() {
  return std::string(::OpenSSL_version(OPENSSL_VERSION)) + ", libsodium " + ::sodium_version_string();
}

}  // namespace exhibit::crypto
