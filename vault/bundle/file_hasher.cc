#include "vault/bundle/file_hasher.h"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>

#include "vault/base/file.h"
#include "vault/base/interrupt.h"

namespace exhibit::bundle {
namespace {

// Gives the file's size.
template <typename SomeHasher>
Result<std::uint64_t> ReadInto(SomeHasher& hasher, const std::filesystem::path& path,
                               const std::atomic<bool>* interrupted) {
  TRY(const FileDescriptor file, OpenForReading(path));
  struct ::stat status {};
  if (::fstat(file.get(), &status) != 0) return Fail(SystemError("look at", path, errno));
  if (!S_ISREG(status.st_mode)) return Fail(ErrorCode::kInvalid, "not a plain file");
  std::uint64_t bytes = 0;
  // One byte larger than the file, to find its end: a bag has many small files.
  Bytes buffer(
      static_cast<std::size_t>(std::min<std::uint64_t>(static_cast<std::uint64_t>(status.st_size) + 1, 1 << 20)));
  for (;;) {
    TRY_VOID(StopIfAsked(interrupted));
    TRY(const std::size_t got, ReadFull(file, buffer, path));
    hasher.Update(ByteView(buffer).first(got));
    bytes += got;
    if (got < buffer.size()) return bytes;
  }
}

}  // namespace

Result<HashedFile> HashFile(const std::filesystem::path& path, const FileHashes* written,
                            const std::atomic<bool>* interrupted) {
  if (written != nullptr) {
    crypto::Hasher sha256(crypto::HashAlgorithm::kSha256);
    TRY(const std::uint64_t bytes, ReadInto(sha256, path, interrupted));
    if (Equal(sha256.Finish(), written->sha256.view())) return HashedFile{*written, bytes};
  }
  FileHasher hasher;
  TRY(const std::uint64_t bytes, ReadInto(hasher, path, interrupted));
  return HashedFile{hasher.Finish(), bytes};
}

void FileHasher::Update(ByteView bytes) {
  sha512_.Update(bytes);
  sha256_.Update(bytes);
}

FileHashes FileHasher::Finish() {
  return {*crypto::Sha256Digest::From(sha256_.Finish()), *crypto::Sha512Digest::From(sha512_.Finish())};
}

FileHashes HashesOfText(std::string_view text) {
  FileHasher hasher;
  hasher.Update(ViewOf(text));
  return hasher.Finish();
}

}  // namespace exhibit::bundle
