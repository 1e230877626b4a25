#include "vault/crypto/ml_dsa.h"

#include <openssl/params.h>

#include "vault/crypto/evp_key.h"

namespace exhibit::crypto {
namespace {

constexpr const char* kName = "ML-DSA-44";
constexpr const char* kDeterministicParameter = "deterministic";

bool Fits(const EvpKey& key, ByteView message, const MlDsaSignature& signature) {
  const EvpDigestContext context(EVP_MD_CTX_new());
  return context &&
         EVP_DigestVerifyInit_ex(context.get(), nullptr, nullptr, nullptr, nullptr, key.get(), nullptr) == 1 &&
         EVP_DigestVerify(context.get(), signature.view().data(), MlDsaSignature::kSize, message.data(),
                          message.size()) == 1;
}

}  // namespace

bool HasMlDsa() {
  static const bool has = HasKeysOf(kName);
  return has;
}

Failure NoMlDsa() {
  return Fail(ErrorCode::kUnsupported, "ML-DSA-44 keys need OpenSSL 3.5 or newer, which is not on this machine",
              "Debian 13 has it");
}

Result<MlDsaPublic> MlDsaPublicHalf(const MlDsaSeed& seed) {
  if (!HasMlDsa()) return NoMlDsa();
  MlDsaPublic half;
  ExportPublic(ImportSeed(kName, seed.ExposeSecret()), half.mutable_view());
  return half;
}

Result<MlDsaSignature> MlDsaSign(const MlDsaSeed& seed, ByteView message) {
  if (!HasMlDsa()) return NoMlDsa();
  const EvpKey key = ImportSeed(kName, seed.ExposeSecret());
  const EvpDigestContext context(EVP_MD_CTX_new());
  int deterministic = 1;
  const OSSL_PARAM parameters[] = {OSSL_PARAM_construct_int(kDeterministicParameter, &deterministic),
                                   OSSL_PARAM_construct_end()};
  MlDsaSignature signature;
  std::size_t size = MlDsaSignature::kSize;
  EXHIBIT_ASSERT(key && context);
  EXHIBIT_ASSERT(EVP_DigestSignInit_ex(context.get(), nullptr, nullptr, nullptr, nullptr, key.get(), parameters) == 1);
  EXHIBIT_ASSERT(
      EVP_DigestSign(context.get(), signature.mutable_view().data(), &size, message.data(), message.size()) == 1);
  // A fault of the machine could reveal the key to whoever sees the signature.
  EXHIBIT_ASSERT(size == MlDsaSignature::kSize && Fits(key, message, signature));
  return signature;
}

Result<bool> MlDsaVerify(const MlDsaPublic& key, ByteView message, const MlDsaSignature& signature) {
  if (!HasMlDsa()) return NoMlDsa();
  const EvpKey imported = ImportPublic(kName, key.view());
  return imported != nullptr && Fits(imported, message, signature);
}

}  // namespace exhibit::crypto
