// An entry in words: what was done, for a table, a form or a report.
#pragma once

#include <string>

#include "vault/custody/entry.h"

namespace exhibit::tell {

// One line: "held: litigation hold (authority: 12 Cv 3)". Text of the entry is made printable.
std::string Describe(const custody::Entry& entry);

}  // namespace exhibit::tell
