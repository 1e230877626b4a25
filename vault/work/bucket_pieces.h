// The sealed file of one item on its way into a bucket, in pieces that are put while it is sealed (bucket_drop.h).
//
//   <name>                 if it has one piece
//   <name>.1, <name>.2 …   else
//
// Internal to work/bucket_drop.cc.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "vault/base/parallel.h"
#include "vault/net/bucket_files.h"
#include "vault/store/growing_uploads.h"
#include "vault/store/sealed_stage.h"

namespace exhibit::work {

class BucketPieces final : public store::SealedStage {
 public:
  // `uploads` are the threads that put, and outlive it.
  BucketPieces(std::shared_ptr<const net::BucketFiles> bucket, Pool& uploads, std::string name)
      : bucket_(std::move(bucket)), name_(std::move(name)), pieces_(uploads) {}

  // All of it was acknowledged.
  Result<void> Finish();

 private:
  Result<void> BeginFile(ByteView header) override { return Write(header); }
  Result<void> PutBytes(ByteView bytes) override { return Write(bytes); }
  Result<store::SealedPlace> EndFile(std::span<const tlog::LeafHash> /*hashes*/, std::string_view /*layout*/) override {
    return store::SealedPlace();
  }
  Result<void> SyncFiles() override { return Finish(); }
  Result<void> ReadBack(const store::SealedPlace& /*place*/, std::uint64_t /*offset*/,
                        MutableByteView /*into*/) const override {
    return Fail(ErrorCode::kUnsupported, "a drop is checked when it is taken in");
  }
  Result<void> Write(ByteView bytes);
  Result<void> Send(std::string name);
  std::string NameOfNext() const;

  std::shared_ptr<const net::BucketFiles> bucket_;  // shared with the drop
  std::string name_;
  Bytes piece_;                   // that is being filled
  store::GrowingUploads pieces_;  // waits for what is on its way. What was put stays: nobody may delete it
};

}  // namespace exhibit::work
