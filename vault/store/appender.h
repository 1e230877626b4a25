// Commits: how a sealed file becomes an entry of the log.
//
// A commit takes a group of entries with their sealed files and, in this order (docs/LIFECYCLE.md says what a crash
// leaves after each step):
//
//   1  stages the sealed files that are not staged yet, syncs them, and reads them back;
//   2  makes and signs the entries, each following the one before, each accepted by the same rules that a
//      verifier applies, and checks the signatures (draft.h);
//   3  appends entries, their rows in the index, the places of their sealed files and changed tiles in one
//      synced batch. Where another writer's entries came before, it checks those as AdoptUnacknowledged does, and goes on
//      with step 2 after them: the same sealed files, other entries, and the rules are asked again;
//   4  reads all of that back and compares (read_back.h);
//   5  signs the checkpoint with the log's keys, records it, and replaces the heads beside the store and in the user's
//      state directory (head_signer.h). Only now is it acknowledged.
//
// An act of custody goes the same way: its sealed file has fields and no content (a timestamp or run has none).
//
// An error before step 3 leaves the log as it was. An error later may leave entries past the head:
// they are valid, were never acknowledged, and the next writer signs over them first.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "vault/base/parallel.h"
#include "vault/custody/state.h"
#include "vault/store/draft.h"
#include "vault/store/entry_sealer.h"
#include "vault/store/head_signer.h"
#include "vault/store/kept_heads.h"
#include "vault/store/pending.h"
#include "vault/store/store.h"
#include "vault/tlog/tree.h"

namespace exhibit::store {

class Appender {
 public:
  struct Keys {
    LogSigners log;
    const tlog::SigningKey& actor;
  };
  // `state` and `tree` are those at the head. All references must outlive the appender.
  Appender(Store& store, Pool& pool, custody::State state, tlog::GrowingTree tree, Keys keys, CaseKeys cases,
           std::vector<HeadFile> heads);

  // Seals to the vault's present recipient: after a commit that changes it, to the new one.
  const EntrySealer& sealer() const { return sealer_; }

  // The position that the next entry will have.
  tlog::Sequence next_sequence() const { return state_.next_sequence(); }
  const custody::State& state() const { return state_; }
  // What is acknowledged: all that was committed, and what was adopted.
  tlog::Checkpoint head() const;
  void UseLogKeys(LogSigners log_keys) { signer_.UseKeys(log_keys); }

  // Commits the group. `stage`, if not null, holds those that have a place; the others are staged here. `last`, if given,
  // makes one more entry, or none, which tells of the numbers that the group gets; it is asked again where another writer
  // came before.
  // REQUIRES: not empty; sealed by this vault's sealer, or by a collector under this vault's recipient of that time.
  using MakeLast = std::function<Result<std::optional<Pending>>(tlog::Sequence first)>;
  Result<Committed> Commit(std::vector<Pending> group, std::unique_ptr<SealedStage> stage, const MakeLast& last = {});

  // Commits one act, sealing its fields first. `cosigner`, if not null, signs after the actor. The recovery entry's actor
  // is the recovery key: see CommitRecovery. kDenied or kInvalid, with nothing signed, if the rules do not allow it.
  // REQUIRES: no fields of a type without a sealed file; some of any other; either `fields` or `lines`.
  struct Act {
    custody::EntryBody body;
    Fields fields = {};
    std::vector<std::string> cases = {};  // whose labels it gets
    const tlog::SigningKey* cosigner = nullptr;
    // Fields that have their salts already: those of a statement, as its signers signed them.
    std::optional<custody::FieldList> lines = {};
  };
  Result<Committed> CommitAct(Act act);

  // Whether the rules allow such an act, and who would have to sign. Nothing is sealed or signed.
  Result<custody::Signers> MayCommit(const Act& act) const;

  // Commits a reseal entry together with the headers that it names, in the order of its items. Of one that destroys, the
  // caller destroys the earlier headers afterwards (Store::DestroyHeaders), as the next writer does after a crash.
  Result<Committed> CommitReseal(Act reseal, std::span<const Bytes> headers);

  // Replaces the log's keys: the entry is signed by the actor, the cosigner, the log's Ed25519 key until here and the new
  // one; the head then by the new keys. kDenied if one of these is not at hand, kUnsupported as of HeadSigner::CanSign.
  // REQUIRES: act is a LogKeyChange.
  Result<Committed> CommitLogKey(Act act);

  // A recovery: signed by the recovery key, then by the key that it admits, which is the actor from then on and must
  // outlive the appender. REQUIRES: act is a Recovery, without a cosigner.
  Result<Committed> CommitRecovery(Act act, const tlog::SigningKey& recovery, const tlog::SigningKey& admitted);

  // Checks each entry that an interrupted writer left after the head, and signs a head over them. Returns
  // their number.
  Result<std::uint64_t> AdoptUnacknowledged();

  // Appends the genesis entry with its sealed file to an empty store and signs the first checkpoint.
  static Result<tlog::Checkpoint> Begin(Store& store, const custody::SignedEntry& genesis, const SealedEntry& sealed,
                                        LogSigners log, const std::vector<HeadFile>& heads);

 private:
  Result<custody::Signers> MaySign(const Act& act, const Draft::Signing& signing) const;
  Result<Pending> Seal(Act act);
  // Steps 1 to 5 of a single act that is signed so.
  Result<Committed> CommitSigned(Act act, const Draft::Signing& signing, std::span<const Bytes> headers);
  static Result<void> StageGroup(std::span<Pending> group, SealedStage& stage);
  Result<std::vector<AppendBatch::Rewrapped>> StageHeaders(const custody::ItemSet& items,
                                                           std::span<const Bytes> headers, SealedStage& stage) const;
  // Steps 3 to 5. `group` has an element for each entry of the draft. Nothing if other entries came before: the state is
  // after those, and a new draft is needed.
  Result<std::optional<Committed>> Finish(Draft draft, std::span<const Pending> group,
                                          std::vector<AppendBatch::Rewrapped> rewrapped);
  // Checks the entries that are stored after the state, and moves it over them. Returns their number.
  Result<std::uint64_t> MoveOverStored();
  // The state and the tree are these from here on.
  void Become(custody::State state, tlog::GrowingTree tree);

  Store& store_;
  Pool& pool_;
  custody::State state_;
  tlog::GrowingTree tree_;
  const tlog::SigningKey* actor_;
  HeadSigner signer_;
  EntrySealer sealer_;
};

}  // namespace exhibit::store
