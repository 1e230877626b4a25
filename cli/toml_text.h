// A text in TOML, read by Debian's library, and what is wrong with one: named with its place and line.
#pragma once

#include <toml++/toml.h>

#include <string_view>

#include "vault/base/error.h"

namespace exhibit::cli {

// kInvalid: "config.toml: line 3: what". `place` is what the user calls the text; it may be any bytes.
Failure WrongInToml(std::string_view place, const toml::source_region& where, std::string_view what,
                    std::string_view hint = {});

// kInvalid with the line.
Result<toml::table> ParseToml(std::string_view place, std::string_view text);

}  // namespace exhibit::cli
