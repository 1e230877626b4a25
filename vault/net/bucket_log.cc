#include "vault/net/bucket_log.h"

#include "vault/base/format.h"
#include "vault/base/read_if_there.h"
#include "vault/publish/publisher.h"
#include "vault/tlog/note.h"

namespace exhibit::net {

Result<Bytes> BucketLogFiles::Read(std::string_view path, std::size_t limit_bytes) const {
  auto read = bucket_->Read({std::string(path)}, limit_bytes);
  if (read) return read;
  switch (read.error().code) {
    case ErrorCode::kNotFound:
    case ErrorCode::kInvalid:
    case ErrorCode::kInterrupted: return read;
    default: return Fail(ErrorCode::kIo, read.error().message, read.error().hint);
  }
}

std::string BucketPlace::NameOfCheckpoint() const { return Format("{}/{}", bucket_->Name(), publish::kCheckpointFile); }

Result<std::optional<Bytes>> BucketPlace::ReadIfThere(const std::string& name, std::uint64_t limit_bytes) const {
  return NothingIfAbsent(bucket_->Read({name}, limit_bytes));
}

Result<std::optional<Bytes>> BucketPlace::ReadCheckpoint() {
  TRY(checkpoint_, ReadIfThere(std::string(publish::kCheckpointFile), tlog::kMaxNoteBytes));
  return checkpoint_;
}

Result<publish::PublishedPlace::Wrote> BucketPlace::Write(const std::string& name, ByteView bytes) {
  auto wrote = Wrote::kBefore;
  TRY(auto there, ReadIfThere(name, publish::kMaxPublishedFileBytes));
  if (!there) {
    const auto created = bucket_->Create(name, bytes);
    if (!created && created.error().code != ErrorCode::kExists) return Fail(created.error());
    wrote = Wrote::kNow;
    // It may be another's, who publishes at the same time.
    TRY(there, ReadIfThere(name, publish::kMaxPublishedFileBytes));
  }
  if (there && Equal(*there, bytes)) return wrote;
  return publish::PublishedOtherwise(Format("{}/{}", bucket_->Name(), name));
}

Result<void> BucketPlace::ReplaceCheckpoint(ByteView note) {
  TRY(const auto now, ReadIfThere(std::string(publish::kCheckpointFile), tlog::kMaxNoteBytes));
  if (now != checkpoint_) {
    return Fail(ErrorCode::kBusy, NameOfCheckpoint() + " was replaced meanwhile: somebody else publishes there",
                "wait until it has finished, then run it again");
  }
  return bucket_->Replace(std::string(publish::kCheckpointFile), note);
}

}  // namespace exhibit::net
