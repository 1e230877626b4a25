// The hashes of a bag's manifests, over one stream of bytes: SHA-256, and SHA-512 where somebody asked for it.
//
// Most processors have no instructions for SHA-512, so it takes three times as long as SHA-256 and
// bounds how fast a large file is written or checked. It runs beside the rest.
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "vault/base/bytes.h"
#include "vault/base/error.h"
#include "vault/crypto/hash.h"
#include "vault/crypto/stream_hasher.h"

namespace exhibit::bundle {

enum class Digests : std::uint8_t { kSha256, kSha256And512 };

struct FileHashes {
  crypto::Sha256Digest sha256;
  std::optional<crypto::Sha512Digest> sha512 = {};
  bool operator==(const FileHashes&) const = default;
};

// By the files' names.
using HashesByName = std::map<std::string, FileHashes>;

// For files of this size and more, SHA-512 takes longer than anything else that is done with them.
inline constexpr std::uint64_t kLargeFileBytes = 4 << 20;

class FileHasher {
 public:
  explicit FileHasher(Digests digests);
  void Update(ByteView bytes);
  FileHashes Finish();

 private:
  crypto::Hasher sha256_{crypto::HashAlgorithm::kSha256};
  std::optional<crypto::StreamHasher> sha512_;
};

// Both of them.
FileHashes HashesOfText(std::string_view text);

struct HashedFile {
  FileHashes hashes;
  std::uint64_t bytes = 0;
};

// `written` are the known hashes of the file, or null: if its SHA-256 is still the same, SHA-512 is not computed.
//   kInvalid  it is no plain file
//   kNotFound, kPermission, kIo, kInterrupted
Result<HashedFile> HashFile(const std::filesystem::path& path, Digests digests, const FileHashes* written,
                            const std::atomic<bool>* interrupted);

}  // namespace exhibit::bundle
