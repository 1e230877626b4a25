// An entry in words: what was done, for a table, a form or a report.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "vault/custody/entry.h"
#include "vault/custody/field.h"
#include "vault/custody/item_set.h"
#include "vault/tell/people.h"

namespace exhibit::tell {

// One line: "held 3-4: litigation hold (authority: 12 Cv 3)". What people wrote comes from the fields: null where nobody may
// read them, and then the line says that they are sealed; of those that are withheld it says their keys. `people`: for the
// names of those whom it mentions; null leaves their handles. All text of the evidence is made printable.
std::string Describe(const custody::Entry& entry, const custody::FieldList* fields, const People* people = nullptr);

// The word of an entry for a table or a count: "item", "admit"; of an access what its field `act` says, such as "export".
std::string WordOf(const custody::Entry& entry, const custody::FieldList* fields);

// The items that an entry names: in public, or in its fields as far as those tell it. Empty for none.
std::vector<custody::ItemSet::Range> ItemsNamedBy(const custody::Entry& entry, const custody::FieldList* fields);

}  // namespace exhibit::tell
