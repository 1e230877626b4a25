// Commits: how a sealed item becomes an entry of the log.
//
// A commit takes a group of sealed files and, in this order (docs/LIFECYCLE.md says what a crash
// leaves after each step):
//
//   1  stages the sealed files that are not staged yet, syncs them, and reads them back;
//   2  makes and signs an entry for each, each following the one before, each accepted by the same
//      rules that a verifier applies, and checks the signatures;
//   3  appends entries, their rows in the index, the places of their sealed files and changed tiles in one
//      synced batch;
//   4  reads all of that back and compares;
//   5  signs the checkpoint, records it, and replaces the heads beside the store and in the user's
//      state directory. Only now is it acknowledged.
//
// An act of custody has no sealed file, and goes the same way from step 2.
//
// An error before step 3 leaves the log as it was. An error later may leave entries past the head:
// they are valid, were never acknowledged, and the next writer signs over them first.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "vault/base/parallel.h"
#include "vault/custody/state.h"
#include "vault/store/kept_heads.h"
#include "vault/store/sealer.h"
#include "vault/store/store.h"
#include "vault/tlog/tree.h"

namespace exhibit::store {

// A sealed file on its way into the log.
struct Pending {
  custody::EntryBody body;  // of an entry with a sealed file; Commit sets that from `sealed`
  SealedItem sealed;
  std::vector<Bytes> blocks;         // empty if they were staged
  std::optional<SealedPlace> place;  // where they were staged
};

struct Committed {
  tlog::Sequence first;  // the first entry of the group; the others follow
  tlog::Checkpoint checkpoint;
};

class Appender {
 public:
  struct Keys {
    // The log's key and, while it is being replaced, the one that takes its place.
    std::span<const tlog::SigningKey> log;
    const tlog::SigningKey& actor;
  };
  // `state` and `tree` are those at the head. All references must outlive the appender.
  Appender(Store& store, Pool& pool, custody::State state, tlog::GrowingTree tree, Keys keys,
           std::vector<HeadFile> heads);

  // The position that the next entry will have.
  tlog::Sequence next_sequence() const { return state_.next_sequence(); }
  const custody::State& state() const { return state_; }
  // What is acknowledged: all that was committed, and what was adopted.
  tlog::Checkpoint head() const;
  void UseLogKeys(std::span<const tlog::SigningKey> log_keys) { keys_.log = log_keys; }

  // Commits the group. `stage`, if not null, holds those that have a place; the others are staged here.
  // REQUIRES: not empty.
  Result<Committed> Commit(std::vector<Pending> group, std::unique_ptr<SealedStage> stage);

  // Commits an entry without a sealed file. `cosigner`, if not null, signs after the actor.
  // kDenied or kInvalid, with nothing signed, if the rules do not allow it.
  Result<Committed> CommitAct(custody::EntryBody body, const tlog::SigningKey* cosigner = nullptr);

  // Whether the rules allow an entry of this body, and who would have to sign. Nothing is signed.
  Result<custody::Signers> MayCommit(const custody::EntryBody& body, const tlog::SigningKey* cosigner) const;

  // Commits a reseal entry together with the headers that it names, in the order of its items.
  Result<Committed> CommitReseal(custody::Reseal reseal, std::span<const Bytes> headers,
                                 const tlog::SigningKey* cosigner);

  // Replaces the log key: commits an entry that both keys sign after the actor, and signs the head with
  // the new one. `compromised_since` is about the old one. REQUIRES: both are among the keys.
  Result<Committed> CommitLogKey(const tlog::SigningKey& next, std::optional<Moment> compromised_since = {});

  // Checks each entry that an interrupted writer left after the head, and signs a head over them. Returns
  // their number.
  Result<std::uint64_t> AdoptUnacknowledged();

  // Appends the genesis entry to an empty store and signs the first checkpoint.
  static Result<tlog::Checkpoint> Begin(Store& store, const custody::SignedEntry& genesis, const tlog::SigningKey& log,
                                        const std::vector<HeadFile>& heads);

 private:
  // The next state. It becomes the present one when all is done.
  struct Draft {
    custody::State state;
    tlog::GrowingTree tree;
    std::vector<custody::SignedEntry> entries;
    std::vector<custody::Signers> signers;  // of each
    std::vector<custody::ActRow> acts;
    std::vector<AppendBatch::Rewrapped> rewrapped = {};
  };
  Result<void> Extend(Draft& draft, custody::EntryBody body, const tlog::SigningKey* cosigner) const;
  // A draft of `entry`, signed by the actor and then by these.
  static Result<void> Take(Draft& draft, custody::SignedEntry entry);
  custody::Entry Next(const Draft& draft, custody::EntryBody body) const;
  // The key that signs the head of this state. kDenied if it is none of ours.
  Result<const tlog::SigningKey*> HeadKey(const custody::State& state) const;
  Result<Committed> Finish(Draft draft, std::span<const Pending> group);
  Result<void> CheckSigned(const Draft& draft) const;
  Result<void> ReadBack(const Draft& draft, const AppendBatch& batch) const;
  Result<void> ReadBackSealed(const SealedStage& stage, std::span<const Pending> group) const;

  Store& store_;
  Pool& pool_;
  custody::State state_;
  tlog::GrowingTree tree_;
  Keys keys_;
  std::vector<HeadFile> heads_;
};

}  // namespace exhibit::store
