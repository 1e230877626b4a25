// The log replayed: what holds after each entry, and whether the next entry may follow.
//
// One `State` is moved along a log from entry 0. A writer moves it before an entry is stored; a verifier moves it over
// stored entries. Both use these rules, for each entry, in this order:
//
//   1. origin is this vault's, and no entry before it closed the log or asked for a version that is not known
//   2. seq is the next position (of a bundle: a later one)
//   3. prev is the hash of the entry before, over its exact bytes (where that is here)
//   4. law is the position of the last law entry before it
//   5. it has as many labels as the genesis says
//   6. who signs it may, the items that it names are earlier entries with a sealed file, and what its act asks for holds
//      (judging.h, acts/). A state keeps no record of every entry, so that a writer need not read a whole log: it asks
//   7. (no rules, remarks) time does not step backwards, no suspended person signs, no cosigner is the actor's creature
//
// The signatures themselves are checked by the caller with the keys that `Accept` names (CheckSignatures), because
// checking them is what costs and the caller has several processors.
//
// In a bundle or a proof every law entry is told, and of the rest what its maker chose. So keys, persons, rules and
// suspensions are known there as in the log; holds, numbers of collectors and statements as far as they are told.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "vault/custody/entry.h"
#include "vault/custody/facts.h"
#include "vault/custody/judging.h"
#include "vault/custody/signers.h"

namespace exhibit::custody {

// What is said of an entry beside a verdict. None fails anything.
struct Remark {
  enum class Kind : std::uint8_t {
    kClockSteppedBack,         // its time is before that of an entry before it
    kCosignerAdmittedByActor,  // by the actor alone
    kBySuspended,              // its actor's person is suspended
  };
  Kind kind;
  tlog::Sequence entry;
  std::optional<Person> person = {};
  bool operator==(const Remark&) const = default;
};
std::string ToText(const Remark& remark);

class State {
 public:
  // The state after a genesis entry. kInvalid if it is not one, or is not signed by the custodian that it names.
  // The caller still has to check its signature (Signers::Of) and, where the verifier brought one, its fingerprint.
  static Result<State> Begin(const SignedEntry& genesis, Ask ask = {});

  // The state after `last`, whose place in the log the caller has checked, from the entries that change it: `acts`, in
  // order, none left out: the law entries, and those of the types that the index of acts has under subject 0
  // (act_index.h). Checks their rules and signatures. Whether they follow the entries between them, and the items that
  // they name, was checked when they were accepted. kTampered; kUnsupported after an upgrade that is not known.
  //
  // A law entry that later ones name and that `ask` says is lost is among unread(): nobody knows what it changed. An act
  // after a lost entry that does not fit what is known is passed over, as nobody can say that it was wrong.
  static Result<State> Resume(const SignedEntry& genesis, std::span<const SignedEntry> acts, const SignedEntry& last,
                              Ask ask = {});

  // For a writer, whose store opens after the state is known.
  void AskOf(AskLeaf ask) { ask_.leaf = std::move(ask); }
  void AskOf(AskCollected ask) { ask_.collected = std::move(ask); }

  struct Accepted {
    Signers signers;  // the entry must carry their signatures
    std::vector<Remark> remarks = {};
  };
  // Moves over `next`, which must be at the next position. `fields` are those told of it, or null.
  //   kTampered     it breaks a rule, which the message names; the state is as before
  //   kUnsupported  an entry before it asks for a version that is not known: newer()
  Result<Accepted> Accept(const SignedEntry& next, const FieldList* fields = nullptr);
  // The same of a bundle: entries before it may not be told.
  Result<Accepted> AcceptTold(const SignedEntry& next, const FieldList* fields = nullptr);

  // Goes on after an entry that was not accepted, so that later entries are judged by themselves.
  // REQUIRES: it is at the next position, or a later one.
  void PassOver(const SignedEntry& entry);
  // The same after one that nobody can parse, or whose bytes are missing (then `leaf` is null, and the next is moved over
  // with AcceptTold). Its type is not known, so a later entry may name it as the last law entry.
  void PassOverUnread(tlog::Sequence at, const tlog::LeafHash* leaf);

  // Whether `actor` could do such an act now, as far as its roles and suspensions say. kDenied says what is missing.
  Result<void> MayAct(const Actor& actor, const ActForm& form) const;

  // The rules of an entry that is not signed yet, and who has to sign it. kDenied, kInvalid, or an error of who is asked.
  Result<Signers> MayFollow(const Entry& entry, const FieldList* fields = nullptr) const;

  const tlog::Origin& origin() const { return facts_.origin; }
  const Genesis& genesis() const { return std::get<Genesis>(genesis_.body); }
  const Fingerprint& fingerprint() const { return facts_.fingerprint; }
  // Entries whose act is not known, each perhaps a law entry: those that PassOverUnread was told of, and after Resume the
  // law entries that are lost. While there are any, this is what the others say.
  const PositionRanges& unread() const { return unread_; }

  // The place of the next entry.
  tlog::Sequence next_sequence() const { return next_; }
  const tlog::LeafHash& previous() const { return previous_; }
  tlog::Sequence law() const { return law_; }

  const Facts& facts() const { return facts_; }
  const VaultRecipient& recipient() const { return facts_.recipient(); }
  const LogKeys& log_keys() const { return *facts_.log_keys; }
  // The entry that asks for a later version, from which on nothing is read; nothing if there is none.
  const std::optional<NewerFrom>& newer() const { return facts_.newer; }

 private:
  State(const SignedEntry& genesis, Ask ask);
  enum class Gap : bool { kNone, kAllowed };
  Result<Accepted> Accept(const SignedEntry& next, const FieldList* fields, Gap gap);
  Result<void> CheckPlace(const SignedEntry& next, Gap gap) const;
  // Notes the law entry that `entry` names, if it is lost.
  Result<void> LookForLaw(const Entry& entry);
  Result<bool> HasLostBefore(tlog::Sequence end) const;
  std::vector<Remark> RemarksOn(const Entry& entry) const;
  void Take(const Entry& entry);

  Entry genesis_;
  Facts facts_;
  tlog::Sequence next_;
  tlog::LeafHash previous_;
  tlog::Sequence law_;
  PositionRanges unread_;
  EntryTime last_time_;
  Ask ask_;
};

}  // namespace exhibit::custody
