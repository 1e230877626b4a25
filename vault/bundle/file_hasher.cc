#include "vault/bundle/file_hasher.h"

#include "vault/base/interrupt.h"
#include "vault/base/sparse_file.h"

namespace exhibit::bundle {
namespace {

// Gives the file's size.
template <typename SomeHasher>
Result<std::uint64_t> ReadInto(SomeHasher& hasher, const std::filesystem::path& path,
                               const std::atomic<bool>* interrupted) {
  TRY(PieceReader reader, PieceReader::Open(path));
  for (std::uint64_t bytes = 0;;) {
    TRY_VOID(StopIfAsked(interrupted));
    TRY(const ByteView piece, reader.Next());
    if (piece.empty()) return bytes;
    hasher.Update(piece);
    bytes += piece.size();
  }
}

}  // namespace

Result<HashedFile> HashFile(const std::filesystem::path& path, Digests digests, const FileHashes* written,
                            const std::atomic<bool>* interrupted) {
  if (written != nullptr) {
    crypto::Hasher sha256(crypto::HashAlgorithm::kSha256);
    TRY(const std::uint64_t bytes, ReadInto(sha256, path, interrupted));
    if (Equal(sha256.Finish(), written->sha256.view())) return HashedFile{*written, bytes};
  }
  FileHasher hasher(digests);
  TRY(const std::uint64_t bytes, ReadInto(hasher, path, interrupted));
  return HashedFile{hasher.Finish(), bytes};
}

FileHasher::FileHasher(Digests digests) {
  if (digests == Digests::kSha256And512) sha512_.emplace(crypto::HashAlgorithm::kSha512);
}

void FileHasher::Update(ByteView bytes) {
  if (sha512_) sha512_->Update(bytes);
  sha256_.Update(bytes);
}

FileHashes FileHasher::Finish() {
  FileHashes hashes{*crypto::Sha256Digest::From(sha256_.Finish())};
  if (sha512_) hashes.sha512 = crypto::Sha512Digest::From(sha512_->Finish());
  return hashes;
}

FileHashes HashesOfText(std::string_view text) {
  FileHasher hasher(Digests::kSha256And512);
  hasher.Update(ViewOf(text));
  return hasher.Finish();
}

}  // namespace exhibit::bundle
