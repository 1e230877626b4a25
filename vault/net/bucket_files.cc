#include "vault/net/bucket_files.h"

#include <utility>

#include "vault/base/format.h"
#include "vault/net/s3_bucket.h"

namespace exhibit::net {

std::shared_ptr<BucketFiles> BucketFiles::At(const S3Place& place, const std::atomic<bool>* interrupted) {
  return std::make_shared<BucketFiles>(
      std::make_shared<S3Bucket>(place, place.bucket(), std::make_shared<FoundWhenNeeded>(), interrupted),
      Patience{.in_all = place.patience(), .interrupted = interrupted});
}

Result<void> BucketFiles::Create(const std::string& name, ByteView bytes) const {
  bool may_be_done = false;
  return Persist(patience_, [&]() -> Result<void> {
    const auto put = bucket_->PutObject({.key = name, .bytes = bytes, .when = ObjectStore::When::kAbsent});
    if (put || (may_be_done && put.error().code == ErrorCode::kExists)) return {};
    may_be_done = may_be_done || put.error().code == ErrorCode::kIo;
    return Fail(put.error());
  });
}

Result<void> BucketFiles::Replace(const std::string& name, ByteView bytes) const {
  TRY_VOID(Persist(patience_, [&] { return bucket_->PutObject({.key = name, .bytes = bytes}); }));
  return {};
}

Result<Bytes> BucketFiles::Read(const ObjectName& name, std::uint64_t limit_bytes) const {
  TRY(Object object, Persist(patience_, [&] { return bucket_->GetObject(name, limit_bytes); }));
  return std::move(object.bytes);
}

Result<Bytes> BucketFiles::ReadRange(const ObjectName& name, ByteRange range) const {
  return Persist(patience_, [&] { return bucket_->GetRange(name, range); });
}

Result<ObjectFacts> BucketFiles::LookAt(const ObjectName& name) const {
  return Persist(patience_, [&] { return bucket_->LookAt(name); });
}

// A store lists the newest version of a name first.
Result<std::vector<BucketFile>> BucketFiles::List(std::size_t most) const {
  std::vector<BucketFile> files;
  std::size_t seen = 0;
  std::string hidden;  // the name whose newest version is a delete marker
  for (ObjectName after;;) {
    TRY(ObjectStore::VersionPage page, Persist(patience_, [&] { return bucket_->ListVersions("", after); }));
    if (!page.versions.empty()) after = page.versions.back().name;
    for (ListedVersion& version : page.versions) {
      if (++seen > most) return Fail(ErrorCode::kInvalid, Format("{} has more than {} files", Name(), most));
      const bool is_known = !files.empty() && files.back().name.key == version.name.key;
      if (version.is_marker) {
        if (!is_known) hidden = version.name.key;
      } else if (is_known) {
        files.back().name = std::move(version.name);
        files.back().bytes = version.bytes;
        ++files.back().versions;
      } else {
        files.push_back({version.name, version.bytes, 1, hidden == version.name.key});
      }
    }
    if (page.is_last) return files;
  }
}

}  // namespace exhibit::net
