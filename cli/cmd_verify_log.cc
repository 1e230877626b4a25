// exhibit verify-log: checks a published copy of a log, without any vault, from where the last check ended.
#include <algorithm>
#include <memory>

#include "cli/ca_file.h"
#include "cli/command.h"
#include "cli/interrupt.h"
#include "cli/known_log.h"
#include "cli/progress.h"
#include "cli/published_files.h"
#include "cli/report_output.h"
#include "cli/terminal.h"
#include "cli/trust.h"
#include "vault/base/encoding.h"
#include "vault/base/file.h"
#include "vault/base/text.h"
#include "vault/verify/verifier.h"

namespace exhibit::cli {
namespace {

using verify::KeptCheckpoint;

struct Arguments {
  std::string place;
  TrustArguments trust;
  std::string ca_file;
  bool whole = false;
  bool json = false;
};

Result<verify::Options> OptionsOf(const Arguments& arguments, const Globals& globals, const Trusted& trusted,
                                  const KnownLog& known) {
  verify::Options options;
  options.depth = verify::Depth::kLog;
  options.fingerprint = trusted.fingerprint;
  if (!options.fingerprint && known.verified()) options.fingerprint = known.verified()->fingerprint;
  options.policy = trusted.policy ? &*trusted.policy : nullptr;
  options.timestamp_roots = trusted.roots ? &*trusted.roots : nullptr;
  if (!trusted.case_keys.empty()) options.case_keys = &trusted.case_keys;
  const auto add = [&](KeptCheckpoint::Use use, const std::string& file) -> Result<void> {
    TRY(Bytes note, ReadCheckpointFile(file));
    options.kept.push_back({use, file, std::move(note)});
    return {};
  };
  for (const std::string& pin : globals.pins) TRY_VOID(add(KeptCheckpoint::Use::kCompare, pin));
  for (KeptCheckpoint& one :
       known.Kept(arguments.whole ? KeptCheckpoint::Use::kCompare : KeptCheckpoint::Use::kResume)) {
    options.kept.push_back(std::move(one));
  }
  return options;
}

Result<ExitCode> VerifyLog(const Arguments& arguments, const Globals& globals) {
  TRY(const Trusted trusted, arguments.trust.Read());
  TRY(const auto files, FilesOf(arguments.place, arguments.ca_file));
  auto log = publish::PublishedLog::Open(*files);
  if (!log) return Fail(std::move(log).error().In(Printable(arguments.place)));
  TRY(const KnownLog known, KnownLog::Read((*log)->claimed().origin));
  TRY(verify::Options options, OptionsOf(arguments, globals, trusted, known));
  const std::vector<verify::PastRoots> past = known.Past(globals);
  std::vector<tlog::LeafHash> leaves;
  options.past = &past;
  options.leaves = &leaves;
  verify::Progress progress;
  options.progress = &progress;
  options.interrupted = &Interrupted();
  Pool pool;
  auto report = [&] {
    const ProgressLine line("verified", ProgressLine::Unit::kCount, progress.entries, progress.entries_total);
    return verify::Verify(**log, options, pool);
  }();
  if (!report) return Fail(std::move(report).error());
  if (!known.remark().empty()) report->remarks.push_back(known.remark());
  // A head that is older than the one that was seen replaces nothing.
  if (report->ok() && !report->newer) {
    TRY(const Bytes head, (*log)->ReadHead());
    const auto kept = known.Remember(*report, head, leaves);
    if (!kept) report->remarks.push_back("what was verified could not be kept: " + kept.error().message);
  }
  // Kept checkpoints and pins were compared before anything was trusted.
  const auto names_log = [](const verify::Extended& one) { return one.checkpoint.size.value > 0; };
  const auto first = std::ranges::find_if(report->extends, names_log);
  const std::string kept = first == report->extends.end() ? "" : first->where;
  return PrintReport(*report,
                     arguments.json  ? ReportForm::kJson
                     : globals.quiet ? ReportForm::kQuiet
                                     : ReportForm::kText,
                     {arguments.trust.policy, trusted.fingerprint.has_value(), kept}, tell::Verified::kPublishedLog);
}

}  // namespace

void RegisterVerifyLog(Commands commands) {
  auto arguments = std::make_shared<Arguments>();
  const Command command =
      commands.program.AddCommand("verify-log", "check a published copy of a log, without any vault");
  command
      .AddOption("PLACE", arguments->place,
                 "its folder, its URL of http or https, or its place on an object store, s3://HOST/BUCKET/PREFIX")
      .Required();
  arguments->trust.AddTo(command);
  command.AddFlag("--whole", arguments->whole, "read the log from its beginning, whatever was verified before");
  arguments->trust.AddRootsTo(command);
  arguments->trust.AddCaseKeysTo(command);
  AddCaFileTo(command, arguments->ca_file);
  command.AddJson(arguments->json);
  command.Footer(
      "The first check reads the whole log. It keeps the head in this user's state directory, and the next one\n"
      "reads only what is new; a copy that does not extend what was seen is refused, wherever it comes from.\n"
      "A copy that only lags is recognised, by notes of this user or by the vault: it is the beginning of what was "
      "seen.\n"
      "--pin FILE, which all commands take, names a checkpoint that you have from elsewhere: the log must extend it.\n"
      "A file that a server does not give is asked for twice; redirects are not followed.\n"
      "Exit status: 0 all of it holds, 1 it could not be read or compared, 3 something does not hold or is missing\n"
      "from a folder, 5 all of it holds, but the log was not seen before and neither a fingerprint nor a policy was\n"
      "brought, 7 older than what was seen before and consistent with it, 8 a newer version is needed.\n\n"
      "Examples:\n  exhibit verify-log /srv/www/case-1\n  exhibit verify-log https://example.org/case-1 "
      "--fingerprint 5f3a...");
  commands.RunWithoutVault(command, arguments, VerifyLog);
}

}  // namespace exhibit::cli
