#include "vault/custody/role.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "vault/base/text.h"

namespace exhibit::custody {
namespace {

constexpr std::array<std::pair<Role, std::string_view>, 3> kRoles = {{
    {Role::kCollector, "collector"},
    {Role::kCustodian, "custodian"},
    {Role::kWitness, "witness"},
}};

constexpr std::array<std::pair<EntryType, std::string_view>, 3> kEntryTypes = {{
    {EntryType::kGenesis, "genesis"},
    {EntryType::kItem, "item"},
    {EntryType::kOmission, "omission"},
}};

struct Permission {
  EntryType type;
  Role role;
};

constexpr std::array<Permission, 4> kPermissions = {{
    {EntryType::kItem, Role::kCollector},
    {EntryType::kItem, Role::kCustodian},
    {EntryType::kOmission, Role::kCollector},
    {EntryType::kOmission, Role::kCustodian},
}};

template <typename Table, typename Value>
std::string_view WordOf(const Table& table, Value value) {
  for (const auto& [entry, word] : table) {
    if (entry == value) return word;
  }
  InternalError("a value has no word", __FILE__, __LINE__);
}

}  // namespace

std::string_view ToText(Role role) { return WordOf(kRoles, role); }

Result<Role> RoleFromText(std::string_view text) {
  for (const auto& [role, word] : kRoles) {
    if (word == text) return role;
  }
  return Fail(ErrorCode::kInvalid, "unknown role \"" + Printable(text.substr(0, 64)) + "\"",
              "roles are collector, custodian and witness");
}

std::string_view ToText(EntryType type) { return WordOf(kEntryTypes, type); }

Result<EntryType> EntryTypeFromText(std::string_view text) {
  for (const auto& [type, word] : kEntryTypes) {
    if (word == text) return type;
  }
  return Fail(ErrorCode::kUnsupported, "unknown entry type \"" + Printable(text.substr(0, 64)) + "\"",
              "a newer version of exhibit may know it");
}

bool MaySign(const std::vector<Role>& roles, EntryType type) {
  return std::ranges::any_of(kPermissions, [&](const Permission& permission) {
    return permission.type == type && std::ranges::find(roles, permission.role) != roles.end();
  });
}

}  // namespace exhibit::custody
