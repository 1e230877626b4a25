// exhibit suspend, exhibit lift: one custodian stops another, and so themselves, until it is settled.
#include <memory>

#include "cli/act.h"
#include "vault/base/format.h"

namespace exhibit::cli {
namespace {

struct Arguments {
  std::uint64_t person = 0;
  std::uint64_t suspend = 0;
  std::string reason;
  SignerOptions signer;

  void AddTo(const Command& command) {
    command.AddOption("PERSON", person, "the person's number, as `exhibit custodian list` shows it")
        .Required()
        .Number();
    AddReasonTo(command, reason);
    signer.AddTo(command);
  }
  store::Fields Fields() const {
    store::Fields fields;
    Put(fields, "reason", reason);
    return fields;
  }
};

Result<ExitCode> Suspend(const Arguments& arguments, const Globals& globals) {
  const custody::Person person{arguments.person};
  return CommitAct(globals, arguments.signer, {custody::Suspend{person}, arguments.Fields()},
                   "suspended: " + custody::NameOf(person));
}

// The entry that suspended the person, where only one did.
Result<tlog::Sequence> FindSuspension(const custody::Facts& facts, custody::Person person) {
  std::vector<tlog::Sequence> found;
  for (const auto& [entry, suspension] : facts.suspensions) {
    if (suspension.stopped.contains(person)) found.push_back(entry);
  }
  if (found.empty())
    return Fail(ErrorCode::kNotFound, custody::NameOf(person) + " is not suspended", "exhibit custodian list");
  if (found.size() == 1) return found.front();
  std::string entries;
  for (const tlog::Sequence entry : found) entries += (entries.empty() ? "" : ", ") + NameOf(entry);
  return Fail(ErrorCode::kInvalid, Format("{} is suspended by several entries: {}", custody::NameOf(person), entries),
              "say which one ends: --suspension N");
}

Result<ExitCode> Lift(const Arguments& arguments, const Globals& globals) {
  const custody::Person person{arguments.person};
  tlog::Sequence suspend{arguments.suspend};
  if (suspend.value == 0) {
    TRY(const auto vault, OpenVault(globals));
    TRY(const custody::State state, vault->State());
    TRY(suspend, FindSuspension(state.facts(), person));
  }
  return CommitAct(globals, arguments.signer, {custody::Lift{suspend, person}, arguments.Fields()},
                   Format("the suspension in {} is lifted: {}", NameOf(suspend), custody::NameOf(person)));
}

}  // namespace

void RegisterSuspend(Commands commands) {
  auto arguments = std::make_shared<Arguments>();
  const Command command = commands.program.AddCommand(
      "suspend", "stop a person whose key you fear is in other hands, and yourself with them");
  arguments->AddTo(command);
  command.Footer(
      "Neither of the two changes who may act, releases or shreds until it is lifted; both go on to add, note, hold\n"
      "and export. One custodian can do it alone, once to each person, so that a thief of one key gains nothing by "
      "it.\n\n"
      "Example:\n  exhibit suspend 2 --reason \"laptop missing since this morning\"");
  commands.Run(command, arguments, Suspend);
}

void RegisterLift(Commands commands) {
  auto arguments = std::make_shared<Arguments>();
  const Command command = commands.program.AddCommand("lift", "end a suspension");
  arguments->AddTo(command);
  command
      .AddOption("--suspension", arguments->suspend,
                 "the number of the entry that suspended, or of the recovery (default: the only one)")
      .Number();
  arguments->signer.AddCosignerTo(command);
  command.Footer(
      "Who suspended lifts it, or two who are not stopped, or the only custodian who is not.\n\n"
      "Example:\n  exhibit lift 2 --reason \"laptop found, disk was encrypted\"");
  commands.Run(command, arguments, Lift);
}

}  // namespace exhibit::cli
