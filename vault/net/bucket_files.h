// Files below a place of an object store, by their names: what drops, published logs and bundles are there. A file is put
// whole, or not at all. It is never changed; what is put over it in a bucket that keeps versions hides it and loses nothing.
//
// Requests of which nobody knows how they went are made again as long as the patience lasts. Several threads may call at once.
// Errors are those of object_store.h.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "vault/net/object_store.h"
#include "vault/net/patience.h"
#include "vault/net/s3_place.h"

namespace exhibit::net {

// A file as it was first put.
struct BucketFile {
  ObjectName name;
  std::uint64_t bytes = 0;
  std::size_t versions = 1;  // that the bucket keeps of it
  bool is_hidden = false;    // by a delete marker
};

class BucketFiles {
 public:
  BucketFiles(std::shared_ptr<ObjectStore> bucket, Patience patience)
      : bucket_(std::move(bucket)), patience_(patience) {}
  // Of the bucket of the place, below its prefix. Asks nobody yet.
  static std::shared_ptr<BucketFiles> At(const S3Place& place, const std::atomic<bool>* interrupted);

  // Puts a file that is not there. kExists if it is; but if a request before had no answer, that counts as created, so
  // a name is one that nobody else would create, or the caller reads back. A bucket that keeps versions may ignore the
  // condition, as real ones were seen to do: then the oldest version is the file.
  Result<void> Create(const std::string& name, ByteView bytes) const;
  // Puts a file that takes another's place.
  Result<void> Replace(const std::string& name, ByteView bytes) const;

  // The whole file; kInvalid if it is longer than the limit.
  Result<Bytes> Read(const ObjectName& name, std::uint64_t limit_bytes) const;
  Result<Bytes> ReadRange(const ObjectName& name, ByteRange range) const;
  Result<ObjectFacts> LookAt(const ObjectName& name) const;

  // All files, by name, as far as `most`; kInvalid if there are more.
  Result<std::vector<BucketFile>> List(std::size_t most) const;

  // "HOST/BUCKET/PREFIX", for people.
  std::string Name() const { return bucket_->Name(); }

 private:
  std::shared_ptr<ObjectStore> bucket_;  // shared with a test that looks at it
  Patience patience_;
};

}  // namespace exhibit::net
