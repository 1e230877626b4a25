// exhibit rule: which acts need two custodians.
#include <memory>

#include "cli/act.h"
#include "cli/terminal.h"
#include "vault/base/format.h"
#include "vault/base/text.h"

namespace exhibit::cli {
namespace {

struct Arguments {
  std::vector<std::string> two;
  bool none = false;
  bool keep_recovery = false;
  std::string reason;
  SignerOptions signer;
};

std::string WordsOf(const custody::RuledActs& acts) {
  std::string words;
  for (const custody::Ruled act : acts.List()) words += (words.empty() ? "" : ", ") + std::string(custody::ToText(act));
  return words;
}

Result<custody::RuledActs> ParseActs(const std::vector<std::string>& words) {
  custody::RuledActs acts;
  for (const std::string& word : words) {
    const auto act = custody::FromWord<custody::Ruled>(word);
    if (!act) {
      return Fail(ErrorCode::kInvalid, Format("no rule can ask two custodians for \"{}\"", Printable(word)),
                  custody::ChoiceOf<custody::Ruled>());
    }
    acts.Insert(*act);
  }
  // Whoever could admit alone could make the second custodian.
  if (!acts.empty()) acts.Insert(custody::Ruled::kCustodian);
  return acts;
}

Result<ExitCode> ShowRule(const Arguments& arguments, const Globals& globals) {
  TRY(const auto vault, OpenVault(globals));
  TRY(const custody::State state, vault->State());
  const custody::Facts& facts = state.facts();
  if (arguments.signer.json) {
    Json words = Json::List();
    for (const custody::Ruled act : facts.two.List()) words.push_back(std::string(custody::ToText(act)));
    Json json = {{"two", std::move(words)}};
    json["recovery"] = facts.recovery() != nullptr;
    PrintJson(json);
    return ExitCode::kOk;
  }
  Print(facts.two.empty() ? "no act needs two custodians\n"
                          : Format("two custodians must sign: {}\n", WordsOf(facts.two)));
  if (facts.recovery() != nullptr && !facts.two.empty())
    Print("the readers can get round it with the recovery key, and every verdict names that\n");
  return ExitCode::kOk;
}

Result<ExitCode> RunRule(const Arguments& arguments, const Globals& globals) {
  if (arguments.two.empty() && !arguments.none) return ShowRule(arguments, globals);
  if (arguments.reason.empty()) return Fail(ErrorCode::kInvalid, "why? the log keeps the reason", "--reason TEXT");
  TRY(const custody::RuledActs acts, ParseActs(arguments.two));
  custody::Rule rule{acts, arguments.keep_recovery ? std::optional(custody::Yes()) : std::nullopt};
  const std::string done = acts.empty() ? "no act needs two custodians from now on"
                                        : "two custodians must sign from now on: " + WordsOf(acts);
  store::Fields fields;
  Put(fields, "reason", arguments.reason);
  return CommitAct(globals, arguments.signer, {std::move(rule), std::move(fields)}, done);
}

}  // namespace

void RegisterRule(Commands commands) {
  auto arguments = std::make_shared<Arguments>();
  const Command command = commands.program.AddCommand("rule", "show or say which acts need two custodians");
  const Option two =
      command
          .AddOption(
              "--two", arguments->two,
              "two must sign these, and admissions: retire, lift, log-key, lost-head, reader, reseal, release, shred; "
              "replaces the rule before")
          .Separator(',')
          .TypeName("ACT");
  command.AddFlag("--none", arguments->none, "lift the rule; two must sign that").Excludes(two);
  command
      .AddFlag("--keep-recovery", arguments->keep_recovery,
               "let the recovery key stay, which gets round the rule; two must sign that")
      .Needs(two);
  command.AddOption("--reason", arguments->reason, "why, for a new rule");
  arguments->signer.AddTo(command);
  arguments->signer.AddCosignerTo(command);
  command.Footer(
      "Two keys of one person count once. A rule ends the recovery key, unless --keep-recovery says that it stays.\n\n"
      "Examples:\n  exhibit rule\n  exhibit rule --two shred,release --reason \"nobody destroys alone\"\n"
      "  exhibit rule --none --reason \"case closed\" --cosigner-key bob.key");
  commands.Run(command, arguments, RunRule);
}

}  // namespace exhibit::cli
