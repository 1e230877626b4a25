// Who read, proved or exported what: its field `act` says which, and its fields `items`, `purpose`, `recipients` the rest. It
// has no public members of its own.
//
// An export is two acts: `export` before a byte leaves, and `exported` when the data are written, which names the first.
#pragma once

#include <cstdint>

#include "vault/custody/act.h"
#include "vault/custody/words.h"

namespace exhibit::custody {

// The words of the field `act`.
enum class AccessWay : std::uint8_t { kRead, kProve, kExport, kExported, kExportFailed };
template <>
struct Words<AccessWay> {
  static constexpr std::array<std::string_view, 5> kAll = {"read", "prove", "export", "exported", "export-failed"};
};

struct Access {
  static constexpr ActForm kForm = {
      .type = "access", .sealed = SealedRule::kFields, .actor = ActorRule::kCustodian, .signers = "custodian; none"};
  static constexpr std::tuple<> kMembers = {};
  Result<void> Check(const Judging& /*at*/) const { return {}; }
  void Apply(Facts& /*facts*/, const Entry& /*entry*/) const {}
};

}  // namespace exhibit::custody
