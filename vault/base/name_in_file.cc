#include <algorithm>

#include "vault/base/encoding.h"
#include "vault/base/machine.h"

namespace exhibit {
namespace {

// The part before the next separator, which goes too.
std::string_view TakePart(std::string_view& text, char separator) {
  const std::size_t end = std::min(text.find(separator), text.size());
  const std::string_view part = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return part;
}

}  // namespace

std::optional<std::string> NameIn(std::string_view file, std::uint32_t number) {
  while (!file.empty()) {
    std::string_view line = TakePart(file, '\n');
    const std::string_view name = TakePart(line, ':');
    TakePart(line, ':');
    const auto told = FromDecimal(TakePart(line, ':'));
    if (!name.empty() && told && *told == number) return std::string(name);
  }
  return std::nullopt;
}

}  // namespace exhibit
