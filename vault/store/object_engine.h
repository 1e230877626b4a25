// The store of a vault on an object store (vault_objects.h says which objects, object_log.h what is kept here of them).
//
//   folder/log/…     copies of commits: a cache
//   folder/journal   the commit that this machine sent and of which it does not know yet (commit_journal.h)
//
// An append is a race for the next number of the log, which exactly one writer wins:
//
//   put packs, read them back            object_stage.h; they have no position
//   journal the commit, durably
//   create log/<n>                       done: won. Any other answer, or none: ask
//   ask log/<n>                          our bytes: won. Others': lost, and they came before us (kExists). None: create
//                                        the same bytes again at the same number, never other ones
//   copy log/<n> to DATA, read it back
//   PutCheckpoint: head/<n>              the acknowledgement; a later head covers earlier ones
//
// Nobody waits for anybody: there is no lease. What was sent and is not known stays in the journal, and the next writer on
// this machine asks before it does anything else. tests/object_model/ tries every order of every step.
//
// Nothing that is locked can be overwritten. What an entry destroys is refused from its commit on, which also places anew what
// lies in one object with it (placing_anew.h); `retain` lets the locks of such objects end, and deletes them then (work/sweep.h).
#pragma once

#include <memory>
#include <mutex>

#include "vault/store/engine.h"
#include "vault/store/object_log.h"

namespace exhibit::store {

class ObjectEngine final : public Engine {
 public:
  // `settings` are those of a vault that Create makes.
  ObjectEngine(VaultBuckets buckets, Patience patience, ObjectSettings settings = {})
      : buckets_(std::move(buckets)), patience_(patience), settings_(std::move(settings)) {}

  Result<std::unique_ptr<Store>> Create(const std::filesystem::path& folder) const override;
  Result<std::unique_ptr<Store>> Open(const std::filesystem::path& folder) const override;
  Result<std::unique_ptr<ReadableStore>> OpenForReading(const std::filesystem::path& folder) const override;
  Result<void> Refresh(const std::filesystem::path& folder, const HeadFile& head) const override;
  std::vector<std::string> TakeRemarks() const override;

  // The log of the vault that was opened in `folder`: for who asks about its objects and not about its entries.
  Result<std::shared_ptr<const ObjectLog>> Log(const std::filesystem::path& folder) const { return LogAsOfNow(folder); }

 private:
  // What is known of the log, as of now. One for all stores that are opened in the same folder.
  Result<std::shared_ptr<ObjectLog>> LogAsOfNow(const std::filesystem::path& folder) const;

  VaultBuckets buckets_;
  Patience patience_;
  ObjectSettings settings_;
  mutable std::mutex mutex_;
  mutable std::filesystem::path folder_;
  mutable std::shared_ptr<ObjectLog> log_;  // shared with the stores
  mutable bool is_fresh_ = false;           // it was brought up to date, and nothing was opened since
};

}  // namespace exhibit::store
