// A case as events for Timesketch: one JSON object a line, with `message`, `datetime` and `timestamp_desc`, which it asks for,
// and what else is known as attributes of their own.
//
// Of an item there is an event for each of its times; of an act one, at the time that it states. Times of evidence are
// corrected by the source's clock offset. All are claims.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "vault/base/json.h"
#include "vault/custody/case_facts.h"
#include "vault/custody/entry.h"
#include "vault/custody/field.h"
#include "vault/tell/people.h"

namespace exhibit::tell {

// `fields` is null where nobody may read them: then an item is an act like others.
std::vector<Json> TimesketchEvents(const custody::SignedEntry& entry, const custody::FieldList* fields,
                                   const People& people);

// Of the dates and events of a case.
std::vector<Json> TimesketchEvents(const std::string& case_number, const custody::CaseFacts& facts);

}  // namespace exhibit::tell
