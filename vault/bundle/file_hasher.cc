#include "vault/bundle/file_hasher.h"

#include "vault/base/encoding.h"

namespace exhibit::bundle {

void FileHasher::Update(ByteView bytes) {
  sha512_.Update(bytes);
  sha256_.Update(bytes);
}

FileHashes FileHasher::Finish() { return {ToHex(sha256_.Finish()), ToHex(sha512_.Finish())}; }

FileHashes HashesOfText(std::string_view text) {
  FileHasher hasher;
  hasher.Update(ViewOf(text));
  return hasher.Finish();
}

}  // namespace exhibit::bundle
