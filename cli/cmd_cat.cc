// exhibit cat: an item's original bytes, to the standard output or into a new file.
#include <memory>

#include "cli/access.h"
#include "cli/filter.h"
#include "cli/interrupt.h"
#include "cli/terminal.h"
#include "vault/base/encoding.h"
#include "vault/base/format.h"
#include "vault/base/new_folder.h"
#include "vault/base/text.h"
#include "vault/tlog/sequence_range.h"
#include "vault/work/read.h"

namespace exhibit::cli {
namespace {

struct Arguments {
  ReaderOptions reader;
  AccessOptions access;
  std::string position;
  std::vector<std::string> selections;
  std::string range;
  std::string out;
  bool cut = false;
};

// "A-B": bytes of the original, the first and the last, counted from 0.
Result<std::optional<ByteRange>> ParseRange(const std::string& text) {
  if (text.empty()) return std::optional<ByteRange>();
  const std::size_t dash = text.find('-');
  const auto first = FromDecimal(std::string_view(text).substr(0, dash));
  const auto last = dash == std::string::npos ? first : FromDecimal(std::string_view(text).substr(dash + 1));
  if (dash == std::string::npos || !first || !last || *last < *first || *last == UINT64_MAX) {
    return Fail(ErrorCode::kInvalid, Format("--range {} is no range of bytes", Printable(text)),
                "write 0-1023 for the first 1,024 bytes");
  }
  return std::optional(ByteRange{*first, *last - *first + 1});
}

// The one item that is named, or that alone matches.
Result<tlog::Sequence> FindOne(const Arguments& arguments, const Globals& globals, const VaultReader& vault,
                               seal::Identities reader) {
  ItemChoice choice;
  if (!arguments.position.empty()) choice.positions = {arguments.position};
  choice.selections = arguments.selections;
  TRY(const std::vector<tlog::Sequence> items, choice.Choose(vault, reader, globals));
  if (items.size() == 1) return items.front();
  constexpr std::size_t kMost = 20;
  return Fail(
      ErrorCode::kInvalid,
      Format("cat takes one entry, and these are {}: {}", items.size(), tlog::ListOf(tlog::RangesOf(items), kMost)),
      "exhibit restore writes more than one");
}

Result<ExitCode> Cat(Arguments arguments, const Globals& globals) {
  if (arguments.position.empty() == arguments.selections.empty())
    return Fail(ErrorCode::kInvalid, "cat takes the number of one entry, or --select and words that one item matches");
  TRY(const std::optional<ByteRange> range, ParseRange(arguments.range));
  TRY(const auto vault, OpenVault(globals));
  if (!arguments.out.empty()) TRY_VOID(NewFolder::MayMake(arguments.out, {.suffix = ".partial"}));
  if (!arguments.position.empty()) {
    TRY(const tlog::Sequence named, FindOne(arguments, globals, *vault, {}));
    TRY_VOID(work::FindItem(*vault, named));
  }
  TRY_VOID(CheckWritable(globals.VaultFolder()));
  TRY(const auto reader, FindVaultKeys(globals, arguments.reader, Ask::kIfNeeded));
  TRY(const tlog::Sequence position, FindOne(arguments, globals, *vault, *reader));
  TRY_VOID(AskPurpose(globals, arguments.access));
  const work::ReadRequest request{position, arguments.access.purpose, range};
  const work::OpenWriter writer = WriterOf(globals, arguments.access);
  const auto read = [&](const seal::ItemReader::Sink& sink) -> Result<void> {
    const seal::ItemReader::Sink take = [&](ByteView original) -> Result<void> {
      if (Interrupted()) return Fail(ErrorCode::kInterrupted, "interrupted");
      return sink(original);
    };
    if (!arguments.cut) TRY_VOID(work::Read(*vault, writer, *reader, request, take));
    if (arguments.cut) TRY_VOID(work::ReadCut(*vault, writer, *reader, request, take));
    return {};
  };
  if (!arguments.out.empty()) {
    TRY_VOID(work::ReadIntoNewFile(*vault, *reader, position, arguments.out, read));
    return ExitCode::kOk;
  }
  TRY_VOID(read([](ByteView original) -> Result<void> {
    Print(TextOf(original));
    return {};
  }));
  return ExitCode::kOk;
}

}  // namespace

void RegisterCat(Commands commands) {
  auto arguments = std::make_shared<Arguments>();
  const Command command =
      commands.program.AddCommand("cat", "write an item's original bytes to the standard output, or into a file");
  command.AddOption("N", arguments->position, "the entry's number");
  command
      .AddOption("--select", arguments->selections,
                 "the one item that matches: kind=, tag=, case=, source=, name=, sha256=, since=, until=")
      .TypeName("WORDS");
  command.AddOption("--range", arguments->range, "only these bytes of the original, counted from 0, both ends included")
      .TypeName("A-B");
  command
      .AddOption("-o,--out", arguments->out,
                 "a new file in place of the standard output, which gets its name once all of it was checked; "
                 "with holes if the original had some")
      .TypeName("FILE");
  command.AddFlag("--cut", arguments->cut,
                  "the item is a sealed file that was cut by a kill: open it too, and write what came before the cut");
  arguments->reader.AddTo(command);
  arguments->access.AddTo(command);
  command.Footer(
      "A signed entry records who reads, what and why, before a byte comes out.\n"
      "Every byte that is written was authenticated; if the end is damaged, the bytes before it have been\n"
      "written and the exit status is 3. With --range no digest is compared: that needs all bytes.\n\nExamples:\n"
      "  exhibit cat 3 -i reader.txt --purpose \"triage of the first login\" > auth.log\n"
      "  exhibit cat 3 -i reader.txt --purpose \"the partition table\" --range 0-511 | xxd");
  commands.Run(command, arguments, Cat);
}

}  // namespace exhibit::cli
