// Reads Merkle proofs from JSON test vectors.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "tests/support/check.h"
#include "tests/support/vectors.h"
#include "vault/crypto/hash.h"
#include "vault/tlog/proof.h"

namespace exhibit::testing {

inline nlohmann::json ReadJson(const std::filesystem::path& path) { return nlohmann::json::parse(ReadVector(path)); }

// Some vectors hold "hashes" that are not 32 bytes, which our types cannot even express: nothing
// then.
template <typename Hash>
std::optional<Hash> HashIn(const nlohmann::json& value) {
  if (value.is_null()) return std::nullopt;
  return Hash::From(Unwrap(FromBase64(value.get<std::string>(), Base64::kPadded)));
}

// Some roots are words, compared with each other and never computed: any other length stands for
// itself by its hash, so that equal ones stay equal and the others stay wrong.
inline tlog::RootHash RootIn(const nlohmann::json& value) {
  const Bytes bytes = value.is_null() ? Bytes() : Unwrap(FromBase64(value.get<std::string>(), Base64::kPadded));
  const auto root = tlog::RootHash::From(bytes);
  return root ? *root : *tlog::RootHash::From(crypto::Sha256(bytes).view());
}

// A proof may be written as null.
inline std::optional<tlog::ProofHashes> ProofIn(const nlohmann::json& value) {
  tlog::ProofHashes hashes;
  for (const auto& item : value.is_null() ? nlohmann::json::array() : value) {
    const auto hash = HashIn<tlog::NodeHash>(item);
    if (!hash) return std::nullopt;
    hashes.push_back(*hash);
  }
  return hashes;
}

}  // namespace exhibit::testing
