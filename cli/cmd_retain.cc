// exhibit retain: renews the locks of a vault on an object store before they end, and deletes what was destroyed after they did.
#include <algorithm>
#include <atomic>
#include <memory>
#include <optional>

#include "cli/command.h"
#include "cli/interrupt.h"
#include "cli/progress.h"
#include "cli/remote_init.h"
#include "cli/terminal.h"
#include "vault/base/format.h"
#include "vault/base/text.h"
#include "vault/work/retain.h"
#include "vault/work/sweep.h"

namespace exhibit::cli {
namespace {

using Doing = work::RetainRequest::Doing;

struct Arguments {
  std::uint64_t days = 0;  // 0: what was chosen when the vault was made
  bool sweep = false;
  bool dry_run = false;
  bool json = false;
};

template <typename Failures>
Json JsonOfFailures(const Failures& failed) {
  Json failures = Json::List();
  for (const auto& one : failed) failures.push_back({{"object", one.object}, {"why", one.why.message}});
  return failures;
}

Json JsonOf(const work::Retained& done, const Arguments& arguments) {
  Json json = {{"ok", done.failed == 0},
               {"dry_run", arguments.dry_run},
               {"looked", done.looked},
               {"renewed", done.renewed},
               {"lapsed", done.lapsed},
               {"unlocked", done.unlocked},
               {"failed", done.failed},
               {"failures", JsonOfFailures(done.failures)},
               {"payload_until", FormatTime(done.payload_until)}};
  if (done.first_end) json["first_end"] = FormatTime(*done.first_end);
  return json;
}

Json JsonOf(const store::DestroyedParts& parts) {
  store::DestroyedParts all = parts;
  all.Join({.files = parts.headers, .headers = {}});
  Json entries = Json::List();
  for (const tlog::Sequence at : all.files) entries.push_back(at.value);
  return entries;
}

Json JsonOf(const work::Swept& swept) {
  Json json = {{"gone", swept.gone},
               {"locked", swept.locked},
               {"ended", swept.ended},
               {"deleted", swept.deleted},
               {"not_permitted", swept.not_permitted},
               {"waiting", JsonOf(swept.waiting)},
               {"destroyed", JsonOf(swept.destroyed)},
               {"failures", JsonOfFailures(swept.failures)}};
  if (swept.until) json["until"] = FormatTime(*swept.until);
  return json;
}

void Show(const work::Retained& done, const Arguments& arguments) {
  const std::uint64_t left = done.looked - done.renewed - done.failed;
  Print(Format("{}{} of {}: sealed content until {}; {} not due\n",
               arguments.dry_run ? "would renew  " : "renewed      ", done.renewed,
               Counted(done.looked, "object", "objects"), FormatTime(done.payload_until), left));
  if (done.lapsed > 0) Print(Format("had ended    {}: whoever may delete could have deleted them\n", done.lapsed));
  if (done.unlocked > 0)
    Print(Format("had no lock  {}: `exhibit verify` names them before they get one\n", done.unlocked));
  if (done.first_end) Print(Format("first end    {}\n", FormatTime(*done.first_end)));
}

void Show(const work::Swept& swept, const Arguments& arguments) {
  const auto objects = [](std::uint64_t count) { return Counted(count, "object", "objects"); };
  if (swept.deleted > 0) Print(Format("deleted      {}: {}\n", objects(swept.deleted), swept.destroyed.Text()));
  if (arguments.dry_run && swept.ended > 0) Print(Format("would delete {}\n", objects(swept.ended)));
  if (swept.locked > 0)
    Print(Format("to go        {}: {}, once the locks end, until {}\n", objects(swept.locked), swept.waiting.Text(),
                 FormatTime(*swept.until)));
  if (swept.not_permitted > 0)
    Print(Format("not deleted  {}: these credentials may not. Let an account that may run `exhibit retain --sweep`\n",
                 objects(swept.not_permitted)));
}

// What could not be done, by name.
template <typename Failures>
void SayFailures(std::string_view what, const Failures& failures) {
  for (const auto& one : failures) Say(Format("{}: {}: {}", what, Printable(one.object), one.why.message));
}

Result<work::Retained> Renew(const store::ObjectLog& log, const Arguments& arguments) {
  std::atomic<std::uint64_t> count = 0;
  const std::atomic<std::uint64_t> total = 0;  // it shows on the way
  work::RetainRequest request{.doing = arguments.dry_run ? Doing::kOnlyTell : Doing::kRenew, .done = &count};
  if (arguments.days > 0) request.payload_days = static_cast<std::uint32_t>(arguments.days);
  const ProgressLine line("looked at", ProgressLine::Unit::kCount, count, total);
  return work::Retain(log, request);
}

// Something that is not as the log says is damage; all else could not be done.
ExitCode ExitCodeOf(const std::optional<work::Retained>& renewed, const work::Swept& swept) {
  const bool is_damage = std::ranges::any_of(
      swept.failures, [](const work::Swept::Failure& one) { return one.why.code == ErrorCode::kTampered; });
  if (is_damage) return ExitCode::kVerificationFailed;
  const bool is_all_done = swept.failures.empty() && (!renewed || renewed->failed == 0);
  return is_all_done ? ExitCode::kOk : ExitCode::kFailed;
}

Result<ExitCode> Retain(const Arguments& arguments, const Globals& globals) {
  if (globals.remote == nullptr) {
    return Fail(ErrorCode::kInvalid, Format("{} is a vault in a folder, where nothing is locked", globals.VaultName()),
                "locks are those of a vault on an object store: --vault s3://HOST/BUCKET/PREFIX");
  }
  // As whoever reads: a log that was rolled back names too little.
  TRY(const auto vault, OpenVault(globals));
  TRY(const auto log, globals.remote->Log());
  std::optional<work::Retained> renewed;
  if (!arguments.sweep) {
    TRY(renewed, Renew(*log, arguments));
    if (!arguments.json && !globals.quiet) Show(*renewed, arguments);
    SayFailures("not renewed", renewed->failures);
    if (renewed->failed > renewed->failures.size())
      Say(Format("not renewed: {} more", renewed->failed - renewed->failures.size()));
  }
  using Sweeping = work::SweepRequest::Doing;
  const work::SweepRequest request{.doing = arguments.dry_run ? Sweeping::kOnlyTell : Sweeping::kDelete,
                                   .interrupted = &Interrupted()};
  Pool pool;
  TRY(const work::Swept swept, work::Sweep(*log, *vault, request, pool));
  const ExitCode code = ExitCodeOf(renewed, swept);
  if (arguments.json) {
    Json json = renewed ? JsonOf(*renewed, arguments) : Json::Object({{"dry_run", arguments.dry_run}});
    json["ok"] = code == ExitCode::kOk;
    json["spent"] = JsonOf(swept);
    PrintJson(json);
  } else if (!globals.quiet) {
    Show(swept, arguments);
  }
  SayFailures("not deleted", swept.failures);
  return code;
}

}  // namespace

void RegisterRetain(Commands commands) {
  auto arguments = std::make_shared<Arguments>();
  const Command command =
      commands.program.AddCommand("retain", "on an object store: renew locks, and delete what was destroyed");
  command
      .AddOption("--days", arguments->days,
                 "for how many days from now sealed content is locked (default: as the vault was made)")
      .Between(1, kMostLockDays);
  command.AddFlag("--sweep", arguments->sweep,
                  "renew nothing: only delete what was destroyed and is not locked any more");
  command.AddFlag("--dry-run", arguments->dry_run, "only say what would be renewed and deleted");
  command.AddJson(arguments->json);
  command.Footer(
      "An object is renewed once a third of its time has gone by, so a run each week finds little to do, and several "
      "may\n"
      "fail before a lock ends. No lock is made shorter. What no entry names is not renewed. It needs no key of the "
      "vault,\n"
      "only credentials that may list, read, and set locks (`exhibit policies`), and a timer:\n"
      "exhibit-retain@NAME.timer.\n"
      "Locks of what was shredded, or lost its header to `reseal --destroy`, are not renewed. Once they ended, the "
      "objects are\n"
      "deleted, each version of them; before the first, the log is verified. If the account may not delete, that is "
      "said, and\n"
      "another one does it with --sweep.\n"
      "Exit status: 1 if something could not be renewed or deleted, which is named; 3 if it is not as the log says,\n"
      "and then nothing of it is deleted.\n\n"
      "Examples:\n  exhibit retain --dry-run\n  exhibit retain --vault s3://s3.example.org/evidence/q4d2");
  commands.Run(command, arguments, Retain);
}

}  // namespace exhibit::cli
