#include "cli/toml_text.h"

#include <algorithm>
#include <string>

#include "vault/base/format.h"
#include "vault/base/text.h"

namespace exhibit::cli {

namespace {

// "Error while parsing key-value pair: expected '=', saw '\\n'", where the library escaped the character already.
std::string InOwnWords(std::string_view said) {
  constexpr std::string_view kBegins = "Error while parsing ";
  if (said.starts_with(kBegins)) said = said.substr(std::min(said.find(": ") + 2, said.size()));
  std::string words;
  for (std::string text = Printable(said); const char c : text) {
    if (c != '\\' || !words.ends_with('\\')) words += c;
  }
  return words;
}

}  // namespace

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
    return WrongInToml(place, error.source(), "this is not TOML: " + InOwnWords(error.description()));
  }
}

}  // namespace exhibit::cli
