// For formats of lines that end with a signed checkpoint, such as a tlog-proof.
#pragma once

#include <string>
#include <string_view>

#include "vault/base/error.h"

namespace exhibit::tlog {

// Takes a line from the front of `rest`, without its line feed. kInvalid if no line ends in it: the text stops
// before `what_follows`, which the message names.
inline Result<std::string_view> TakeLine(std::string_view& rest, std::string_view what_follows = "its checkpoint") {
  const std::size_t end = rest.find('\n');
  if (end == std::string_view::npos) return Fail(ErrorCode::kInvalid, "ends before " + std::string(what_follows));
  const std::string_view line = rest.substr(0, end);
  rest.remove_prefix(end + 1);
  return line;
}

}  // namespace exhibit::tlog
