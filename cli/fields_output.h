// Fields as every command shows them: to people a line each, to machines as JSON of the same names.
#pragma once

#include <string>
#include <vector>

#include "vault/base/json.h"
#include "vault/custody/field.h"

namespace exhibit::cli {

Json JsonOf(const custody::FieldValue& value);
// {"kind": "log", …}: what is told. What hides parts is never shown, wherever it comes from.
Json JsonOf(const custody::FieldList& fields);
Json JsonOf(const std::vector<custody::FieldList::Item>& fields);

// A value on one line, safe to show: a name that is not UTF-8 by its bytes, an object as "uid 1000, mode 0644".
std::string ShownValue(const custody::FieldValue& value);
// "kind              log\n", in the order of the list. Times and claims have a line for each of theirs.
std::string ShownFields(const custody::FieldList& fields);
// The same form, of anything: a name, blanks up to a column, and the value.
std::string ShownLine(std::string_view name, std::string_view value);

}  // namespace exhibit::cli
