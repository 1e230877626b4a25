// Both hashes of a bag's manifests, over one stream of bytes.
//
// SHA-512 has no instructions of its own on most processors and takes three times as long as SHA-256, so that it alone
// bounds how fast a large file is written or checked. Behind its first megabytes a stream gets a thread for it.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "vault/base/bytes.h"
#include "vault/crypto/hash.h"

namespace exhibit::bundle {

struct FileHashes {
  std::string sha256;  // hex
  std::string sha512;
  bool operator==(const FileHashes&) const = default;
};

class FileHasher {
 public:
  FileHasher();
  ~FileHasher();
  FileHasher(FileHasher&&) noexcept;
  FileHasher& operator=(FileHasher&&) noexcept;

  void Update(ByteView bytes);
  FileHashes Finish();

 private:
  class Beside;
  crypto::Hasher sha256_{crypto::HashAlgorithm::kSha256};
  crypto::Hasher sha512_{crypto::HashAlgorithm::kSha512};  // until there is a thread for it
  std::uint64_t bytes_ = 0;
  std::unique_ptr<Beside> beside_;
};

FileHashes HashesOfText(std::string_view text);

}  // namespace exhibit::bundle
