// exhibit verify: checks that the vault is the one that was signed.
#include <memory>

#include "cli/command.h"
#include "cli/interrupt.h"
#include "cli/progress.h"
#include "cli/report_output.h"
#include "cli/terminal.h"
#include "cli/trust.h"
#include "vault/base/file.h"
#include "vault/session/label_key.h"
#include "vault/verify/open_sealed.h"
#include "vault/verify/verifier.h"
#include "vault/work/deeds.h"
#include "vault/work/verified_vault.h"

namespace exhibit::cli {
namespace {

struct Arguments {
  std::vector<std::string> positions;
  ReaderOptions reader;
  bool log_only = false;
  bool content = false;
  TrustArguments trust;
  std::vector<std::string> after;
  bool whole = false;
  bool json = false;
};

// The checkpoints that --after names, which were verified in full when they were kept, and those of --pin.
Result<std::vector<verify::KeptCheckpoint>> ReadKept(const std::vector<std::string>& after, const Globals& globals) {
  using Use = verify::KeptCheckpoint::Use;
  std::vector<verify::KeptCheckpoint> kept;
  const auto add = [&kept](Use use, const std::string& file) -> Result<void> {
    TRY(Bytes note, ReadCheckpointFile(file));
    kept.push_back({use, file, std::move(note)});
    return {};
  };
  for (const std::string& file : after) TRY_VOID(add(Use::kResume, file));
  for (const std::string& file : globals.pins) TRY_VOID(add(Use::kCompare, file));
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

// The secret of labels, if it can be had without asking anybody: with it the labels are compared with the cases.
std::optional<custody::LabelSecret> FindLabelSecret(const Globals& globals) {
  const auto deny = [](const custody::PassphraseRequest&) -> Result<crypto::SecretText> {
    return Fail(ErrorCode::kDenied, "not asked for");
  };
  auto secret = LoadLabelSecret(VaultPaths(globals.VaultFolder()), deny);
  if (!secret) return std::nullopt;
  return std::optional(std::move(*secret));
}

// Which checkpoints are compared with the log, and from which of them on it is read. Only a check of the log alone goes on
// from where this user's last one ended, and only where nothing asks about entries before that.
Result<std::vector<verify::KeptCheckpoint>> KeptFor(const Arguments& arguments, const Globals& globals,
                                                    const work::VerifiedVault& verified) {
  TRY(auto kept, ReadKept(arguments.after, globals));
  const bool goes_on = arguments.log_only && !arguments.whole && kept.empty() && arguments.trust.case_keys.empty();
  if (!goes_on) return kept;
  if (auto last = verified.kept()) kept.push_back(std::move(*last));
  return kept;
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
  if (!trusted.case_keys.empty()) options.case_keys = &trusted.case_keys;
  TRY(const auto vault, OpenVault(globals));
  // A mistyped number is no missing entry: the log was compared with the kept heads.
  for (const tlog::Sequence position : positions) {
    if (position.value >= vault->head().size.value) return Fail(vault->Entry(position).error());
  }
  const work::VerifiedVault verified = work::VerifiedVault::Read(*vault);
  if (arguments.log_only && !verified.remark().empty()) Say(verified.remark());
  TRY(options.kept, KeptFor(arguments, globals, verified));
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
    options.open_key = [&reader, &vault](tlog::Sequence sequence, const custody::SealedFile& file) {
      return verify::OpenFileKey(*vault, sequence, file, *reader);
    };
  }
  const auto label_secret = arguments.content ? FindLabelSecret(globals) : std::nullopt;
  if (label_secret) options.label_secret = &*label_secret;
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
  // What --after names was taken for verified, and not verified by us.
  if (arguments.after.empty()) {
    const auto kept = verified.Remember(*report, *vault);
    if (!kept) Say("what was verified could not be kept: " + kept.error().message);
  }
  brought.kept = KeptBefore(*report, *vault, globals);
  if (report->ok() && options.selected.empty()) {
    const std::string how = options.depth == verify::Depth::kLog      ? "log"
                            : options.depth == verify::Depth::kSealed ? "sealed"
                                                                      : "content";
    const auto noted = work::NoteDeed(vault->head().origin, vault->fingerprint(), work::DeedKind::kVerified,
                                      {Now(), vault->head().size, how});
    if (!noted && !globals.quiet)
      Say("that it was verified could not be noted for `exhibit status`: " + noted.error().message);
  }
  return PrintReport(*report,
                     arguments.json  ? ReportForm::kJson
                     : globals.quiet ? ReportForm::kQuiet
                                     : ReportForm::kText,
                     brought, tell::Verified::kVault);
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
  const auto anchors = arguments->trust.AddTo(command);
  anchors.fingerprint.Setting("fingerprint");
  anchors.policy.Setting("policy");
  command
      .AddOption("--after", arguments->after,
                 "a checkpoint that was verified when it was kept: the log must extend it, and what it covers is "
                 "not read again; repeat for several")
      .TypeName("FILE")
      .OneEachTime();
  command.AddFlag("--whole", arguments->whole, "with --log: from the beginning, whatever this user verified before")
      .Needs(log);
  arguments->trust.AddRootsTo(command).Setting("tsa-roots");
  arguments->trust.AddCaseKeysTo(command);
  command.AddJson(arguments->json);
  command.Footer(
      "With --after only entries after the newest of these checkpoints are replayed, and only their\n"
      "sealed files are read; the report says so. --log alone goes on from where this user's last check of the\n"
      "log ended, and says so, too; --log --whole begins at entry 0, as every check without --log does.\n"
      "Exit status: 0 all of it holds, 3 something does not; 5 it holds, but this user sees the vault for the first\n"
      "time and brought no fingerprint or policy; 6 the identity opens nothing, and nothing was found changed; 8 a "
      "newer\n"
      "version of this program is needed from an entry on that is named.\n\n"
      "Examples:\n  exhibit verify\n  exhibit verify --log --after head-of-last-week\n  exhibit verify --content -i "
      "reader.txt --fingerprint 5f3a...");
  command.Runs([arguments, &globals = commands.globals] {
    auto code = WithVault(globals, [&] { return Verify(*arguments, globals); });
    if (!code && arguments->json) PrintNotVerified(code.error());
    return code;
  });
}

}  // namespace exhibit::cli
