#include "vault/crypto/aead.h"

#include <openssl/evp.h>

#include "vault/base/error.h"

namespace exhibit::crypto {
namespace {

const EVP_CIPHER* ChaCha20Poly1305() {
  static const EVP_CIPHER* const cipher = EVP_CIPHER_fetch(nullptr, "ChaCha20-Poly1305", nullptr);
  return cipher;
}

struct FreeContext {
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }  // zeroes the key
};

}  // namespace

struct Aead::Context {
  std::unique_ptr<EVP_CIPHER_CTX, FreeContext> seal{EVP_CIPHER_CTX_new()};
  std::unique_ptr<EVP_CIPHER_CTX, FreeContext> open{EVP_CIPHER_CTX_new()};
};

Aead::Aead(const DerivedKey& key) : context_(std::make_unique<Context>()) {
  const std::uint8_t* const bytes = key.ExposeSecret().data();
  EXHIBIT_ASSERT(EVP_EncryptInit_ex2(context_->seal.get(), ChaCha20Poly1305(), bytes, nullptr, nullptr) == 1);
  EXHIBIT_ASSERT(EVP_DecryptInit_ex2(context_->open.get(), ChaCha20Poly1305(), bytes, nullptr, nullptr) == 1);
}
Aead::~Aead() = default;
Aead::Aead(Aead&&) noexcept = default;
Aead& Aead::operator=(Aead&&) noexcept = default;

void Aead::Seal(const AeadNonce& nonce, ByteView plaintext, MutableByteView sealed) {
  EXHIBIT_ASSERT(sealed.size() == plaintext.size() + kAeadTagSize);
  EVP_CIPHER_CTX* const context = context_->seal.get();
  int written = 0;
  bool ok = EVP_EncryptInit_ex2(context, nullptr, nullptr, nonce.view().data(), nullptr) == 1;
  if (!plaintext.empty()) {
    ok = ok &&
         EVP_EncryptUpdate(context, sealed.data(), &written, plaintext.data(), static_cast<int>(plaintext.size())) == 1;
  }
  int rest = 0;
  ok = ok && EVP_EncryptFinal_ex(context, sealed.data() + written, &rest) == 1;
  ok = ok && EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, kAeadTagSize, sealed.data() + plaintext.size()) == 1;
  EXHIBIT_ASSERT(ok);
}

bool Aead::Open(const AeadNonce& nonce, ByteView sealed, MutableByteView plaintext) {
  EXHIBIT_ASSERT(sealed.size() >= kAeadTagSize && plaintext.size() == sealed.size() - kAeadTagSize);
  EVP_CIPHER_CTX* const context = context_->open.get();
  std::array<std::uint8_t, kAeadTagSize> tag;
  std::copy(sealed.end() - kAeadTagSize, sealed.end(), tag.begin());
  int written = 0;
  bool ok = EVP_DecryptInit_ex2(context, nullptr, nullptr, nonce.view().data(), nullptr) == 1 &&
            EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, kAeadTagSize, tag.data()) == 1;
  if (!plaintext.empty()) {
    ok = ok &&
         EVP_DecryptUpdate(context, plaintext.data(), &written, sealed.data(), static_cast<int>(plaintext.size())) == 1;
  }
  std::array<std::uint8_t, 1> nothing;
  int rest = 0;
  ok = ok && EVP_DecryptFinal_ex(context, nothing.data(), &rest) == 1;
  if (!ok) Wipe(plaintext);
  return ok;
}

}  // namespace exhibit::crypto
