// JSON for machines.
#pragma once

#include <nlohmann/json.hpp>

namespace exhibit::cli {

using Json = nlohmann::ordered_json;

// To stdout, with a line feed behind it. Text that is not UTF-8 is shown with U+FFFD.
void PrintJson(const Json& json);

}  // namespace exhibit::cli
