// The files of a drop that is in a bucket, to be taken in (intake/drop_files.h). In a bucket that keeps versions the first one
// of a name is the file: whoever may put there can put others over it, and a delete marker, and neither changes what is read.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "vault/intake/drop_files.h"
#include "vault/net/bucket_files.h"

namespace exhibit::work {

class BucketDropFiles final : public intake::DropFiles {
 public:
  explicit BucketDropFiles(std::shared_ptr<const net::BucketFiles> bucket) : bucket_(std::move(bucket)) {}

  // Remarks name what others were put over, or a delete marker. An empty place is kNotFound: no bucket tells it from a wrong name.
  Result<Listing> List() override;
  Error NoDrop() const override;
  Result<Bytes> Read(const std::string& name, std::uint64_t limit_bytes) const override;
  Result<std::uint64_t> SizeOf(const std::string& name) const override;
  // Reads some MiB at a time.
  Result<std::unique_ptr<intake::DropStream>> Open(const std::string& name) const override;

 private:
  Result<const net::BucketFile*> Find(const std::string& name) const;

  std::shared_ptr<const net::BucketFiles> bucket_;  // shared with the streams of its files
  std::map<std::string, net::BucketFile, std::less<>> files_;
};

}  // namespace exhibit::work
