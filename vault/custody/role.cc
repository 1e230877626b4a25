#include "vault/custody/role.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "vault/base/format.h"
#include "vault/base/text.h"

namespace exhibit::custody {
namespace {

constexpr std::array<std::pair<Role, std::string_view>, 3> kRoles = {{
    {Role::kCollector, "collector"},
    {Role::kCustodian, "custodian"},
    {Role::kWitness, "witness"},
}};

constexpr std::array<std::pair<EntryType, std::string_view>, 18> kEntryTypes = {{
    {EntryType::kGenesis, "genesis"},
    {EntryType::kItem, "item"},
    {EntryType::kOmission, "omission"},
    {EntryType::kCustodian, "custodian"},
    {EntryType::kTransfer, "transfer"},
    {EntryType::kAccess, "access"},
    {EntryType::kNote, "note"},
    {EntryType::kHold, "hold"},
    {EntryType::kRelease, "release"},
    {EntryType::kShred, "shred"},
    {EntryType::kRule, "rule"},
    {EntryType::kTimestamp, "timestamp"},
    {EntryType::kRecovery, "recovery"},
    {EntryType::kLogKey, "log-key"},
    {EntryType::kReader, "reader"},
    {EntryType::kReseal, "reseal"},
    {EntryType::kReceipt, "receipt"},
    {EntryType::kCase, "case"},
}};

enum class Who : std::uint8_t { kNobody, kCustodians, kCustodiansAndCollectors };

struct ActRow {
  Act act;
  std::string_view word;
  EntryType type;
  Who who;
  Cosigner cosigner;
};

// The table. docs/FORMAT.md shows it.
constexpr std::array<ActRow, 20> kActs = {{
    {Act::kGenesis, "genesis", EntryType::kGenesis, Who::kNobody, Cosigner::kNobody},
    {Act::kItem, "item", EntryType::kItem, Who::kCustodiansAndCollectors, Cosigner::kNobody},
    {Act::kOmission, "omission", EntryType::kOmission, Who::kCustodiansAndCollectors, Cosigner::kNobody},
    {Act::kAdmit, "admit", EntryType::kCustodian, Who::kCustodians, Cosigner::kWhereRuled},
    {Act::kRetire, "retire", EntryType::kCustodian, Who::kCustodians, Cosigner::kNobody},
    {Act::kRotate, "rotate", EntryType::kCustodian, Who::kCustodiansAndCollectors, Cosigner::kNewKey},
    {Act::kTransfer, "transfer", EntryType::kTransfer, Who::kCustodians, Cosigner::kNobody},
    {Act::kAccess, "access", EntryType::kAccess, Who::kCustodians, Cosigner::kNobody},
    {Act::kNote, "note", EntryType::kNote, Who::kCustodians, Cosigner::kNobody},
    {Act::kHold, "hold", EntryType::kHold, Who::kCustodians, Cosigner::kNobody},
    {Act::kRelease, "release", EntryType::kRelease, Who::kCustodians, Cosigner::kWhereRuled},
    {Act::kShred, "shred", EntryType::kShred, Who::kCustodians, Cosigner::kWhereRuled},
    {Act::kRule, "rule", EntryType::kRule, Who::kCustodians, Cosigner::kUnderRules},
    {Act::kTimestamp, "timestamp", EntryType::kTimestamp, Who::kCustodiansAndCollectors, Cosigner::kNobody},
    {Act::kRecover, "recover", EntryType::kRecovery, Who::kCustodians, Cosigner::kNobody},
    {Act::kRotateLog, "rotate-log-key", EntryType::kLogKey, Who::kCustodians, Cosigner::kLogKeys},
    {Act::kReader, "reader", EntryType::kReader, Who::kCustodians, Cosigner::kWhereRuled},
    {Act::kReseal, "reseal", EntryType::kReseal, Who::kCustodians, Cosigner::kWhereRuled},
    {Act::kReceipt, "receipt", EntryType::kReceipt, Who::kCustodians, Cosigner::kNobody},
    {Act::kCase, "case", EntryType::kCase, Who::kCustodians, Cosigner::kNobody},
}};

template <typename Table, typename Value>
std::string_view WordOf(const Table& table, Value value) {
  for (const auto& [entry, word] : table) {
    if (entry == value) return word;
  }
  InternalError("a value has no word", __FILE__, __LINE__);
}

const ActRow& RowOf(Act act) {
  for (const ActRow& row : kActs) {
    if (row.act == act) return row;
  }
  InternalError("an act has no row", __FILE__, __LINE__);
}

}  // namespace

std::string_view ToText(Role role) { return WordOf(kRoles, role); }

Result<Role> RoleFromText(std::string_view text) {
  for (const auto& [role, word] : kRoles) {
    if (word == text) return role;
  }
  return Fail(ErrorCode::kInvalid, Format("unknown role \"{}\"", Printable(text.substr(0, 64))),
              "roles are collector, custodian and witness");
}

std::string_view ToText(EntryType type) { return WordOf(kEntryTypes, type); }

Result<EntryType> EntryTypeFromText(std::string_view text) {
  for (const auto& [type, word] : kEntryTypes) {
    if (word == text) return type;
  }
  return Fail(ErrorCode::kUnsupported, Format("unknown entry type \"{}\"", Printable(text.substr(0, 64))),
              "a newer version of exhibit may know it");
}

EntryType TypeOf(Act act) { return RowOf(act).type; }
std::string_view ToText(Act act) { return RowOf(act).word; }
Cosigner CosignerOf(Act act) { return RowOf(act).cosigner; }

bool MaySign(const std::vector<Role>& roles, Act act) {
  const auto holds = [&](Role role) { return std::ranges::find(roles, role) != roles.end(); };
  switch (RowOf(act).who) {
    case Who::kNobody: return false;
    case Who::kCustodians: return holds(Role::kCustodian);
    case Who::kCustodiansAndCollectors: return holds(Role::kCustodian) || holds(Role::kCollector);
  }
  InternalError("a group of roles has no rule", __FILE__, __LINE__);
}

bool CanBeRuled(EntryType type) {
  return std::ranges::any_of(
      kActs, [&](const ActRow& row) { return row.type == type && row.cosigner == Cosigner::kWhereRuled; });
}

}  // namespace exhibit::custody
