// A published log in a bucket (publish/publisher.h): where it is written, and its files, read for verification.
//
// A file that is there is read and compared before one is put: a bucket may ignore that only a new name was meant. Two who
// publish at once put equal tiles. Who puts the checkpoint looks once more before: between that and the put another one can
// come in, and then the copy lags until somebody publishes again. It is never wrong.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "vault/net/bucket_files.h"
#include "vault/publish/published_log.h"
#include "vault/publish/published_place.h"

namespace exhibit::net {

class BucketLogFiles final : public publish::Files {
 public:
  explicit BucketLogFiles(std::shared_ptr<const BucketFiles> bucket) : bucket_(std::move(bucket)) {}
  Result<Bytes> Read(std::string_view path, std::size_t limit_bytes) const override;
  Place place() const override { return Place::kElsewhere; }

 private:
  std::shared_ptr<const BucketFiles> bucket_;  // shared with a test that looks at it
};

class BucketPlace final : public publish::PublishedPlace {
 public:
  explicit BucketPlace(std::shared_ptr<const BucketFiles> bucket) : bucket_(std::move(bucket)) {}
  Result<std::optional<Bytes>> ReadCheckpoint() override;
  std::string NameOfCheckpoint() const override;
  Result<Wrote> Write(const std::string& name, ByteView bytes) override;
  // What the store acknowledged is there.
  Result<void> Sync() override { return {}; }
  Result<void> ReplaceCheckpoint(ByteView note) override;

 private:
  Result<std::optional<Bytes>> ReadIfThere(const std::string& name, std::uint64_t limit_bytes) const;

  std::shared_ptr<const BucketFiles> bucket_;  // likewise
  std::optional<Bytes> checkpoint_;            // that was there
};

}  // namespace exhibit::net
