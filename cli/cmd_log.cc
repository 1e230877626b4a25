// exhibit log: prints entries byte for byte, with their signatures checked.
#include <algorithm>
#include <memory>

#include "cli/command.h"
#include "cli/terminal.h"
#include "vault/base/encoding.h"
#include "vault/base/format.h"
#include "vault/base/text.h"
#include "vault/tlog/sequence_range.h"

namespace exhibit::cli {
namespace {

struct Arguments {
  std::vector<std::string> positions;
  bool json = false;
};

struct Verdict {
  std::string_view word;  // "good", "bad" or "not checked"
  std::string why = {};
};

// The bytes at this number may not be an entry: then showing them matters most.
Verdict Judge(const Result<custody::State>& state, tlog::Sequence position, ByteView bytes) {
  const auto entry = custody::SignedEntry::Parse(ToBytes(bytes));
  if (!entry) return {"bad", "this is no entry: " + entry.error().message};
  if (entry->parsed().sequence != position) {
    return {"bad", Format("it says that it is entry {}", entry->parsed().sequence)};
  }
  if (!state) return {"not checked", "it is not known who had to sign"};
  const auto signers = custody::Signers::Of(state->facts(), entry->parsed());
  const auto signature = signers ? custody::CheckSignatures(*entry, *signers) : Result<void>(Fail(signers.error()));
  if (!signature) return {"bad", signature.error().message};
  return {"good"};
}

Json JsonOf(tlog::Sequence position, ByteView bytes, const Verdict& verdict) {
  Json row = {{"entry", position.value},
              {"note", std::string(TextOf(bytes))},
              {"leaf_hash", ToHex(tlog::HashLeaf(bytes).view())},
              {"signature", std::string(verdict.word)}};
  if (!verdict.why.empty()) row["why"] = verdict.why;
  return row;
}

std::string ToText(ByteView bytes, const Verdict& verdict) {
  std::string shown;
  std::string_view note = TextOf(bytes);
  while (!note.empty()) {
    const std::size_t end = std::min(note.find('\n'), note.size());
    shown += Printable(note.substr(0, end)) + "\n";
    note.remove_prefix(std::min(end + 1, note.size()));
  }
  const bool good = verdict.why.empty();
  const std::string told = good                    ? "signature good"
                           : verdict.word == "bad" ? "signature BAD: " + verdict.why
                                                   : "signature not checked: " + verdict.why;
  return shown + Styled(Stream::kOutput, Style::kDim, "# leaf " + ToHex(tlog::HashLeaf(bytes).view())) + ", " +
         Styled(Stream::kOutput, good ? Style::kGreen : Style::kRed, told) + "\n\n";
}

// What was checked of all that was shown, and what was not.
std::string Ending(std::size_t shown, bool is_judged, std::vector<tlog::Sequence> bad) {
  const std::string entries = Counted(shown, "entry", "entries");
  std::ranges::sort(bad);
  bad.erase(std::unique(bad.begin(), bad.end()), bad.end());
  if (!bad.empty()) {
    return Format("# {} of {} {} not hold: {}\n", bad.size(), entries, bad.size() == 1 ? "does" : "do",
                  tlog::ListOf(tlog::RangesOf(bad)));
  }
  if (!is_judged) return Format("# {}, of which no signature was checked\n", entries);
  return Format(
      "# {}, each with the signatures of those it names; whether they might sign, and what follows what, is checked "
      "by: exhibit verify --log\n",
      entries);
}

Result<ExitCode> Log(const Arguments& arguments, const Globals& globals) {
  TRY(std::vector<tlog::Sequence> positions, ParsePositions(arguments.positions));
  TRY(const auto vault, OpenVault(globals));
  if (positions.empty()) {
    for (std::uint64_t at = 0; at < vault->head().size.value; ++at) positions.push_back({at});
  }
  // If the log or its index breaks rules, showing the entries matters most.
  const auto state = vault->State();
  std::vector<tlog::Sequence> bad;
  std::size_t lost = 0;
  JsonListPrinter all;
  for (const tlog::Sequence position : positions) {
    auto read = vault->ReadEntry(position);
    if (!read && read.error().code == ErrorCode::kNotFound && position.value < vault->head().size.value) {
      ++lost;
      if (!arguments.json) Print(Format("# {} is lost\n\n", NameOf(position)));
      continue;
    }
    TRY(const Bytes bytes, std::move(read));
    const Verdict verdict = Judge(state, position, bytes);
    if (verdict.word == "bad") bad.push_back(position);
    if (arguments.json) {
      all.Add(JsonOf(position, bytes, verdict));
    } else {
      Print(ToText(bytes, verdict));
    }
  }
  const bool good = bad.empty();
  if (arguments.json) {
    all.Finish();
  } else {
    Print(Ending(positions.size() - lost, state.has_value(), std::move(bad)));
  }
  if (!state) {
    PrintError(state.error());
    return ExitCodeOf(state.error().code);
  }
  return good ? ExitCode::kOk : ExitCode::kVerificationFailed;
}

}  // namespace

void RegisterLog(Commands commands) {
  auto arguments = std::make_shared<Arguments>();
  const Command command =
      commands.program.AddCommand("log", "print entries byte for byte, with their signatures checked");
  command.AddOption("N", arguments->positions, "the entries' numbers; 3-9 for a range (default: all)");
  command.AddJson(arguments->json);
  command.Footer("Example:\n  exhibit log 0");
  commands.Run(command, arguments, Log);
}

}  // namespace exhibit::cli
