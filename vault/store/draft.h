// The entries of one commit, made and signed but not stored, and the state after them.
//
// Each entry is put to the rules before it is signed. A draft that is dropped leaves nothing behind.
#pragma once

#include <vector>

#include "vault/base/parallel.h"
#include "vault/custody/act_index.h"
#include "vault/custody/state.h"
#include "vault/store/entry_sealer.h"
#include "vault/tlog/tree.h"

namespace exhibit::store {

class Draft {
 public:
  // After the last entry of `state` and `tree`. All entries have the present time.
  Draft(custody::State state, tlog::GrowingTree tree)
      : state_(std::move(state)), tree_(std::move(tree)), time_(custody::EntryTimeOf(Now())) {}

  // Who signs an entry, in the order of the signature lines.
  struct Signing {
    const tlog::SigningKey& actor;
    const tlog::SigningKey* cosigner = nullptr;
    std::vector<const tlog::SigningKey*> more = {};  // of a log-key entry: the log's keys
  };
  // Signs the next entry, if the rules allow it, and moves the state over it. `sealed` is null for an entry without a
  // sealed file. kDenied or kInvalid naming the rule; an error of CheckStatement for what it carries.
  Result<void> Extend(custody::EntryBody body, const SealedEntry* sealed, const Signing& signing);
  // Whether Extend would be allowed, and who has to sign. `fields` may be null.
  Result<custody::Signers> MayExtend(custody::EntryBody body, const custody::FieldList* fields,
                                     const Signing& signing) const;

  // Checks all signatures: Extend leaves that to several threads, and an act may carry those of others.
  Result<void> CheckSignatures(Pool& pool) const;

  const custody::State& state() const { return state_; }
  tlog::GrowingTree& tree() { return tree_; }
  const std::vector<custody::SignedEntry>& entries() const { return entries_; }
  // The rows of the index of acts.
  std::vector<custody::ActRow> Rows() const;

 private:
  custody::Entry Next(custody::EntryBody body, const Signing& signing) const;

  custody::State state_;
  tlog::GrowingTree tree_;
  custody::EntryTime time_;
  std::vector<custody::SignedEntry> entries_;
  std::vector<custody::Signers> signers_;  // of each
};

}  // namespace exhibit::store
