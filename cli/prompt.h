// Questions on the terminal. Each has an answer that needs none: the option that the question's error names.
#pragma once

#include <string>
#include <string_view>

#include "vault/base/error.h"

namespace exhibit::cli {

// The line that the user types behind `question`, without its end. The terminal is asked, not the standard
// input, which may be evidence. kDenied if there is none; kInterrupted after Ctrl-C or end of file.
Result<std::string> AskLine(std::string_view question);

// A line on the terminal, for what was asked there; nothing where there is none.
void TellTerminal(std::string_view line);

}  // namespace exhibit::cli
