// The log replayed: what stands after each entry, and whether the next one may follow.
//
// One `State` is moved along a log from entry 0. Writing moves it before an entry is stored and
// verifying moves it over what is stored: the rules are these, once. Per entry, in this order:
//
//   1. origin is this vault's            4. actor is a key admitted before this position
//   2. seq is the next position          5. that key holds a role that may sign this type
//   3. prev is the hash of the entry     6. (not a rule, a report) time does not step backwards
//      before, over its exact bytes
//
// The signature itself is checked by the caller with the key that `Accept` names, because checking
// signatures is what costs and the caller has several processors.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "vault/custody/entry.h"

namespace exhibit::custody {

// The leaf hash of the genesis entry: it commits to origin, keys and first custodian, and every
// later entry to it. Who knows it needs to trust nothing else in a vault.
struct FingerprintTag;
using Fingerprint = Fixed<FingerprintTag, 32>;

class State {
 public:
  // The state after a genesis entry. kInvalid if it is not one, or not at position 0.
  // The caller still has to check its signature (by its own custodian's key) and, where the
  // verifier brought one, its fingerprint.
  static Result<State> Begin(const SignedEntry& genesis);

  struct Accepted {
    tlog::VerifierKey signer;  // whose signature the entry must carry
    bool clock_stepped_back = false;
  };
  // The state behind `last`, whose place in the log the caller has checked, without replaying what
  // lies between: no entry behind genesis changes who may sign what.
  static Result<State> Resume(const SignedEntry& genesis, const SignedEntry& last);

  // Moves over `next`. On failure (kTampered; the message names the rule) the state is as before.
  Result<Accepted> Accept(const SignedEntry& next);

  // Goes on behind an entry that was not accepted, so that what follows it is judged for itself: the
  // next one has to follow these bytes.
  void SkipTo(tlog::Sequence next, const tlog::LeafHash& previous);

  // Whether `actor` could sign an entry of `type` now; kDenied says what is missing.
  Result<void> MayAct(const std::string& actor, EntryType type) const;

  const tlog::Origin& origin() const { return genesis_.origin; }
  const Genesis& genesis() const { return std::get<Genesis>(genesis_.body); }
  const Fingerprint& fingerprint() const { return fingerprint_; }
  tlog::Sequence next_sequence() const { return next_; }
  const tlog::LeafHash& previous() const { return previous_; }
  // The custodian who signs as `actor`; null if there is none.
  const Custodian* FindCustodian(const std::string& actor) const;

 private:
  explicit State(const SignedEntry& genesis);

  Entry genesis_;
  Fingerprint fingerprint_;
  tlog::Sequence next_;
  tlog::LeafHash previous_;
  Timestamp last_time_;
  std::map<std::string, Custodian> custodians_;  // by actor
};

}  // namespace exhibit::custody
