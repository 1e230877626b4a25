// exhibit verify: is the vault what was signed?
#include <memory>

#include "cli/command.h"
#include "cli/interrupt.h"
#include "cli/progress.h"
#include "cli/report_output.h"
#include "cli/terminal.h"
#include "cli/timestamp.h"
#include "vault/base/encoding.h"
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
  std::string fingerprint;
  std::string policy;
  std::vector<std::string> since;
  std::vector<std::string> roots;
  bool json = false;
};

// What --since names: checkpoints that were verified in full when they were kept.
Result<std::vector<verify::KeptCheckpoint>> ReadKept(const std::vector<std::string>& files) {
  std::vector<verify::KeptCheckpoint> kept;
  for (const std::string& file : files) {
    TRY(Bytes note, ReadFile(file, tlog::kMaxNoteBytes));
    kept.push_back({verify::KeptCheckpoint::Use::kResume, file, std::move(note)});
  }
  return kept;
}

Result<ExitCode> Verify(const Arguments& arguments, const Globals& globals) {
  verify::Options options;
  options.depth = arguments.content    ? verify::Depth::kContent
                  : arguments.log_only ? verify::Depth::kLog
                                       : verify::Depth::kSealed;
  TRY(const auto positions, ParsePositions(arguments.positions));
  options.selected = {positions.begin(), positions.end()};
  if (!arguments.fingerprint.empty()) {
    TRY(options.fingerprint, FixedFromHex<custody::Fingerprint>(arguments.fingerprint, "the fingerprint"));
  }
  std::optional<tlog::Policy> policy;
  if (!arguments.policy.empty()) {
    TRY(policy, ReadPolicy(arguments.policy));
    options.policy = &*policy;
  }
  TRY(options.kept, ReadKept(arguments.since));
  TRY(const auto vault, OpenVault(globals));
  std::optional<VaultKeys> reader;
  if (arguments.content) {
    TRY(reader, FindReader(globals.VaultFolder(), arguments.reader, Ask::kIfNeeded));
    options.open_key = [&reader, &vault](tlog::Sequence sequence, const seal::AgeHeader& header) {
      return verify::OpenFileKey(*vault, sequence, header, *reader);
    };
  }
  std::optional<crypto::TimestampRoots> roots;
  if (!arguments.roots.empty()) {
    TRY(roots, ReadRoots(arguments.roots));
    options.timestamp_roots = &*roots;
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
  return PrintReport(*report, arguments.json ? ReportForm::kJson : ReportForm::kText,
                     {arguments.policy, options.fingerprint ? "--fingerprint" : ""}, Verified::kVault);
}

}  // namespace

void RegisterVerify(Commands commands) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App* const command = commands.app.add_subcommand("verify", "check that nothing was changed, dropped or slipped in");
  command->add_option("N", arguments->positions, "only these entries' sealed files (the log is always checked whole)");
  CLI::Option* const log = command->add_flag("--log", arguments->log_only, "only the log: entries, chain, signatures, tree");
  command->add_flag("--content", arguments->content, "also decrypt and compare every digest; needs a reader's key")->excludes(log);
  arguments->reader.AddTo(*command);
  command->add_option("--fingerprint", arguments->fingerprint, "what `exhibit init` printed, brought from elsewhere")->type_name("HEX");
  command->add_option("--policy", arguments->policy, "whom you believe: a tlog-policy file with the log's key, witnesses and a quorum")->type_name("FILE");
  command->add_option("--since", arguments->since,
                      "a checkpoint that was verified when it was kept: the log must extend it, and what it covers is not read again; repeat for several")
      ->type_name("FILE")->expected(1)->take_all();
  command->add_option("--tsa-root", arguments->roots, "certificates that you trust to end the chain of a timestamp, as PEM; repeat for several")->type_name("FILE")->expected(1)->take_all();
  command->add_flag("--json", arguments->json, "print JSON");
  command->footer("With --since only what is new behind the newest of these checkpoints is replayed, and only its\n"
                  "sealed files are read; the report says so.\n"
                  "Exit status: 0 all of it holds, 3 something does not.\n\n"
                  "Examples:\n  exhibit verify\n  exhibit verify --log --since head-of-last-week\n  exhibit verify --content -i reader.txt --fingerprint 5f3a...");
  command->callback([arguments, commands] {
    commands.chosen = [arguments, &globals = commands.globals] { return Verify(*arguments, globals); };
  });
}

}  // namespace exhibit::cli
