// exhibit rule: which acts need two custodians.
#include <memory>
#include <set>

#include "cli/act.h"
#include "cli/terminal.h"
#include "vault/base/format.h"

namespace exhibit::cli {
namespace {

struct Arguments {
  std::vector<std::string> two;
  bool none = false;
  SignerOptions signer;
};

// An admission ("admit" for users) is an entry of the type `custodian`.
Result<custody::EntryType> TypeFromUser(const std::string& word) {
  if (word == custody::ToText(custody::Act::kAdmit)) return custody::EntryType::kCustodian;
  TRY(const custody::EntryType type, custody::EntryTypeFromText(word));
  if (custody::CanBeRuled(type)) return type;
  return Fail(ErrorCode::kInvalid, "no rule can ask two custodians for " + word,
              "it can for admit, release, shred, reader and reseal");
}

std::string WordsOf(const std::vector<custody::EntryType>& types) {
  std::string words;
  for (const custody::EntryType type : types) {
    const auto word =
        type == custody::EntryType::kCustodian ? custody::ToText(custody::Act::kAdmit) : custody::ToText(type);
    words += (words.empty() ? "" : ", ") + std::string(word);
  }
  return words;
}

Result<ExitCode> ShowRule(const Arguments& arguments, const Globals& globals) {
  TRY(const auto vault, OpenVault(globals));
  TRY(const custody::State state, vault->State());
  const std::vector<custody::EntryType>& two = state.facts().needs_two;
  if (arguments.signer.json) {
    Json words = Json::List();
    for (const custody::EntryType type : two) words.push_back(std::string(custody::ToText(type)));
    PrintJson({{"two", std::move(words)}});
  } else {
    Print(two.empty() ? "no act needs two custodians\n" : Format("two custodians must sign: {}\n", WordsOf(two)));
  }
  return ExitCode::kOk;
}

Result<ExitCode> RunRule(const Arguments& arguments, const Globals& globals) {
  if (arguments.two.empty() && !arguments.none) return ShowRule(arguments, globals);
  std::set<custody::EntryType> types;  // their order is that of entries
  for (const std::string& word : arguments.two) {
    TRY(const custody::EntryType type, TypeFromUser(word));
    types.insert(type);
  }
  custody::Rule rule{{types.begin(), types.end()}};
  const std::string done = rule.needs_two.empty() ? "no act needs two custodians from now on"
                                                  : "two custodians must sign from now on: " + WordsOf(rule.needs_two);
  return CommitAct(globals, arguments.signer, std::move(rule), done);
}

}  // namespace

void RegisterRule(Commands commands) {
  auto arguments = std::make_shared<Arguments>();
  const Command command = commands.program.AddCommand("rule", "show or say which acts need two custodians");
  const Option two =
      command
          .AddOption("--two", arguments->two,
                     "two must sign these: admit, release, shred, reader, reseal; replaces the rule before")
          .Separator(',')
          .TypeName("ACT");
  command.AddFlag("--none", arguments->none, "lift the rule; two must sign that").Excludes(two);
  arguments->signer.AddTo(command);
  arguments->signer.AddCosignerTo(command);
  command.Footer(
      "Examples:\n  exhibit rule\n  exhibit rule --two shred,admit\n"
      "  exhibit rule --none --cosigner-key bob.key");
  commands.Run(command, arguments, RunRule);
}

}  // namespace exhibit::cli
