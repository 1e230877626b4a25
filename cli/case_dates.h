// The dates of a vault's cases, read with a reader's key.
#pragma once

#include <map>
#include <string>

#include "cli/command.h"
#include "vault/custody/case_facts.h"

namespace exhibit::cli {

// By the number of the case ("" if a record names none): the records of each, combined in the order
// of the log. Shredded records are skipped.
Result<std::map<std::string, custody::CaseFacts>> ReadCases(const VaultReader& vault, const custody::State& state,
                                                            seal::Identities reader);

}  // namespace exhibit::cli
