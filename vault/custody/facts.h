// What the acts of custody have brought about up to a position of the log, and the rules of the next.
//
//   who    the actor is admitted, neither retired nor replaced, and holds a role that may sign the act
//          (role.h); a cosigner where the act, or the vault's rule, asks for one, and nowhere else
//   admit  a key that is not known, under any name
//   retire a key that is admitted; the last custodian stays
//   rotate a new key, not known before, takes the actor's place, roles and name, and signs too
//   rule   only where there are two custodians; while there is a rule, two must sign its change
//   hold   counts: an item is held until each of its holds is released
//   release  only an item that is held
//   shred  only an item that is not held; once
//   access, transfer, hold, release: never of a shredded item
//   timestamp  of a checkpoint of this log before the entry, or of a timestamp that is in it
//   recovery  names a head of this log, by the key that signs at its size
//   log key   another one of the same name, not known before; the old and the new one sign too
//   reader  any list of readers
//   reseal  to a new key of the vault, or more items to the present one, which come before it took its
//          place; nothing that was shredded
//   item   that was collected elsewhere: the statement is of this vault, this sealed file and its present
//          key, by a collector who may; each number of a collector once (collected.h)
//   receipt  of this vault, a checkpoint of this log before the entry, and a bundle by a key known here; once
//   transfer  of this vault, released and received by two custodians who may, each statement once
//
// A key that lost its place never comes back. One custodian may remain where a rule asks for two: a
// stolen key must be retired even then. From there on, every act that needs two is refused.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "vault/crypto/hash.h"
#include "vault/custody/entry.h"
#include "vault/custody/hold_counts.h"
#include "vault/custody/log_keys.h"
#include "vault/custody/signers.h"

namespace exhibit::custody {

// A key's time in the vault.
struct Membership {
  Custodian custodian;
  tlog::Sequence since;
  std::optional<tlog::Sequence> until = {};  // retired or replaced there
  std::optional<std::string> replaced_by = {};
  bool operator==(const Membership&) const = default;
};

// A timestamp in the log, as far as the log knows. Whether its token holds is asked where roots are.
struct Stamp {
  tlog::TreeSize covers;         // entries below are no later than it, if it holds
  crypto::Sha256Digest imprint;  // that its token must be over
  crypto::Sha256Digest token;    // of its token: what renews it is over this
  bool operator==(const Stamp&) const = default;
};

// The log went on from a copy that was restored.
struct Recovered {
  tlog::Checkpoint lost;
  std::string reason;
  bool operator==(const Recovered&) const = default;
};

// A key that others had too, by an entry that says from when on. What it signed before is as good as ever; what
// it signed then may be anybody's (verify/compromise_check.h).
struct Compromise {
  enum class Of : std::uint8_t { kCustodian, kLog } of = Of::kCustodian;
  std::string key;  // as "actor" writes it
  Moment since;
  bool operator==(const Compromise&) const = default;
};

// A reader's time in the vault.
struct Readership {
  Reader reader;
  tlog::Sequence since;
  std::optional<tlog::Sequence> until = {};  // no longer among the readers there, or under another name
  bool operator==(const Readership&) const = default;
};

// A key of the vault, to which items are sealed from an entry on.
struct VaultKey {
  seal::X25519Recipient recipient;
  tlog::Sequence since;
  bool operator==(const VaultKey&) const = default;
};

struct Facts {
  std::map<std::string, Membership> custodians;  // by actor; those who were, too
  HoldCounts holds;
  std::map<std::uint64_t, tlog::Sequence> shredded;  // which entry did it
  std::vector<EntryType> needs_two;                  // needs two custodians
  std::set<StatementHash> statements;                // of transfers and receipts that are in the log
  std::vector<tlog::Sequence> cases;                 // entries that record the dates of the case
  std::optional<LogKeys> log_keys;                   // since the genesis
  std::map<tlog::Sequence, Stamp> stamps;
  std::map<tlog::Sequence, Recovered> recoveries;
  std::map<tlog::Sequence, Compromise> compromises;  // by the entry that says so
  std::vector<Readership> readers;                   // none where the vault's key is under a passphrase
  std::optional<crypto::Sha256Digest> key_file;      // of the vault's key, by the entry that replaced it last
  std::vector<VaultKey> vault_keys;                  // since the genesis; the last is the present one

  // Those there are now.
  std::vector<Reader> PresentReaders() const;
  const Membership* Find(const std::string& actor) const;
  // kDenied, saying what is missing.
  Result<void> MayAct(const std::string& actor, Act act) const;
  bool operator==(const Facts&) const = default;
};

// Whether the entry's act may follow, and who must have signed it. kDenied where somebody may not,
// kInvalid where the thing may not be. Whether the items that it names are there is not asked here.
Result<Signers> CheckAct(const Facts& facts, const Entry& entry);

// True if `Apply` does anything for it.
bool ChangesFacts(Act act);
// REQUIRES: CheckAct allowed it.
void Apply(Facts& facts, const Entry& entry);

}  // namespace exhibit::custody
