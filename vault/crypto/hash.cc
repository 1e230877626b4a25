#include "vault/crypto/hash.h"

#include <openssl/evp.h>

#include "vault/base/error.h"
#include "vault/crypto/sha256_parts.h"

namespace exhibit::crypto {
namespace {

// Fetched once: an implicit fetch in each call costs more than hashing a leaf.
const EVP_MD* Fetched(HashAlgorithm algorithm) {
  static const EVP_MD* const sha256 = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  static const EVP_MD* const sha512 = EVP_MD_fetch(nullptr, "SHA512", nullptr);
  static const EVP_MD* const sha1 = EVP_MD_fetch(nullptr, "SHA1", nullptr);
  static const EVP_MD* const md5 = EVP_MD_fetch(nullptr, "MD5", nullptr);
  switch (algorithm) {
    case HashAlgorithm::kSha256: return sha256;
    case HashAlgorithm::kSha512: return sha512;
    case HashAlgorithm::kSha1: return sha1;
    case HashAlgorithm::kMd5: return md5;
  }
  return nullptr;
}

struct FreeContext {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
using ContextPointer = std::unique_ptr<EVP_MD_CTX, FreeContext>;

}  // namespace

Sha256Digest Sha256Of(std::span<const ByteView> parts) {
  thread_local const ContextPointer context(EVP_MD_CTX_new());
  Sha256Digest digest;
  bool ok = EVP_DigestInit_ex2(context.get(), Fetched(HashAlgorithm::kSha256), nullptr) == 1;
  for (const ByteView part : parts) {
    ok = ok && EVP_DigestUpdate(context.get(), part.data(), part.size()) == 1;
  }
  ok = ok && EVP_DigestFinal_ex(context.get(), digest.mutable_view().data(), nullptr) == 1;
  EXHIBIT_ASSERT(ok);
  return digest;
}

Sha256Digest Sha256(std::initializer_list<ByteView> parts) { return Sha256Of({parts.begin(), parts.size()}); }

struct Hasher::Context {
  ContextPointer pointer;
};

Hasher::Hasher(HashAlgorithm algorithm)
    : context_(std::make_unique<Context>(Context{ContextPointer(EVP_MD_CTX_new())})) {
  EXHIBIT_ASSERT(EVP_DigestInit_ex2(context_->pointer.get(), Fetched(algorithm), nullptr) == 1);
}
Hasher::~Hasher() = default;
Hasher::Hasher(Hasher&&) noexcept = default;
Hasher& Hasher::operator=(Hasher&&) noexcept = default;

void Hasher::Update(ByteView bytes) {
  EXHIBIT_ASSERT(EVP_DigestUpdate(context_->pointer.get(), bytes.data(), bytes.size()) == 1);
}

Bytes Hasher::Finish() {
  Bytes digest(EVP_MAX_MD_SIZE);
  unsigned size = 0;
  EXHIBIT_ASSERT(EVP_DigestFinal_ex(context_->pointer.get(), digest.data(), &size) == 1);
  digest.resize(size);
  return digest;
}

}  // namespace exhibit::crypto
