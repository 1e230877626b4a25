// exhibit cat: an item's original bytes, to the standard output.
#include <memory>

#include "cli/command.h"
#include "cli/interrupt.h"
#include "cli/terminal.h"

namespace exhibit::cli {
namespace {

struct Arguments {
  ReaderOptions reader;
  std::string position;
};

Result<ExitCode> Cat(const Arguments& arguments, const Globals& globals) {
  TRY(const auto positions, ParsePositions({arguments.position}));
  if (positions.size() != 1) return Fail(ErrorCode::kInvalid, "cat takes one entry");
  TRY(const auto vault, OpenVault(globals));
  TRY(const custody::SignedEntry entry, vault->Entry(positions.front()));
  TRY(const auto reader, FindReader(globals.VaultFolder(), arguments.reader, Ask::kIfNeeded));
  TRY_VOID(vault->ReadContent(entry, *reader, [](ByteView original) -> Result<void> {
    if (Interrupted()) return Fail(ErrorCode::kInterrupted, "interrupted");
    Print(TextOf(original));
    return {};
  }));
  return ExitCode::kOk;
}

}  // namespace

void RegisterCat(Commands commands) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App* const command = commands.app.add_subcommand("cat", "write an item's original bytes to the standard output");
  command->add_option("N", arguments->position, "the entry's number")->required();
  arguments->reader.AddTo(*command);
  command->footer("What is written was authenticated; if the end is damaged, what came before it has been\n"
                  "written and the exit status is 3.\n\nExample:\n  exhibit cat 3 -i reader.txt > auth.log");
  command->callback([arguments, commands] {
    commands.chosen = [arguments, &globals = commands.globals] { return Cat(*arguments, globals); };
  });
}

}  // namespace exhibit::cli
