#include "cli/json_output.h"

#include "cli/lost.h"
#include "cli/terminal.h"
#include "vault/base/text.h"

namespace exhibit::cli {
namespace {

constexpr std::size_t kPieceBytes = 64 << 10;

// A terminal may show it, and `jq -r` may read it: hostile text must be harmless to the first and complete for the second.
std::string TextOf(const Json& json) { return HarmlessJson(json.Dump(2)); }

}  // namespace

void PrintJson(const Json& json) { Print(TextOf(WithLosses(json)) + "\n"); }

Json JsonOf(const Error& error, ExitCode code) {
  Json told = {{"message", error.message}, {"status", static_cast<int>(code)}};
  if (!error.hint.empty()) told["hint"] = error.hint;
  return {{"ok", false}, {"error", std::move(told)}};
}

void JsonListPrinter::Add(const Json& element) {
  pending_ += empty_ ? "[\n  " : ",\n  ";
  empty_ = false;
  // A line feed of a string is escaped: those that there are separate lines.
  for (const char c : TextOf(element)) {
    pending_ += c;
    if (c == '\n') pending_ += "  ";
  }
  if (pending_.size() >= kPieceBytes) PrintPending();
}

void JsonListPrinter::Finish() {
  for (const Json& row : LossRows()) Add(row);
  pending_ += empty_ ? "[]\n" : "\n]\n";
  PrintPending();
}

void JsonListPrinter::PrintPending() {
  Print(pending_);
  pending_.clear();
}

}  // namespace exhibit::cli
