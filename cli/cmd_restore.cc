// exhibit restore: the originals of items, as a tree of files.
#include <memory>

#include "cli/access.h"
#include "cli/extraction_output.h"
#include "cli/filter.h"
#include "cli/interrupt.h"
#include "cli/terminal.h"
#include "vault/base/format.h"
#include "vault/base/text.h"
#include "vault/tlog/sequence_range.h"
#include "vault/work/restore.h"

namespace exhibit::cli {
namespace {

struct Arguments {
  ItemChoice items;
  std::string to;
  bool json = false;
  ReaderOptions reader;
  AccessOptions access;
};

ExitCode Report(const Arguments& arguments, const Globals& globals, const work::Restored& restored) {
  if (arguments.json) {
    Json json = JsonOf(restored.extracted, arguments.to);
    json["recorded_in"] = restored.entry.value;
    PrintJson(json);
    return StatusOf(restored.extracted);
  }
  if (!restored.acts.empty() && !globals.quiet) {
    constexpr std::size_t kMost = 20;
    const bool is_one = restored.acts.size() == 1;
    Say(Format("{} {} {}, and {} no original: left out", is_one ? "entry" : "entries",
               tlog::ListOf(tlog::RangesOf(restored.acts), kMost), is_one ? "is an act" : "are acts",
               is_one ? "has" : "have"));
  }
  if (!globals.quiet || StatusOf(restored.extracted) != ExitCode::kOk) Print(ToText(restored.extracted, arguments.to));
  return StatusOf(restored.extracted);
}

Result<ExitCode> Restore(Arguments arguments, const Globals& globals) {
  if (arguments.items.IsEmpty())
    return Fail(ErrorCode::kInvalid, "no items to restore", "name them by their numbers, with --select, or --all");
  TRY_VOID(bundle::Extraction::MayBegin(arguments.to));
  TRY_VOID(CheckWritable(globals.VaultFolder()));
  TRY(const auto keys, FindVaultKeys(globals, arguments.reader, Ask::kIfNeeded));
  TRY_VOID(AskPurpose(globals, arguments.access));
  work::RestoreJob job;
  job.target = arguments.to;
  job.purpose = arguments.access.purpose;
  job.choose = [&](const VaultReader& vault) { return arguments.items.Choose(vault, *keys, globals); };
  job.open_reader = [&globals] { return OpenVault(globals); };
  job.open_writer = WriterOf(globals, arguments.access);
  job.interrupted = &Interrupted();
  TRY(const work::Restored restored, work::Restore(job, *keys));
  return Report(arguments, globals, restored);
}

}  // namespace

void RegisterRestore(Commands commands) {
  auto arguments = std::make_shared<Arguments>();
  const Command command =
      commands.program.AddCommand("restore", "write the originals of items into a new folder, as a tree");
  arguments->items.AddTo(command);
  command.AddOption("-o,--to", arguments->to, "the folder to make; it must not exist").Required().TypeName("DIR");
  arguments->reader.AddTo(command);
  arguments->access.AddTo(command);
  command.AddJson(arguments->json);
  command.Footer(
      "A signed entry records who reads what and why, before a byte comes out. Each file is compared with its digests\n"
      "while it is written, and gets its name only then: DIR/<source>/<path>, or DIR/=no-source/<path> where nobody\n"
      "named a source. Characters that could do harm in a name\n"
      "are written as = and two hex digits; DIR/renamed.jsonl lists every file whose name is another one than it was.\n"
      "Times and permissions are those of the original, without set-user-id; a symbolic link becomes a file that "
      "holds\n"
      "its target. The folder is yours alone (mode 0700).\n"
      "Exit status: 0 all of them are there, 1 some could not be written, 3 some are not what was "
      "signed.\n\nExamples:\n"
      "  exhibit restore 1-30 --to originals -i reader.txt --purpose \"timeline on the laboratory machine\"\n"
      "  exhibit restore --select 'kind=log since=2025-02-01' --to logs -i reader.txt");
  commands.Run(command, arguments, Restore);
}

}  // namespace exhibit::cli
