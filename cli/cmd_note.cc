// exhibit note: corrects or adds to what is known of items. Nothing is overwritten.
#include <unistd.h>

#include <memory>

#include "cli/act.h"
#include "vault/base/file.h"
#include "vault/base/format.h"
#include "vault/base/text.h"
#include "vault/custody/field_forms.h"

namespace exhibit::cli {
namespace {

constexpr std::uint64_t kMaxNoteBytes = 32 * 1024;  // a text for people; add a larger one as evidence

struct Arguments {
  std::vector<std::string> positions;
  std::string text;
  std::string file;
  SignerOptions signer;
};

Result<Bytes> ReadText(const Arguments& arguments) {
  if (arguments.file.empty()) return ToBytes(ViewOf(arguments.text));
  return ReadFile(arguments.file == "-" ? "/dev/stdin" : arguments.file, kMaxNoteBytes);
}

Result<std::string> NoteText(const Arguments& arguments) {
  TRY(const Bytes bytes, ReadText(arguments));
  const std::string_view text = TextOf(bytes);
  if (text.empty())
    return Fail(ErrorCode::kInvalid, "a note needs a text", "--text TEXT, or --file FILE (- is the standard input)");
  if (text.size() > kMaxNoteBytes)
    return Fail(ErrorCode::kInvalid, "a note has at most 32 KiB", "add what is longer as an item");
  if (!IsUtf8(text)) return Fail(ErrorCode::kInvalid, "the note is not UTF-8", "add it as an item instead");
  return std::string(text);
}

// Which items it is on is sealed, so no rule of the log finds a slip of the hand.
Result<void> CheckItems(const Globals& globals, const custody::ItemSet& items) {
  TRY(const auto vault, OpenVault(globals));
  for (const tlog::Sequence item : items.Items()) {
    TRY(const auto entry, vault->EntryIfHere(item));
    if (!entry || entry->parsed().sealed) continue;  // of a lost one a note says how it was lost
    return Fail(ErrorCode::kInvalid, Format("{} has no fields that a note could correct", NameOf(item)));
  }
  return {};
}

Result<ExitCode> AddNote(const Arguments& arguments, const Globals& globals) {
  TRY(std::vector<tlog::Sequence> positions, ParsePositions(arguments.positions));
  TRY(const std::string text, NoteText(arguments));
  TRY(store::Fields fields, custody::ItemFields(positions));
  TRY(const custody::ItemSet items, custody::ItemSet::Of(std::move(positions)));
  TRY_VOID(CheckItems(globals, items));
  Put(fields, "text", text);
  return CommitAct(globals, arguments.signer, {custody::Note{}, std::move(fields)}, "noted on " + items.ToText());
}

}  // namespace

void RegisterNote(Commands commands) {
  auto arguments = std::make_shared<Arguments>();
  const Command command = commands.program.AddCommand("note", "correct or add to what is known of items");
  command.AddOption("N", arguments->positions, "the items' numbers; 3-9 for a range").Required();
  const Option text = command.AddOption("--text", arguments->text, "the note");
  command.AddOption("--file", arguments->file, "a file that holds it; - is the standard input")
      .TypeName("FILE")
      .Excludes(text);
  arguments->signer.AddTo(command);
  arguments->signer.AddCasesTo(command);
  command.Footer(
      "The text is sealed, and so are the numbers of the items. `exhibit show` lists it after what was known of them\n"
      "before, which stays.\n\n"
      "Example:\n  exhibit note 3 --text \"the host's clock was 90 s slow, measured on 2025-02-21\"");
  commands.Run(command, arguments, AddNote);
}

}  // namespace exhibit::cli
