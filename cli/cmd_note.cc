// exhibit note: corrects or adds to what is known of items. Nothing is overwritten.
#include <unistd.h>

#include <memory>

#include "cli/act.h"
#include "cli/terminal.h"
#include "vault/base/file.h"
#include "vault/base/text.h"
#include "vault/seal/frames.h"

namespace exhibit::cli {
namespace {

constexpr std::uint64_t kMaxNoteBytes = 64 * 1024;  // a text for people; add a larger one as evidence

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
    return Fail(ErrorCode::kInvalid, "a note has at most 64 KiB", "add what is longer as an item");
  if (!IsUtf8(text)) return Fail(ErrorCode::kInvalid, "the note is not UTF-8", "add it as an item instead");
  return std::string(text);
}

Result<ExitCode> AddNote(const Arguments& arguments, const Globals& globals) {
  TRY(custody::ItemSet items, ParseItems(arguments.positions));
  TRY(const std::string text, NoteText(arguments));
  const std::string done = "noted on " + items.ToText();
  return CommitSealedText(globals, arguments.signer, custody::Note{std::move(items), {}}, {"note.txt", "a note"}, text,
                          {{"note", text}}, done);
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
  command.Footer(
      "The text is sealed like metadata. `exhibit show` lists it after the original metadata, which stay.\n\n"
      "Example:\n  exhibit note 3 --text \"the host's clock was 90 s slow, measured on 2025-02-21\"");
  commands.Run(command, arguments, AddNote);
}

}  // namespace exhibit::cli
