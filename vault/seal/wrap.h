// How every kind of age stanza holds the file key: sealed under a key that is used once.
#pragma once

#include <optional>

#include "vault/base/bytes.h"
#include "vault/crypto/aead.h"
#include "vault/crypto/kdf.h"
#include "vault/seal/age_header.h"

namespace exhibit::seal {

inline constexpr std::size_t kWrappedBytes = FileKey::kSize + crypto::kAeadTagSize;

Bytes WrapFileKey(const crypto::DerivedKey& wrap_key, const FileKey& file_key);
// Nothing if the tag does not fit. REQUIRES: body.size() == kWrappedBytes.
std::optional<FileKey> UnwrapFileKey(const crypto::DerivedKey& wrap_key, ByteView body);

}  // namespace exhibit::seal
