#include "vault/seal/wrap.h"

namespace exhibit::seal {

Bytes WrapFileKey(const crypto::DerivedKey& wrap_key, const FileKey& file_key) {
  Bytes body(kWrappedBytes);
  // The nonce is fixed at zero: a wrap key is used once.
  crypto::Aead(wrap_key).Seal(crypto::AeadNonce(), file_key.ExposeSecret(), body);
  return body;
}

std::optional<FileKey> UnwrapFileKey(const crypto::DerivedKey& wrap_key, ByteView body) {
  FileKey file_key;
  if (!crypto::Aead(wrap_key).Open(crypto::AeadNonce(), body, file_key.ExposeSecretForWriting())) return std::nullopt;
  return file_key;
}

}  // namespace exhibit::seal
