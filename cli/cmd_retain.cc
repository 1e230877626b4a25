// exhibit retain: renews the locks of a vault on an object store, before they end.
#include <atomic>
#include <memory>

#include "cli/command.h"
#include "cli/progress.h"
#include "cli/remote_init.h"
#include "cli/terminal.h"
#include "vault/base/format.h"
#include "vault/base/text.h"
#include "vault/work/retain.h"

namespace exhibit::cli {
namespace {

using Doing = work::RetainRequest::Doing;

struct Arguments {
  std::uint64_t days = 0;  // 0: what was chosen when the vault was made
  bool dry_run = false;
  bool json = false;
};

Json JsonOf(const work::Retained& done, const Arguments& arguments) {
  Json failures = Json::List();
  for (const work::Retained::Failure& one : done.failures) {
    failures.push_back({{"object", one.object}, {"why", one.why.message}});
  }
  Json json = {
      {"ok", done.failed == 0},  {"dry_run", arguments.dry_run},    {"looked", done.looked},
      {"renewed", done.renewed}, {"lapsed", done.lapsed},           {"unlocked", done.unlocked},
      {"failed", done.failed},   {"failures", std::move(failures)}, {"payload_until", FormatTime(done.payload_until)}};
  if (done.first_end) json["first_end"] = FormatTime(*done.first_end);
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

Result<ExitCode> Retain(const Arguments& arguments, const Globals& globals) {
  if (globals.remote == nullptr) {
    return Fail(ErrorCode::kInvalid, Format("{} is a vault in a folder, where nothing is locked", globals.VaultName()),
                "locks are those of a vault on an object store: --vault s3://HOST/BUCKET/PREFIX");
  }
  // As whoever reads: a log that was rolled back names too little.
  TRY(const auto vault, OpenVault(globals));
  TRY(const auto log, globals.remote->Log());
  std::atomic<std::uint64_t> count = 0;
  const std::atomic<std::uint64_t> total = 0;  // it shows on the way
  work::RetainRequest request{.doing = arguments.dry_run ? Doing::kOnlyTell : Doing::kRenew, .done = &count};
  if (arguments.days > 0) request.payload_days = static_cast<std::uint32_t>(arguments.days);
  const auto done = [&] {
    const ProgressLine line("looked at", ProgressLine::Unit::kCount, count, total);
    return work::Retain(*log, request);
  }();
  if (!done) return Fail(done.error());
  if (arguments.json) {
    PrintJson(JsonOf(*done, arguments));
  } else if (!globals.quiet) {
    Show(*done, arguments);
  }
  for (const work::Retained::Failure& one : done->failures) {
    Say(Format("not renewed: {}: {}", Printable(one.object), one.why.message));
  }
  if (done->failed > done->failures.size()) {
    Say(Format("not renewed: {} more", done->failed - done->failures.size()));
  }
  return done->failed == 0 ? ExitCode::kOk : ExitCode::kFailed;
}

}  // namespace

void RegisterRetain(Commands commands) {
  auto arguments = std::make_shared<Arguments>();
  const Command command =
      commands.program.AddCommand("retain", "on an object store: renew the locks of what the log names");
  command
      .AddOption("--days", arguments->days,
                 "for how many days from now sealed content is locked (default: as the vault was made)")
      .Between(1, kMostLockDays);
  command.AddFlag("--dry-run", arguments->dry_run, "only say what would be renewed");
  command.AddJson(arguments->json);
  command.Footer(
      "An object is renewed once a third of its time has gone by, so a run each week finds little to do, and several "
      "may\n"
      "fail before a lock ends. No lock is made shorter. What no entry names is not renewed. It needs no key of the "
      "vault,\n"
      "only credentials that may list, read, and set locks (`exhibit policies`), and a timer:\n"
      "exhibit-retain@NAME.timer.\n"
      "Exit status: 1 if something could not be renewed, which is named.\n\n"
      "Examples:\n  exhibit retain --dry-run\n  exhibit retain --vault s3://s3.example.org/evidence/q4d2");
  commands.Run(command, arguments, Retain);
}

}  // namespace exhibit::cli
