// Who may do what: the roles of a custodian, and the one table that says which role may sign which
// type of entry. Writing asks it before it signs; verifying asks it again for each entry.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "vault/base/error.h"

namespace exhibit::custody {

// Frozen: the words stand in entries.
enum class Role : std::uint8_t {
  kCollector,  // adds items
  kCustodian,  // all custody acts, admits others; adds items too
  kWitness,    // cosigns checkpoints; signs no entries
};

std::string_view ToText(Role role);
Result<Role> RoleFromText(std::string_view text);

// Frozen: the words stand in entries.
enum class EntryType : std::uint8_t {
  kGenesis,   // entry 0: the vault's keys and its first custodian
  kItem,      // a piece of evidence
  kOmission,  // what could not be taken in
};

std::string_view ToText(EntryType type);
Result<EntryType> EntryTypeFromText(std::string_view text);

// True if somebody who holds these roles may sign an entry of this type. Genesis is not asked about:
// it is signed by the custodian that it names itself.
bool MaySign(const std::vector<Role>& roles, EntryType type);

}  // namespace exhibit::custody
