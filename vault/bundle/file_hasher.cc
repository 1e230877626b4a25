#include "vault/bundle/file_hasher.h"

namespace exhibit::bundle {

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
