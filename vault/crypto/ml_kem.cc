#include "vault/crypto/ml_kem.h"

#include "vault/crypto/evp_key.h"

namespace exhibit::crypto {
namespace {

constexpr const char* kName = "ML-KEM-768";
constexpr unsigned kPrime = 3329;

void Hash(const char* algorithm, std::initializer_list<ByteView> parts, MutableByteView output, bool extendable) {
  const EvpDigestContext context(EVP_MD_CTX_new());
  EVP_MD* const digest = EVP_MD_fetch(nullptr, algorithm, nullptr);
  bool ok = digest != nullptr && EVP_DigestInit_ex2(context.get(), digest, nullptr) == 1;
  for (const ByteView part : parts) ok = ok && EVP_DigestUpdate(context.get(), part.data(), part.size()) == 1;
  unsigned size = 0;
  ok = ok && (extendable ? EVP_DigestFinalXOF(context.get(), output.data(), output.size())
                         : EVP_DigestFinal_ex(context.get(), output.data(), &size)) == 1;
  EVP_MD_free(digest);
  EXHIBIT_ASSERT(ok && (extendable || size == output.size()));
}

}  // namespace

bool HasMlKem() {
  static const bool has = HasKeysOf(kName);
  return has;
}

Failure NoMlKem() {
  return Fail(ErrorCode::kUnsupported, "mlkem768x25519 keys need OpenSSL 3.5 or newer, which is not on this machine",
              "Debian 13 has it; or use an age1… key");
}

bool IsMlKemPublic(const MlKemPublic& key) {
  constexpr std::size_t kCoefficientBytes = 1152;  // two in three bytes; then the 32 bytes of the matrix's seed
  const ByteView bytes = key.view();
  for (std::size_t i = 0; i < kCoefficientBytes; i += 3) {
    const unsigned first = bytes[i] | (bytes[i + 1] & 15U) << 8;
    const unsigned second = static_cast<unsigned>(bytes[i + 1] >> 4) | static_cast<unsigned>(bytes[i + 2]) << 4;
    if (first >= kPrime || second >= kPrime) return false;
  }
  return true;
}

Result<MlKemPublic> MlKemPublicHalf(const MlKemSeed& seed) {
  if (!HasMlKem()) return NoMlKem();
  MlKemPublic half;
  ExportPublic(ImportSeed(kName, seed.ExposeSecret()), half.mutable_view());
  return half;
}

Result<MlKemEncapsulated> MlKemEncapsulate(const MlKemPublic& key) {
  if (!HasMlKem()) return NoMlKem();
  const EvpKey imported = ImportPublic(kName, key.view());
  if (!imported) return Fail(ErrorCode::kInvalid, "not an ML-KEM-768 key");
  const EvpKeyContext context(EVP_PKEY_CTX_new_from_pkey(nullptr, imported.get(), nullptr));
  MlKemEncapsulated made;
  std::size_t ciphertext_size = MlKemCiphertext::kSize;
  std::size_t shared_size = MlKemShared::kSize;
  EXHIBIT_ASSERT(context && EVP_PKEY_encapsulate_init(context.get(), nullptr) == 1);
  EXHIBIT_ASSERT(EVP_PKEY_encapsulate(context.get(), made.ciphertext.mutable_view().data(), &ciphertext_size,
                                      made.shared.ExposeSecretForWriting().data(), &shared_size) == 1);
  EXHIBIT_ASSERT(ciphertext_size == MlKemCiphertext::kSize && shared_size == MlKemShared::kSize);
  return made;
}

Result<MlKemShared> MlKemDecapsulate(const MlKemSeed& seed, const MlKemCiphertext& ciphertext) {
  if (!HasMlKem()) return NoMlKem();
  const EvpKey key = ImportSeed(kName, seed.ExposeSecret());
  EXHIBIT_ASSERT(key != nullptr);
  const EvpKeyContext context(EVP_PKEY_CTX_new_from_pkey(nullptr, key.get(), nullptr));
  MlKemShared shared;
  std::size_t size = MlKemShared::kSize;
  EXHIBIT_ASSERT(context && EVP_PKEY_decapsulate_init(context.get(), nullptr) == 1);
  EXHIBIT_ASSERT(EVP_PKEY_decapsulate(context.get(), shared.ExposeSecretForWriting().data(), &size,
                                      ciphertext.view().data(), MlKemCiphertext::kSize) == 1);
  EXHIBIT_ASSERT(size == MlKemShared::kSize);
  return shared;
}

void Shake256(ByteView input, MutableByteView output) { Hash("SHAKE256", {input}, output, true); }
void Sha3Of(std::initializer_list<ByteView> parts, MutableByteView output) { Hash("SHA3-256", parts, output, false); }

}  // namespace exhibit::crypto
