// What a vault records of its cases' dates, read with a reader's key.
#pragma once

#include <map>
#include <string>

#include "cli/command.h"
#include "vault/custody/case_facts.h"

namespace exhibit::cli {

// By the number of the case, "" where a record names none: the records of each, one laid over the other in the order
// of the log. What was shredded is told by nobody.
Result<std::map<std::string, custody::CaseFacts>> ReadCases(const VaultReader& vault, const custody::State& state,
                                                            seal::Identities reader);

}  // namespace exhibit::cli
