// exhibit prove: one small file that proves an item, or some parts of it, to somebody who has no bundle.
#include <memory>

#include "cli/access.h"
#include "cli/interrupt.h"
#include "cli/terminal.h"
#include "vault/base/file.h"
#include "vault/base/format.h"
#include "vault/base/text.h"
#include "vault/work/prove.h"

namespace exhibit::cli {
namespace {

struct Arguments {
  std::string position;
  std::string out;
  std::vector<std::string> withhold;
  std::vector<std::string> lines;
  std::vector<std::string> blocks;
  bool tlog_proof = false;
  ReaderOptions reader;
  bool json = false;
  AccessOptions access;
};

// The inclusion of an entry, for programs that know logs and nothing of fields.
Result<ExitCode> ProveInclusion(const Arguments& arguments, const Globals& globals, tlog::Sequence entry) {
  TRY(const auto vault, OpenVault(globals));
  TRY(const Bytes proof, bundle::MakeTlogProof(*vault, entry));
  TRY_VOID(WriteNewFile(arguments.out, proof, 0644));
  if (arguments.json) PrintJson({{"file", arguments.out}, {"entry", entry.value}});
  return ExitCode::kOk;
}

// "10-40": what is counted, as positions are written.
Result<std::vector<custody::ItemSet::Range>> RangesOf(const std::vector<std::string>& words) {
  if (words.empty()) return std::vector<custody::ItemSet::Range>();
  TRY(std::vector<tlog::Sequence> numbers, ParsePositions(words));
  TRY(const custody::ItemSet set, custody::ItemSet::Of(std::move(numbers)));
  return set.ranges();
}

Result<bundle::ProofRequest> RequestOf(const Arguments& arguments, tlog::Sequence entry) {
  bundle::ProofRequest request{.entry = entry, .withhold = arguments.withhold, .interrupted = &Interrupted()};
  TRY(request.lines, RangesOf(arguments.lines));
  TRY(request.blocks, RangesOf(arguments.blocks));
  return request;
}

Result<ExitCode> Prove(Arguments arguments, const Globals& globals) {
  TRY(const auto positions, ParsePositions({arguments.position}));
  if (positions.size() != 1) return Fail(ErrorCode::kInvalid, "prove takes one entry");
  if (!IsAbsent(arguments.out))
    return Fail(ErrorCode::kExists, Printable(arguments.out) + " is there already", "name a file that is not there");
  if (arguments.tlog_proof) return ProveInclusion(arguments, globals, positions.front());
  TRY(bundle::ProofRequest request, RequestOf(arguments, positions.front()));
  TRY_VOID(CheckWritable(globals.VaultFolder()));
  TRY(const auto keys, FindVaultKeys(globals, arguments.reader, Ask::kIfNeeded));
  TRY_VOID(AskPurpose(globals, arguments.access));
  Pool pool;
  const work::ProveJob job{std::move(request), arguments.access.purpose, [&globals] { return OpenVault(globals); },
                           WriterOf(globals, arguments.access)};
  TRY(const std::string proof, work::Prove(job, *keys, pool));
  TRY_VOID(WriteNewFile(arguments.out, ViewOf(proof), 0644));
  if (arguments.json) {
    PrintJson({{"file", arguments.out}, {"entry", positions.front().value}});
  } else if (!globals.quiet) {
    const std::string out = Printable(arguments.out);
    Print(Format("{}: proves entry {}\nThe receiver checks it with:  exhibit-verify --proof {} {}--fingerprint ...\n",
                 out, positions.front(), out, arguments.lines.empty() && arguments.blocks.empty() ? "ORIGINAL " : ""));
  }
  return ExitCode::kOk;
}

}  // namespace

void RegisterProve(Commands commands) {
  auto arguments = std::make_shared<Arguments>();
  const Command command = commands.program.AddCommand(
      "prove", "write one small file that proves an item, or an act, to who has the original");
  command.AddOption("N", arguments->position, "the entry's number").Required();
  command.AddOption("-o,--out", arguments->out, "the file to write; it must not exist").Required().TypeName("FILE");
  command.AddOption("--withhold", arguments->withhold, "a field that is not told; its hash stands in its place")
      .TypeName("KEY")
      .OneEachTime();
  const Option lines =
      command.AddOption("--lines", arguments->lines, "show these lines of the original and no others, counted from 1")
          .TypeName("A-B");
  const Option blocks =
      command
          .AddOption("--blocks", arguments->blocks,
                     "show these blocks of 4,096 bytes and no others, counted from 0, of what was taken in by blocks")
          .TypeName("A-B")
          .Excludes(lines);
  command
      .AddFlag("--tlog-proof", arguments->tlog_proof,
               "only that the entry is in the log, for other programs (C2SP tlog-proof); tells no field")
      .Excludes(lines)
      .Excludes(blocks);
  arguments->reader.AddTo(command);
  arguments->access.AddTo(command);
  command.AddJson(arguments->json);
  command.Footer(
      "A signed entry records that it was proven, and why. Who gets the file checks it offline, and needs no bundle.\n"
      "With --lines or --blocks nothing is told by which the hidden ones could be guessed, so no digest of the whole "
      "either.\n\n"
      "Examples:\n  exhibit prove 3 -i reader.txt --purpose \"the press asks\" --out auth.proof\n"
      "  exhibit prove 3 --lines 10-40 -i reader.txt --purpose \"redacted copy\" --out some-lines.proof\n"
      "  exhibit prove 3 --tlog-proof --out 3.tlog-proof");
  commands.Run(command, arguments, Prove);
}

}  // namespace exhibit::cli
