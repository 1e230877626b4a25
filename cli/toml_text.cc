#include "cli/toml_text.h"

#include <string>

#include "vault/base/format.h"
#include "vault/base/text.h"

namespace exhibit::cli {

Failure WrongInToml(std::string_view place, const toml::source_region& where, std::string_view what,
                    std::string_view hint) {
  return Fail(ErrorCode::kInvalid, Format("{}: line {}: {}", Printable(place), where.begin.line, what),
              std::string(hint));
}

// The library throws what is wrong with a text; it goes no further than this.
Result<toml::table> ParseToml(std::string_view place, std::string_view text) {
  try {
    return toml::parse(text);
  } catch (const toml::parse_error& error) {
    return WrongInToml(place, error.source(), Printable(error.description()));
  }
}

}  // namespace exhibit::cli
