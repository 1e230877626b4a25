// exhibit cat: an item's original bytes, to the standard output.
#include <memory>

#include "cli/access.h"
#include "cli/interrupt.h"
#include "cli/terminal.h"
#include "vault/work/read.h"

namespace exhibit::cli {
namespace {

struct Arguments {
  ReaderOptions reader;
  AccessOptions access;
  std::string position;
};

Result<ExitCode> Cat(Arguments arguments, const Globals& globals) {
  TRY(const auto positions, ParsePositions({arguments.position}));
  if (positions.size() != 1) return Fail(ErrorCode::kInvalid, "cat takes one entry");
  TRY(const auto vault, OpenVault(globals));
  TRY_VOID(work::FindSealed(*vault, positions.front()));
  TRY_VOID(CheckWritable(globals.VaultFolder()));
  TRY(const auto reader, FindReader(globals, arguments.reader, Ask::kIfNeeded));
  TRY_VOID(AskPurpose(globals, arguments.access));
  const auto print = [](ByteView original) -> Result<void> {
    if (Interrupted()) return Fail(ErrorCode::kInterrupted, "interrupted");
    Print(TextOf(original));
    return {};
  };
  TRY_VOID(work::Read(*vault, WriterOf(globals, arguments.access), *reader,
                      {positions.front(), arguments.access.purpose}, print));
  return ExitCode::kOk;
}

}  // namespace

void RegisterCat(Commands commands) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App* const command = commands.app.add_subcommand("cat", "write an item's original bytes to the standard output");
  command->add_option("N", arguments->position, "the entry's number")->required();
  arguments->reader.AddTo(*command);
  arguments->access.AddTo(*command);
  command->footer(
      "A signed entry records who reads, what and why, before a byte comes out.\n"
      "Every byte that is written was authenticated; if the end is damaged, the bytes before it have been\n"
      "written and the exit status is 3.\n\nExample:\n"
      "  exhibit cat 3 -i reader.txt --purpose \"triage of the first login\" > auth.log");
  command->callback([arguments, commands] {
    commands.chosen = [arguments, &globals = commands.globals] { return Cat(*arguments, globals); };
  });
}

}  // namespace exhibit::cli
