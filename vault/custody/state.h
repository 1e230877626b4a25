// The log replayed: what holds after each entry, and whether the next entry may follow.
//
// One `State` is moved along a log from entry 0. A writer moves it before an entry is stored; a
// verifier moves it over stored entries. Both use these rules, for each entry, in this order:
//
//   1. origin is this vault's
//   2. seq is the next position
//   3. prev is the hash of the entry before, over its exact bytes
//   4. the act may follow, by who signs it and by what was done before (facts.h)
//   5. the items that it names are earlier entries with a sealed file, and a transfer's statement
//      names their leaf hashes (named_items.h). A state keeps no record of every entry, so that a
//      writer need not read a whole log: it asks `ask`. It asks, too, for the number of an item
//      that was collected elsewhere, which is in a log at most once
//   6. (not a rule, a report) time does not step backwards
//
// The signatures themselves are checked by the caller with the keys that `Accept` names
// (CheckSignatures), because checking them is what costs and the caller has several processors.
#pragma once

#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>

#include "vault/custody/entry.h"
#include "vault/custody/facts.h"
#include "vault/custody/named_items.h"

namespace exhibit::custody {

// The leaf hash of the genesis entry: it commits to origin, keys and first custodian, and every
// later entry to it. Whoever knows it needs to trust nothing else in a vault.
struct FingerprintTag;
using Fingerprint = Fixed<FingerprintTag, 32>;

class State {
 public:
  // The state after a genesis entry. kInvalid if it is not one, or not at position 0.
  // The caller still has to check its signature (by its own custodian's key) and, where the
  // verifier brought one, its fingerprint. Entries that name items are refused without `ask`.
  static Result<State> Begin(const SignedEntry& genesis, AskNamedItem ask = {});

  // The state after `last`, whose place in the log the caller has checked, from the entries that
  // change it: `acts`, in order, none left out. Checks their signatures. Whether they follow the
  // entries between them, and the items that they name, was checked when they were accepted. kTampered.
  static Result<State> Resume(const SignedEntry& genesis, std::span<const SignedEntry> acts, const SignedEntry& last,
                              AskNamedItem ask = {});

  // Sets `ask`. For a writer, whose store opens after the state is known.
  void AskOf(AskNamedItem ask) { ask_ = std::move(ask); }
  // Sets what to ask for collectors' numbers of entries before those that this state was moved over.
  void AskOf(AskCollected ask) { ask_collected_ = std::move(ask); }

  struct Accepted {
    Signers signers;  // the entry must carry their signatures
    bool clock_stepped_back = false;
  };
  // Moves over `next`. On failure (kTampered; the message names the rule) the state is as before.
  Result<Accepted> Accept(const SignedEntry& next);

  // Goes on after an entry that was not accepted, so that later entries are judged by themselves: the
  // next one has to follow these bytes.
  void SkipTo(tlog::Sequence next, const tlog::LeafHash& previous);

  // Whether `actor` could do such an act now; kDenied says what is missing.
  Result<void> MayAct(const std::string& actor, Act act) const { return facts_->MayAct(actor, act); }

  // Rules 4 and 5 for an entry that is not signed yet, and who has to sign it. kDenied, kInvalid, or an
  // error of `ask`.
  Result<Signers> MayFollow(const Entry& entry) const;

  const tlog::Origin& origin() const { return genesis_.origin; }
  const Genesis& genesis() const { return std::get<Genesis>(genesis_.body); }
  const Fingerprint& fingerprint() const { return fingerprint_; }
  tlog::Sequence next_sequence() const { return next_; }
  const tlog::LeafHash& previous() const { return previous_; }
  const Facts& facts() const { return *facts_; }
  // Items are sealed to this recipient now.
  const seal::X25519Recipient& recipient() const { return facts_->vault_keys.back().recipient; }
  // Who signs checkpoints of which size, as far as the log was replayed.
  const LogKeys& log_keys() const { return *facts_->log_keys; }
  // The custodian that signs, or once signed, as `actor`; null if there never was one.
  const Custodian* FindCustodian(const std::string& actor) const;

 private:
  State(const SignedEntry& genesis, AskNamedItem ask);
  Result<void> CheckPlace(const SignedEntry& next) const;
  Result<void> CheckCollected(const Entry& entry) const;
  void Take(const Entry& entry);

  Entry genesis_;
  Fingerprint fingerprint_;
  tlog::Sequence next_;
  tlog::LeafHash previous_;
  Moment last_time_;
  // Shared with copies of this state until one of them changes it: a writer copies its state for each
  // commit, and what is held may be many items.
  std::shared_ptr<Facts> facts_;
  AskNamedItem ask_;
  AskCollected ask_collected_;
  std::shared_ptr<std::set<CollectedNumber>> collected_;  // of what it was moved over; shared as the facts are
};

}  // namespace exhibit::custody
