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
  TRY(const auto reader, FindVaultKeys(globals, arguments.reader, Ask::kIfNeeded));
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
  const Command command = commands.program.AddCommand("cat", "write an item's original bytes to the standard output");
  command.AddOption("N", arguments->position, "the entry's number").Required();
  arguments->reader.AddTo(command);
  arguments->access.AddTo(command);
  command.Footer(
      "A signed entry records who reads, what and why, before a byte comes out.\n"
      "Every byte that is written was authenticated; if the end is damaged, the bytes before it have been\n"
      "written and the exit status is 3.\n\nExample:\n"
      "  exhibit cat 3 -i reader.txt --purpose \"triage of the first login\" > auth.log");
  commands.Run(command, arguments, Cat);
}

}  // namespace exhibit::cli
