// Both hashes of a bag's manifests, over one stream of bytes.
//
// SHA-512 has no instructions of its own on most processors and takes three times as long as SHA-256, so that it alone
// bounds how fast a large file is written or checked: it is computed beside the rest.
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

// From this size on SHA-512 is what takes longest of all that is done with a file.
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

// `written` is what is known of the file, or null: if its SHA-256 is still that, its SHA-512 is not computed.
//   kInvalid  it is no plain file
//   kNotFound, kPermission, kIo, kInterrupted
Result<HashedFile> HashFile(const std::filesystem::path& path, const FileHashes* written,
                            const std::atomic<bool>* interrupted);

}  // namespace exhibit::bundle
