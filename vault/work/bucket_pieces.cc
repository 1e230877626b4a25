#include "vault/work/bucket_pieces.h"

#include <algorithm>
#include <utility>

#include "vault/base/format.h"

namespace exhibit::work {

Result<void> BucketPieces::Write(ByteView bytes) {
  while (!bytes.empty()) {
    if (piece_.size() >= pieces_.NextBytes()) TRY_VOID(Send(NameOfNext()));
    if (piece_.empty()) piece_ = pieces_.NewBuffer();
    const ByteView more = bytes.first(std::min(bytes.size(), pieces_.NextBytes() - piece_.size()));
    Append(piece_, more);
    bytes = bytes.subspan(more.size());
  }
  return {};
}

std::string BucketPieces::NameOfNext() const { return Format("{}.{}", name_, pieces_.count() + 1); }

Result<void> BucketPieces::Send(std::string name) {
  return pieces_.Send(std::exchange(piece_, {}), [&bucket = *bucket_, name = std::move(name)](ByteView bytes) {
    return bucket.Create(name, bytes);
  });
}

Result<void> BucketPieces::Finish() {
  if (!piece_.empty()) TRY_VOID(Send(pieces_.count() == 0 ? name_ : NameOfNext()));
  return pieces_.Wait();
}

}  // namespace exhibit::work
