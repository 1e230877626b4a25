#include "vault/crypto/evp_key.h"

#include <openssl/core_names.h>
#include <openssl/params.h>

#include "vault/base/error.h"

namespace exhibit::crypto {
namespace {

constexpr const char* kSeedParameter = "seed";

EvpKey Import(const char* algorithm, int selection, const char* parameter, ByteView bytes) {
  const EvpKeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, algorithm, nullptr));
  EVP_PKEY* key = nullptr;
  // OpenSSL takes a pointer that it does not write through.
  OSSL_PARAM parameters[] = {
      OSSL_PARAM_construct_octet_string(parameter, const_cast<std::uint8_t*>(bytes.data()), bytes.size()),
      OSSL_PARAM_construct_end()};
  if (!context || EVP_PKEY_fromdata_init(context.get()) != 1) return nullptr;
  if (EVP_PKEY_fromdata(context.get(), &key, selection, parameters) != 1) return nullptr;
  return EvpKey(key);
}

}  // namespace

bool HasKeysOf(const char* algorithm) {
  return std::unique_ptr<EVP_KEYMGMT, EvpFree>(EVP_KEYMGMT_fetch(nullptr, algorithm, nullptr)) != nullptr;
}

EvpKey ImportSeed(const char* algorithm, ByteView seed) {
  return Import(algorithm, EVP_PKEY_KEYPAIR, kSeedParameter, seed);
}

EvpKey ImportPublic(const char* algorithm, ByteView key) {
  return Import(algorithm, EVP_PKEY_PUBLIC_KEY, OSSL_PKEY_PARAM_PUB_KEY, key);
}

void ExportPublic(const EvpKey& key, MutableByteView output) {
  std::size_t size = 0;
  EXHIBIT_ASSERT(key && EVP_PKEY_get_octet_string_param(key.get(), OSSL_PKEY_PARAM_PUB_KEY, output.data(),
                                                        output.size(), &size) == 1);
  EXHIBIT_ASSERT(size == output.size());
}

}  // namespace exhibit::crypto
