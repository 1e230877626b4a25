// JSON for machines.
#pragma once

#include <string>

#include "cli/exit_code.h"
#include "vault/base/error.h"
#include "vault/base/json.h"

namespace exhibit::cli {

// To stdout, with a line feed after it. Text that is not UTF-8 is shown with U+FFFD; controls, bidirectional and other
// format characters are escaped (`HarmlessJson`), so that no name rewrites a terminal. What was met and is lost is added
// (lost.h).
void PrintJson(const Json& json);

// Why a command did not do what it was asked to: {"ok": false, "error": {"message", "hint", "status"}}.
Json JsonOf(const Error& error, ExitCode code);

// A list of any length, printed as `PrintJson` would, piece by piece.
class JsonListPrinter {
 public:
  void Add(const Json& element);
  void Finish();

 private:
  void PrintPending();
  std::string pending_;
  bool empty_ = true;
};

}  // namespace exhibit::cli
