// Who may do what: the roles of a custodian, the acts that an entry can be, and the one table that
// says which role may sign which act and who signs too. A writer asks it before it signs; a verifier
// asks it again for each entry.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "vault/base/error.h"

namespace exhibit::custody {

// Frozen: entries hold these words.
enum class Role : std::uint8_t {
  kCollector,  // adds items
  kCustodian,  // all custody acts, admits others; adds items too
  kWitness,    // cosigns checkpoints; signs no entries
};

std::string_view ToText(Role role);
Result<Role> RoleFromText(std::string_view text);

// Frozen: entries hold these words, and lists of them are in this order.
enum class EntryType : std::uint8_t {
  kGenesis,    // entry 0: the vault's keys and its first custodian
  kItem,       // a piece of evidence
  kOmission,   // what could not be taken in
  kCustodian,  // a key is admitted, retired or replaced
  kTransfer,   // one custodian handed items to another, or did not
  kAccess,     // who read or exported content, and why
  kNote,       // corrects or adds to metadata
  kHold,       // items that must be kept
  kRelease,    // takes one hold away
  kShred,      // destroys an item's content
  kRule,       // which acts need two custodians
  kTimestamp,  // an authority's token over a checkpoint, or over an earlier token
  kRecovery,   // the log went on from a restored copy; which head was lost
  kLogKey,     // another key signs checkpoints from here on
  kReader,     // who opens the vault's key from here on
  kReseal,     // another key of the vault, and the headers of items made anew for it
  kReceipt,    // what a receiver of a bundle signed
  kCase,       // the dates of the case, sealed
};

std::string_view ToText(EntryType type);
Result<EntryType> EntryTypeFromText(std::string_view text);

// What an entry does. Each is of one type; a custodian entry does one of three things.
enum class Act : std::uint8_t {
  kGenesis,
  kItem,
  kOmission,
  kAdmit,
  kRetire,
  kRotate,
  kTransfer,
  kAccess,
  kNote,
  kHold,
  kRelease,
  kShred,
  kRule,
  kTimestamp,
  kRecover,
  kRotateLog,
  kReader,
  kReseal,
  kReceipt,
  kCase,
};

// Who signs an entry beside its actor.
enum class Cosigner : std::uint8_t {
  kNobody,
  kWhereRuled,  // another custodian may, and must where the vault's rule names the act
  kUnderRules,  // another custodian may, and must while any act is ruled: no one lifts a rule alone
  kNewKey,      // the key that takes the place of the actor's
  kLogKeys,     // the log's key and the one that takes its place, in this order
};

EntryType TypeOf(Act act);
// What a message calls it: "admit", "item".
std::string_view ToText(Act act);

// True if somebody who holds these roles may sign this act. Genesis is not asked about: it is signed
// by the custodian that it names itself.
bool MaySign(const std::vector<Role>& roles, Act act);
Cosigner CosignerOf(Act act);

// True if a rule may ask two custodians for acts of this type.
bool CanBeRuled(EntryType type);

}  // namespace exhibit::custody
