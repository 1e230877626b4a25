#include "vault/work/bucket_drop_files.h"

#include <algorithm>

#include "vault/base/format.h"
#include "vault/base/text.h"

namespace exhibit::work {
namespace {

constexpr std::uint64_t kAtOnce = 8 << 20;

class BucketStream final : public intake::DropStream {
 public:
  BucketStream(std::shared_ptr<const net::BucketFiles> bucket, net::BucketFile file)
      : bucket_(std::move(bucket)), file_(std::move(file)) {}

  Result<std::size_t> Read(MutableByteView buffer) override {
    std::size_t done = 0;
    while (done < buffer.size()) {
      if (used_ == ahead_.size()) {
        if (next_ == file_.bytes) break;
        const std::uint64_t bytes = std::min(kAtOnce, file_.bytes - next_);
        TRY(ahead_, bucket_->ReadRange(file_.name, {next_, bytes}));
        next_ += bytes;
        used_ = 0;
      }
      const std::size_t taken = std::min(buffer.size() - done, ahead_.size() - used_);
      std::ranges::copy(ByteView(ahead_).subspan(used_, taken), buffer.subspan(done).begin());
      used_ += taken;
      done += taken;
    }
    return done;
  }

 private:
  std::shared_ptr<const net::BucketFiles> bucket_;  // shared with the drop
  net::BucketFile file_;
  std::uint64_t next_ = 0;  // to be asked for
  Bytes ahead_;
  std::size_t used_ = 0;  // of it
};

}  // namespace

Result<intake::DropFiles::Listing> BucketDropFiles::List() {
  TRY(const std::vector<net::BucketFile> files, bucket_->List(intake::kMaxDropFiles));
  if (files.empty()) {
    return Fail(ErrorCode::kNotFound, Format("there is nothing in {}", bucket_->Name()),
                "is it the place that `exhibit collect --drop` was given?");
  }
  Listing listing;
  for (const net::BucketFile& file : files) {
    const std::string name = Printable(file.name.key);
    if (file.versions > 1)
      listing.remarks.push_back(
          Format("{} was put {} times: the first is looked at, and the others are ignored", name, file.versions));
    if (file.is_hidden)
      listing.remarks.push_back(name + " was deleted, which the bucket's versions undo: it is looked at all the same");
    listing.names.push_back(file.name.key);
    files_.emplace(file.name.key, file);
  }
  return listing;
}

Error BucketDropFiles::NoDrop() const {
  return {ErrorCode::kInvalid, bucket_->Name() + " is no drop: no collector wrote anything in it",
          "exhibit take-in takes what `exhibit collect --drop` was given, one for each collector"};
}

Result<const net::BucketFile*> BucketDropFiles::Find(const std::string& name) const {
  const auto found = files_.find(name);
  if (found == files_.end()) return Fail(ErrorCode::kNotFound, Printable(name) + " is not in the drop");
  return &found->second;
}

Result<Bytes> BucketDropFiles::Read(const std::string& name, std::uint64_t limit_bytes) const {
  TRY(const net::BucketFile* const file, Find(name));
  return bucket_->Read(file->name, limit_bytes);
}

Result<std::uint64_t> BucketDropFiles::SizeOf(const std::string& name) const {
  TRY(const net::BucketFile* const file, Find(name));
  return file->bytes;
}

Result<std::unique_ptr<intake::DropStream>> BucketDropFiles::Open(const std::string& name) const {
  TRY(const net::BucketFile* const file, Find(name));
  return std::unique_ptr<intake::DropStream>(std::make_unique<BucketStream>(bucket_, *file));
}

}  // namespace exhibit::work
