// The dates of a vault's cases, which are fields of `case` entries: a reader's key shows them.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "cli/command.h"
#include "vault/custody/case_facts.h"

namespace exhibit::cli {

// By the number of the case ("" if a record names none): the records of each, combined in the order
// of the log. Shredded records are skipped, and damaged ones (item_acts.h).
Result<std::map<std::string, custody::CaseFacts>> ReadCases(const VaultReader& vault, const custody::State& state,
                                                            const std::optional<VaultKeys>& keys);

}  // namespace exhibit::cli
