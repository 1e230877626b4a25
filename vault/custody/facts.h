// What the acts of custody have brought about up to a position of a log: keys and persons, rules and suspensions, what is
// held and shredded, which statements were used. Copies are cheap: they share what is large until one changes it.
//
// An act's file says what it changes here (acts/). Nothing here checks: judging.h asks before, and state.h applies after.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "vault/crypto/hash.h"
#include "vault/custody/acts/custodian.h"
#include "vault/custody/body.h"
#include "vault/custody/collectors.h"
#include "vault/custody/hold_counts.h"
#include "vault/custody/log_keys.h"
#include "vault/custody/position_ranges.h"
#include "vault/custody/role.h"
#include "vault/custody/shared.h"

namespace exhibit::custody {

// A key and its place. It signs from the entry after `since` to `until`, that one included: it may sign its own end.
struct Membership {
  tlog::VerifierKey key;
  Roles roles;
  Person person;
  tlog::Sequence since;
  EntryTime admitted;                           // the time of the entry that admitted it, or the key before it
  std::optional<Actor> admitted_by_alone = {};  // without a cosigner
  std::optional<tlog::Sequence> until = {};     // nothing while it is admitted
  std::optional<Actor> replaced_by = {};
};

struct Suspension {
  std::optional<Person> by;  // nothing of a recovery
  std::set<Person> stopped;  // whom it names, and who is not lifted yet
};

struct RecoveryKey {
  tlog::VerifierKey key;
  tlog::Sequence since;
  std::optional<tlog::Sequence> until = {};
};

struct VaultKey {
  VaultRecipient recipient;
  tlog::Sequence since;
};

// What a timestamp entry says, by its shape: who has roots asks whether its token holds.
struct Stamp {
  std::optional<tlog::TreeSize> covers;  // entries of the stamped checkpoint; nothing where it renews
  std::optional<tlog::Sequence> renews;
  std::optional<crypto::Sha256Digest>
      imprint;                    // what the token must be over; nothing where the earlier one is not told
  crypto::Sha256Digest token;     // of the token's DER
  std::optional<EntryTime> time;  // of a token that can be read, and that does not renew
};

// Others may have signed with this key since.
struct Compromise {
  Actor key;
  bool is_the_logs = false;
  EntryTime since;
};

struct NewerFrom {
  tlog::Sequence entry;
  std::uint64_t version = 0;
};

struct Holds {
  std::map<tlog::Sequence, PositionRanges> held;  // by the entry that made it: what it still holds
  HoldCounts counts;
};

struct Facts {
  // REQUIRES: `genesis` is a Genesis.
  Facts(const Entry& genesis, const Fingerprint& fingerprint);

  tlog::Origin origin;
  Fingerprint fingerprint;
  LabelCount label_count;
  Shared<LogKeys> log_keys;
  std::vector<VaultKey> vault_keys;  // the present one is the last
  std::vector<RecoveryKey> recovery_keys;
  std::optional<KeyFileDigest> key_file;

  Shared<std::map<Actor, Membership>> members;  // all that there ever were
  std::map<std::string, Person> handles;
  Person highest;
  RuledActs two;  // what needs two persons
  std::map<tlog::Sequence, Suspension> suspensions;
  std::set<std::pair<Person, Person>> suspended_before;  // by whom, whom

  Shared<Holds> holds;
  Shared<PositionRanges> shredded;
  Shared<std::set<StatementDigest>> statements;  // those that are used once
  Shared<Collectors> collectors;

  Shared<std::map<tlog::Sequence, Stamp>> stamps;
  Shared<std::map<Actor, tlog::Sequence>> first_signed;  // where each key signed first, of what was seen
  Shared<PositionRanges> told;                           // the entries that are here; in a log all so far
  Shared<PositionRanges> unsealed;                       // those of them that have no sealed file
  bool saw_every_entry = true;  // false after State::Resume: then first_signed is not the whole truth
  std::map<tlog::Sequence, Compromise> compromises;
  std::vector<tlog::Sequence> recoveries;
  std::map<tlog::Sequence, tlog::Checkpoint> lost_heads;
  std::vector<tlog::Sequence> cases;
  std::optional<tlog::Sequence> closed;
  std::optional<NewerFrom> newer;

  // --- keys and persons ---
  const VaultRecipient& recipient() const { return vault_keys.back().recipient; }
  bool HadRecipient(const VaultRecipient& recipient) const;
  const tlog::VerifierKey* recovery() const;
  // Whoever has or had this key; null for nobody. Present: who is admitted now.
  const Membership* Find(const Actor& actor) const;
  const Membership* FindPresent(const Actor& actor) const;
  bool KnowsPublicKey(ByteView public_key) const;  // of members, and of the log
  // The persons with the role of a custodian; all who have an admitted key.
  std::set<Person> Custodians() const;
  std::set<Person> Present() const;

  void Take(tlog::VerifierKey key, const Roles& roles, Person person, tlog::Sequence at, EntryTime admitted,
            std::optional<Actor> admitted_by_alone);
  // REQUIRES: `old` is present.
  void End(const Actor& old, tlog::Sequence at);
  void Replace(const Actor& old, const tlog::VerifierKey& next, tlog::Sequence at);
  // The recovery key from here on, or none.
  void SetRecovery(const std::optional<tlog::VerifierKey>& key, tlog::Sequence at);

  // --- suspensions ---
  // The persons whom suspensions stop: those that they name, and those who made them. But for one of them, if it is named.
  std::set<Person> Stopped(std::optional<tlog::Sequence> but = {}) const;
  bool IsSuspended(Person person) const;
  // Those end whose person has no admitted key any more, and all of a person who has none.
  void EndSuspensions();
  // Somebody is left who could lift what is in force.
  bool HasWayOut() const;

  // --- keys that others had too ---
  // Whether the time is before what was proven already of a member's key, or, of nothing, of the log's.
  bool CastsDoubt(const std::optional<Actor>& key, const std::optional<EntryTime>& since) const;
};

}  // namespace exhibit::custody
