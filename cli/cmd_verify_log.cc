// exhibit verify-log: checks a published copy of a log, without any vault, from where the last check ended.
#include <memory>

#include "cli/beliefs.h"
#include "cli/command.h"
#include "cli/interrupt.h"
#include "cli/progress.h"
#include "cli/report_output.h"
#include "cli/terminal.h"
#include "vault/base/encoding.h"
#include "vault/base/file.h"
#include "vault/base/text.h"
#include "vault/net/http_files.h"
#include "vault/publish/verified_log.h"
#include "vault/store/kept_heads.h"
#include "vault/tlog/stamped_checkpoint.h"
#include "vault/verify/verifier.h"

namespace exhibit::cli {
namespace {

namespace fs = std::filesystem;
using verify::KeptCheckpoint;

struct Arguments {
  std::string place;
  BeliefArguments beliefs;
  std::vector<std::string> since;
  bool whole = false;
  bool json = false;
};

// What this user's state directory knows of the log.
struct Known {
  store::HeadFile head_file{{}};
  std::optional<Bytes> head;
  store::HeadFile log_file{{}};
  std::optional<publish::VerifiedLog> log;
  std::string remark;  // why nothing can be kept
};

Result<Known> ReadKnown(const tlog::Origin& origin) {
  Known known;
  const auto head_path = store::UserHeadPath(origin);
  if (!head_path) {
    known.remark = "the log cannot be compared with what was seen before: " + head_path.error().message;
    return known;
  }
  TRY(const fs::path log_path, store::UserVerifiedLogPath(origin));
  known.head_file = store::HeadFile(*head_path);
  known.log_file = store::HeadFile(log_path, publish::kMaxVerifiedLogBytes);
  TRY(known.head, known.head_file.Read());
  const auto bytes = ReadFile(log_path, publish::kMaxVerifiedLogBytes);
  if (!bytes && bytes.error().code == ErrorCode::kNotFound) return known;
  auto log = bytes ? publish::DecodeVerifiedLog(*bytes) : Result<publish::VerifiedLog>(Fail(bytes.error()));
  if (!log) {
    return Fail(
        Error(std::move(log).error())
            .In(Printable(log_path.native()))
            .Hint("what was known of this log is damaged: remove the file to verify the log from its beginning"));
  }
  known.log = std::move(*log);
  return known;
}

Result<std::unique_ptr<publish::Files>> FilesOf(const std::string& place) {
  if (!net::Url::LooksLikeOne(place)) {
    return std::unique_ptr<publish::Files>(std::make_unique<publish::FolderFiles>(place));
  }
  TRY(net::Url url, net::Url::Parse(place));
  return std::unique_ptr<publish::Files>(std::make_unique<net::HttpFiles>(std::move(url), &Interrupted()));
}

Result<verify::Options> OptionsOf(const Arguments& arguments, const Globals& globals, const Beliefs& beliefs,
                                  const Known& known) {
  verify::Options options;
  options.depth = verify::Depth::kLog;
  options.fingerprint = beliefs.fingerprint;
  if (!options.fingerprint && known.log) options.fingerprint = known.log->fingerprint;
  options.policy = beliefs.policy ? &*beliefs.policy : nullptr;
  options.timestamp_roots = beliefs.roots ? &*beliefs.roots : nullptr;
  const auto add = [&](KeptCheckpoint::Use use, const std::string& file) -> Result<void> {
    TRY(Bytes note, ReadFile(file, tlog::kMaxNoteBytes));
    options.kept.push_back({use, file, std::move(note)});
    return {};
  };
  for (const std::string& pin : globals.pins) TRY_VOID(add(KeptCheckpoint::Use::kCompare, pin));
  if (known.head) options.kept.push_back({KeptCheckpoint::Use::kCompare, known.head_file.path().native(), *known.head});
  if (known.log) {
    const auto use = arguments.whole ? KeptCheckpoint::Use::kCompare : KeptCheckpoint::Use::kResume;
    options.kept.push_back({use, known.log_file.path().native(), known.log->checkpoint, known.log->acts});
  }
  // A copy has no index to resume by: these are compared with, and do not shorten what is read.
  for (const std::string& file : arguments.since) TRY_VOID(add(KeptCheckpoint::Use::kCompare, file));
  return options;
}

// What a good report allows to be remembered. Another process that did so meanwhile is not overwritten.
Result<void> Remember(const Known& known, const verify::Report& report, ByteView claimed) {
  if (!known.remark.empty()) return {};
  // Without the lines of others, of which a stranger can make as many as a note may have.
  TRY(const tlog::StampedCheckpoint stamped, tlog::FindStamped(claimed, *report.log_key));
  const Bytes& head = stamped.bytes;
  TRY_VOID(known.head_file.ReplaceIfStill(known.head, head));
  const publish::VerifiedLog now{*report.fingerprint, report.acts, head};
  std::optional<Bytes> before;
  if (known.log) before = publish::EncodeVerifiedLog(*known.log);
  return known.log_file.ReplaceIfStill(before, publish::EncodeVerifiedLog(now));
}

Result<ExitCode> VerifyLog(const Arguments& arguments, const Globals& globals) {
  TRY(const Beliefs beliefs, arguments.beliefs.Read());
  TRY(const auto files, FilesOf(arguments.place));
  auto log = publish::PublishedLog::Open(*files);
  if (!log) return Fail(std::move(log).error().In(Printable(arguments.place)));
  TRY(const Known known, ReadKnown((*log)->claimed().origin));
  TRY(verify::Options options, OptionsOf(arguments, globals, beliefs, known));
  verify::Progress progress;
  options.progress = &progress;
  options.interrupted = &Interrupted();
  Pool pool;
  auto report = [&] {
    const ProgressLine line("verified", ProgressLine::Unit::kCount, progress.entries, progress.entries_total);
    return verify::Verify(**log, options, pool);
  }();
  if (!report) return Fail(std::move(report).error());
  if (!known.remark.empty()) report->remarks.push_back(known.remark);
  if (report->ok()) {
    TRY(const Bytes head, (*log)->ReadHead());
    const auto kept = Remember(known, *report, head);
    if (!kept) report->remarks.push_back("what was verified could not be kept: " + kept.error().message);
  }
  const std::string from = beliefs.fingerprint ? "--fingerprint"
                           : known.log         ? known.log_file.path().native()
                                               : "";
  return PrintReport(*report, arguments.json ? ReportForm::kJson : ReportForm::kText, {arguments.beliefs.policy, from},
                     Verified::kPublishedLog);
}

}  // namespace

void RegisterVerifyLog(Commands commands) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App* const command =
      commands.app.add_subcommand("verify-log", "check a published copy of a log, without any vault");
  command->add_option("PLACE", arguments->place, "its folder, or its URL of http or https")->required();
  arguments->beliefs.AddTo(*command);
  command
      ->add_option("--since", arguments->since,
                   "a signed checkpoint that you have from elsewhere: the log must extend it; repeat for several")
      ->type_name("FILE")
      ->expected(1)
      ->take_all();
  command->add_flag("--whole", arguments->whole, "read the log from its beginning, whatever was verified before");
  arguments->beliefs.AddRootsTo(*command);
  command->add_flag("--json", arguments->json, "print JSON");
  command->footer(
      "The first check reads the whole log. It keeps the head in this user's state directory, and the next one\n"
      "reads only what is new; a copy that does not extend what was seen is refused, wherever it comes from.\n"
      "Redirects are not followed. Exit status: 0 all of it holds, 3 something does not.\n\n"
      "Examples:\n  exhibit verify-log /srv/www/case-1\n  exhibit verify-log https://example.org/case-1 "
      "--fingerprint 5f3a...");
  command->callback([arguments, commands] {
    commands.chosen = [arguments, &globals = commands.globals] { return VerifyLog(*arguments, globals); };
  });
}

}  // namespace exhibit::cli
