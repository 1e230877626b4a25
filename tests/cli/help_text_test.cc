// Goal: help fits a terminal, whatever is put into it, and its examples can be typed as they stand.
#include "cli/help_text.h"

#include <string>
#include <string_view>
#include <vector>

#include "cli/completion.h"
#include "cli/manual.h"
#include "tests/support/check.h"

namespace exhibit::cli {
namespace {

using Times = OptionDefinition::Times;

CommandDefinition Sample() {
  CommandDefinition command;
  command.name = "export";
  command.meaning =
      "hand items over as a bag that proves itself, with a meaning that is longer than one line of a terminal";
  command.places = {{.value = "N", .meaning = "the entries' numbers", .times = Times::kAtLeastOnce}};
  command.options = {
      {.names = {"-h", "--help"}, .meaning = "print this help"},
      {.names = {"-o", "--out"}, .value = "PATH", .meaning = "the folder to make", .times = Times::kOnce},
      {.names = {"--witness-request-that-is-long"},
       .value = "FILE",
       .meaning = "what is written",
       .environment = "X_FILE",
       .not_with = {"--a", "--b"},
       .needs = {"--out"}},
      {.names = {"--wait"},
       .value = "SECONDS",
       .meaning = "how long (without a number: a day)",
       .standard = "86400",
       .may_lack_value = true}};
  command.footer =
      "A paragraph\nthat goes on.\n\nExamples:\n  exhibit export 3 --out handover -i reader.txt --purpose \"request of "
      "the "
      "FBI, 2025-03-02\" --policy receiver.policy\n  exhibit export 3\nAnd then:\n  exhibit verify";
  return command;
}

std::vector<std::string> LinesOf(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text.find('\n', at);
    lines.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return lines;
}

TEST_CASE("no line of help is wider than a terminal", "[cli]") {
  const std::vector<std::string> lines = LinesOf(HelpText(Sample(), "exhibit export"));
  CHECK(lines.size() > 20);
  for (const std::string& line : lines) {
    CAPTURE(line);
    CHECK(line.size() <= kHelpColumns);
  }
}

TEST_CASE("an example that is broken is the same command, and quotes are not torn", "[cli]") {
  const std::string text = HelpText(Sample(), "exhibit export");
  CHECK(text.find("\"request of the FBI, 2025-03-02\"") != std::string::npos);
  std::string joined = text;
  for (std::size_t at = joined.find(" \\\n"); at != std::string::npos; at = joined.find(" \\\n")) {
    std::size_t end = at + 3;
    while (joined[end] == ' ') ++end;
    joined.replace(at, end - at, " ");
  }
  CHECK(joined.find(
            "  exhibit export 3 --out handover -i reader.txt --purpose \"request of the FBI, 2025-03-02\" --policy "
            "receiver.policy\n") != std::string::npos);
}

TEST_CASE("usage names what is required, and the rest is told beside each option", "[cli]") {
  const CommandDefinition command = Sample();
  CHECK(UsageOf(command, "exhibit export") == "Usage: exhibit export [OPTION...] --out PATH N...\n");
  CHECK(LabelOf(command.options[3]) == "--wait [SECONDS]");
  CHECK(MeaningOf(command.options[3]) == "how long (without a number: a day)");
  CHECK(MeaningOf(command.options[2]) == "what is written (or X_FILE) (not with --a or --b) (needs --out)");
  CHECK(MeaningOf(command.options[1]) == "the folder to make (required)");
}

TEST_CASE("what is typed is kept by troff and by shells", "[cli]") {
  CommandDefinition program;
  program.name = "exhibit";
  program.meaning = "a vault";
  CommandDefinition command = Sample();
  command.meaning = ".begins with a dot, has 'quotes' and a \\ in it";
  program.commands = {command};
  const std::string page = ManualPage(program, {"exhibit 1\nformat 1", "2026-11-29"}, "");
  CHECK(page.find("\n.TH EXHIBIT 1 \"2026-11-29\" \"exhibit 1\" \"\"\n") != std::string::npos);
  CHECK(page.find("\n\\&.begins with a dot, has \\(aqquotes\\(aq and a \\e in it") != std::string::npos);
  CHECK(page.find("\\-\\-out") != std::string::npos);
  CHECK(CompletionFor(Shell::kZsh, program).find("has '\\''quotes'\\''") != std::string::npos);
  CHECK(CompletionFor(Shell::kFish, program).find("has \\'quotes\\'") != std::string::npos);
}

}  // namespace
}  // namespace exhibit::cli
