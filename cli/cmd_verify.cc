// exhibit verify: checks that the vault is the one that was signed.
#include <memory>

#include "cli/command.h"
#include "cli/interrupt.h"
#include "cli/progress.h"
#include "cli/report_output.h"
#include "cli/terminal.h"
#include "cli/trust.h"
#include "vault/base/file.h"
#include "vault/verify/file_key.h"
#include "vault/verify/verifier.h"

namespace exhibit::cli {
namespace {

struct Arguments {
  std::vector<std::string> positions;
  ReaderOptions reader;
  bool log_only = false;
  bool content = false;
  TrustArguments trust;
  std::vector<std::string> since;
  bool json = false;
};

// The checkpoints that --since names, which were verified in full when they were kept.
Result<std::vector<verify::KeptCheckpoint>> ReadKept(const std::vector<std::string>& files) {
  std::vector<verify::KeptCheckpoint> kept;
  for (const std::string& file : files) {
    TRY(Bytes note, ReadFile(file, tlog::kMaxNoteBytes));
    kept.push_back({verify::KeptCheckpoint::Use::kResume, file, std::move(note)});
  }
  return kept;
}

// The head that this user kept before, and that the log extends: it names the vault as a fingerprint does.
std::string KeptBefore(const verify::Report& report, const VaultReader& vault, const Globals& globals) {
  for (const verify::Extended& one : report.extends) {
    if (one.checkpoint.size.value > 0) return one.where;
  }
  if (!globals.pins.empty()) return globals.pins.front();
  return vault.kept_before() ? vault.kept_before()->native() : "";
}

Result<ExitCode> Verify(const Arguments& arguments, const Globals& globals) {
  verify::Options options;
  options.depth = arguments.content    ? verify::Depth::kContent
                  : arguments.log_only ? verify::Depth::kLog
                                       : verify::Depth::kSealed;
  TRY(const auto positions, ParsePositions(arguments.positions));
  options.selected = {positions.begin(), positions.end()};
  TRY(const Trusted trusted, arguments.trust.Read());
  options.fingerprint = trusted.fingerprint;
  options.policy = trusted.policy ? &*trusted.policy : nullptr;
  options.timestamp_roots = trusted.roots ? &*trusted.roots : nullptr;
  TRY(options.kept, ReadKept(arguments.since));
  TRY(const auto vault, OpenVault(globals));
  options.find_cosigned = [&vault] {
    auto cosigned = vault->ReadCosigned();
    if (!cosigned) Say("what witnesses cosigned is not counted: " + cosigned.error().message);
    return cosigned ? std::move(*cosigned) : std::vector<verify::KeptCheckpoint>();
  };
  tell::TrustedInput brought{
      arguments.trust.policy, options.fingerprint.has_value(), {}, IdentityFilesOf(arguments.reader)};
  std::optional<VaultKeys> reader;
  if (arguments.content) {
    auto found = FindVaultKeys(globals, arguments.reader, Ask::kIfNeeded);
    brought.opens_nothing = !found && found.error().code == ErrorCode::kWrongKey;
    if (!found && !brought.opens_nothing) return Fail(std::move(found).error());
    if (!found) Say(found.error().message);
    if (found) reader = std::move(*found);
  }
  // With a wrong key everything else is still checked.
  if (brought.opens_nothing) options.depth = verify::Depth::kSealed;
  if (reader) {
    options.open_key = [&reader, &vault](tlog::Sequence sequence, const seal::AgeHeader& header) {
      return verify::OpenFileKey(*vault, sequence, header, *reader);
    };
  }
  verify::Progress progress;
  options.progress = &progress;
  options.interrupted = &Interrupted();
  Pool pool;
  const auto report = [&] {
    const bool log_only = options.depth == verify::Depth::kLog;
    const ProgressLine line("verified", log_only ? ProgressLine::Unit::kCount : ProgressLine::Unit::kBytes,
                            log_only ? progress.entries : progress.bytes,
                            log_only ? progress.entries_total : progress.bytes_total);
    return verify::Verify(*vault, options, pool);
  }();
  if (!report) return Fail(report.error());
  brought.kept = KeptBefore(*report, *vault, globals);
  return PrintReport(*report, arguments.json ? ReportForm::kJson : ReportForm::kText, brought, tell::Verified::kVault);
}

}  // namespace

void RegisterVerify(Commands commands) {
  auto arguments = std::make_shared<Arguments>();
  const Command command =
      commands.program.AddCommand("verify", "check that nothing was changed, dropped or slipped in");
  command.AddOption("N", arguments->positions, "only these entries' sealed files (the log is always checked whole)");
  const Option log = command.AddFlag("--log", arguments->log_only, "only the log: entries, chain, signatures, tree");
  command.AddFlag("--content", arguments->content, "also decrypt and compare every digest; needs a reader's key")
      .Excludes(log);
  arguments->reader.AddTo(command);
  arguments->trust.AddTo(command);
  command
      .AddOption("--since", arguments->since,
                 "a checkpoint that was verified when it was kept: the log must extend it, and what it covers is "
                 "not read again; repeat for several")
      .TypeName("FILE")
      .OneEachTime();
  arguments->trust.AddRootsTo(command);
  command.AddJson(arguments->json);
  command.Footer(
      "With --since only entries after the newest of these checkpoints are replayed, and only their\n"
      "sealed files are read; the report says so.\n"
      "Exit status: 0 all of it holds, 3 something does not; 5 it holds, but this user sees the vault for the first\n"
      "time and brought no fingerprint or policy; 6 the identity opens nothing, and nothing was found changed.\n\n"
      "Examples:\n  exhibit verify\n  exhibit verify --log --since head-of-last-week\n  exhibit verify --content -i "
      "reader.txt --fingerprint 5f3a...");
  command.Runs([arguments, &globals = commands.globals] {
    auto code = Verify(*arguments, globals);
    if (!code && arguments->json) PrintNotVerified(code.error());
    return code;
  });
}

}  // namespace exhibit::cli
