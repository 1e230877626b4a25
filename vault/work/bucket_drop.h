// A drop that is a bucket: a collector puts what it seals there, with an account that may add and nothing else. Nobody
// carries it; the vault's machine takes it in from there (work/bucket_drop_files.h).
//
//   <run>/<id>-<number>.age, .age.1 …, .collected, .closed     as of a drop that is a folder (intake/drop.h)
//
// <run> are 16 random hex digits, anew each time that the program collects, and after a sealed file that came to nothing. So
// no name is used twice, and nobody who was not told it can put something over it. A sealed file of more than 8 MiB is put in
// pieces while it is sealed, 8 MiB each, from the 257th on 16, then 32.
//
// Sealed files first, then the collector's state takes their numbers, then statements are kept (bucket_sending.h), put and
// acknowledged: a run that ends anywhere leaves sealed files without a statement, which take-in names and passes over, or all of
// it. What was kept is put by the next run to the same place, before anything else.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "vault/base/parallel.h"
#include "vault/intake/collector.h"
#include "vault/intake/destination.h"
#include "vault/net/bucket_files.h"
#include "vault/work/bucket_sending.h"

namespace exhibit::work {

class BucketDrop final : public intake::Destination {
 public:
  // `place` is how the place is known again, "s3://HOST/BUCKET/PREFIX". Puts what an earlier run kept. `folder` is the
  // collector's.
  static Result<std::unique_ptr<BucketDrop>> Open(intake::Collector collector, const std::filesystem::path& folder,
                                                  std::shared_ptr<const net::BucketFiles> bucket, std::string place);

  const store::EntrySealer& sealer() const override { return collector_.sealer(); }
  Result<std::unique_ptr<store::SealedStage>> NewStage() override;
  // What it acknowledges, the store has acknowledged, with the digest of each file that was put. Nothing is read back.
  Result<store::Committed> Commit(std::vector<store::Pending> group,
                                  std::unique_ptr<store::SealedStage> stage) override;
  Result<void> Close() override;
  tlog::Checkpoint head() const override { return head_; }
  const tlog::SigningKey& key() const override { return collector_.key(); }
  tlog::Sequence next() const override { return {collector_.last() + 1}; }
  // Of an item that the bucket acknowledged: whether it is still there, only who may read can tell.
  std::optional<custody::HeaderDigest> HeaderOf(tlog::Sequence number) const override {
    return sending_.HeaderOf(number.value);
  }

 private:
  BucketDrop(intake::Collector collector, BucketSending sending, std::shared_ptr<const net::BucketFiles> bucket);
  void BeginRun();
  std::string NameOf(std::uint64_t number, std::string_view ending) const;
  Result<void> PutSmall(const std::vector<store::Pending>& group, std::uint64_t first);
  // Whether an earlier run may have put them, without being told.
  enum class Before : std::uint8_t { kNever, kMaybe };
  Result<void> Send(const std::filesystem::path& kept, const std::vector<Unsent>& statements, Before before);

  intake::Collector collector_;
  BucketSending sending_;
  std::shared_ptr<const net::BucketFiles> bucket_;  // shared with the stages
  Pool uploads_{4};
  std::string run_;
  // Something was put under the next number, and no statement about it: the number is free, and these names are not.
  bool is_begun_ = false;
  tlog::Checkpoint head_;  // of no entries: a drop has no log
};

}  // namespace exhibit::work
