// The two hashes of a bag's manifests, over one stream of bytes.
//
// Most processors have no instructions for SHA-512, so it takes three times as long as SHA-256 and
// bounds how fast a large file is written or checked. It runs beside the rest.
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>

#include "vault/base/bytes.h"
#include "vault/base/error.h"
#include "vault/crypto/hash.h"
#include "vault/crypto/stream_hasher.h"

namespace exhibit::bundle {

struct FileHashes {
  crypto::Sha256Digest sha256;
  crypto::Sha512Digest sha512;
  bool operator==(const FileHashes&) const = default;
};

// By the files' names.
using HashesByName = std::map<std::string, FileHashes>;

// For files of this size and more, SHA-512 takes longer than anything else that is done with them.
inline constexpr std::uint64_t kLargeFileBytes = 4 << 20;

class FileHasher {
 public:
  void Update(ByteView bytes);
  FileHashes Finish();

 private:
  crypto::Hasher sha256_{crypto::HashAlgorithm::kSha256};
  crypto::StreamHasher sha512_{crypto::HashAlgorithm::kSha512};
};

FileHashes HashesOfText(std::string_view text);

struct HashedFile {
  FileHashes hashes;
  std::uint64_t bytes = 0;
};

// `written` are the known hashes of the file, or null: if its SHA-256 is still the same, SHA-512 is not computed.
//   kInvalid  it is no plain file
//   kNotFound, kPermission, kIo, kInterrupted
Result<HashedFile> HashFile(const std::filesystem::path& path, const FileHashes* written,
                            const std::atomic<bool>* interrupted);

}  // namespace exhibit::bundle
