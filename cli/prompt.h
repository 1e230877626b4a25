// Questions on the terminal. Each can be answered without a terminal: its error names the option.
#pragma once

#include <string>
#include <string_view>

#include "vault/base/error.h"

namespace exhibit::cli {

// The line that the user types after `question`, without its end. It reads from the terminal, not from the standard
// input, which may be evidence. kDenied if there is none; kInterrupted after Ctrl-C or end of file.
Result<std::string> AskLine(std::string_view question);

// What only the word "yes" answers. Its question says so.
struct YesQuestion {
  std::string_view question;
  std::string_view about;           // "whether the log names the right readers"
  std::string_view hint_unasked;    // where nobody can be asked
  std::string_view hint_otherwise;  // where something else was typed
};
// kDenied if it was not answered so, and nothing was changed; errors of AskLine.
Result<void> AskForYes(const YesQuestion& asked);

// Prints a line on the terminal, about something that was asked there; does nothing if there is none.
void TellTerminal(std::string_view line);

}  // namespace exhibit::cli
