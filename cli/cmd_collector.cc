// exhibit collector: what a collecting machine needs, in one folder, or in a kit for a stick.
#include <memory>

#include "cli/act.h"
#include "cli/collector_output.h"
#include "cli/interrupt.h"
#include "cli/key_warning.h"
#include "cli/passphrase.h"
#include "cli/people.h"
#include "cli/profile.h"
#include "cli/terminal.h"
#include "vault/base/format.h"
#include "vault/base/text.h"
#include "vault/intake/collector.h"
#include "vault/session/custodian_key.h"
#include "vault/session/label_key.h"
#include "vault/work/collecting_kit.h"

namespace exhibit::cli {
namespace {

struct Arguments {
  std::string name;
  std::string out;
  std::string kit;
  std::vector<std::string> programs;
  std::string profile;
  std::vector<std::string> cases;
  std::string organisation;
  std::string contact;
  bool no_passphrase = false;
  bool no_admit = false;
  std::string reason;
  std::string compromised_since;
  ReaderOptions reader;
  SignerOptions signer;
};

// The command that admits it, for somebody else to type.
std::string AdmissionLine(const std::string& name, const tlog::VerifierKey& key) {
  return Format("exhibit custodian add '{}' --role collector --name '{}'", key.ToText(), Printable(name));
}

// The keys of the cases that it collects for, so that it can label.
Result<std::vector<custody::GivenCaseKey>> CaseKeysOf(const Arguments& arguments, const Globals& globals,
                                                      const custody::Fingerprint& fingerprint) {
  std::vector<custody::GivenCaseKey> keys;
  if (arguments.cases.empty()) return keys;
  TRY(const custody::LabelSecret secret, LoadLabelSecret(VaultPaths(globals.VaultFolder()), PassphrasesOf(globals)));
  for (const std::string& name : arguments.cases) keys.push_back({fingerprint, name, secret.KeyOf(name)});
  return keys;
}

struct Made {
  tlog::VerifierKey key;
  custody::Person person;
  std::vector<std::string> files = {};  // of a kit
  std::vector<std::string> notes = {};  // of a kit

  bool is_kit() const { return !files.empty(); }
};

// What is made for the collector, whether it is its folder alone or a kit around it.
struct Parts {
  custody::State state;
  tlog::KeyName handle;
  std::vector<custody::GivenCaseKey> cases;
  std::optional<crypto::SecretText> passphrase;

  const crypto::SecretText* passphrase_or_null() const { return passphrase ? &*passphrase : nullptr; }
};

Result<tlog::VerifierKey> MakeFolder(const Arguments& arguments, Parts parts) {
  const custody::State& state = parts.state;
  TRY(tlog::VerifierKey key, intake::MakeCollectorFolder({.folder = arguments.out,
                                                          .setup = {state.origin(), state.fingerprint(),
                                                                    state.recipient(), state.genesis().label_count},
                                                          .handle = std::move(parts.handle),
                                                          .cases = std::move(parts.cases),
                                                          .passphrase = parts.passphrase_or_null()}));
  if (!parts.passphrase) WarnOfOpenKey(std::filesystem::path(arguments.out) / "collector.key");
  return key;
}

Result<work::MadeCollectingKit> MakeKit(const Arguments& arguments, const Globals& globals, const VaultReader& vault,
                                        Parts parts) {
  work::CollectingKitRequest request{.out = arguments.kit,
                                     .handle = std::move(parts.handle),
                                     .cases = std::move(parts.cases),
                                     .passphrase = parts.passphrase_or_null(),
                                     .program = "exhibit " EXHIBIT_VERSION,
                                     .interrupted = &Interrupted()};
  for (const std::string& word : arguments.programs) {
    TRY(work::CollectingProgram program, work::ParseProgram(word));
    request.programs.push_back(std::move(program));
  }
  if (arguments.programs.empty()) {
    if (auto beside = work::ProgramBesideThis()) request.programs.push_back(std::move(*beside));
  }
  if (!arguments.profile.empty()) {
    TRY(NamedProfile profile, ReadProfile(arguments.profile));
    request.profile = {std::move(profile.name), std::move(profile.text)};
  }
  TRY(const tlog::SigningKey key, LoadCustodianKey(arguments.signer.key, parts.state.origin(), PassphrasesOf(globals)));
  request.custodian = &key;
  return work::MakeCollectingKit(vault, std::move(request));
}

Result<Made> Make(const Arguments& arguments, const Globals& globals) {
  TRY(const auto vault, OpenVault(globals));
  TRY(custody::State state, vault->State());
  if (!arguments.no_admit) TRY_VOID(UnlockKeys(globals, arguments.signer));
  const custody::Person person{state.facts().highest.number + 1};
  TRY(tlog::KeyName handle, tlog::KeyName::Parse(NextHandle(state)));
  TRY(auto case_keys, CaseKeysOf(arguments, globals, state.fingerprint()));
  std::optional<crypto::SecretText> passphrase;
  if (!arguments.no_passphrase) {
    TRY(passphrase, AskNewPassphrase("the collector's key"));
  }
  for (const custody::FreeText& written : std::initializer_list<custody::FreeText>{
           {"name", arguments.name}, {"organisation", arguments.organisation}, {"contact", arguments.contact}})
    TRY_VOID(custody::CheckFreeText(written));
  Parts parts{std::move(state), std::move(handle), std::move(case_keys), std::move(passphrase)};
  if (arguments.kit.empty()) {
    TRY(tlog::VerifierKey key, MakeFolder(arguments, std::move(parts)));
    return Made{std::move(key), person};
  }
  TRY(work::MadeCollectingKit kit, MakeKit(arguments, globals, *vault, std::move(parts)));
  return Made{std::move(kit.key), person, std::move(kit.files), std::move(kit.notes)};
}

const std::string& PlaceOf(const Arguments& arguments) { return arguments.kit.empty() ? arguments.out : arguments.kit; }

// What a kit's maker should know, once all is done.
void TellOfKit(const Arguments& arguments, const Globals& globals, const Made& made) {
  for (const std::string& note : made.notes) Say("note: " + note);
  if (globals.quiet) return;
  Say(
      Format("README.txt in it says what to do. Check it before the journey and after it: exhibit-verify --kit {} "
             "--fingerprint HEX",
             Printable(arguments.kit)));
  Say(Format("whoever copies it can sign false items in its name, until: exhibit collector retire {} --reason TEXT",
             made.key.name().text()));
}

Result<ExitCode> New(const Arguments& arguments, const Globals& globals) {
  if (arguments.out.empty() == arguments.kit.empty()) {
    return Fail(ErrorCode::kInvalid, "a collector gets a folder or a kit: --out or --kit is missing",
                "exhibit collector new NAME --out FOLDER");
  }
  TRY(Made made, Make(arguments, globals));
  const std::string line = AdmissionLine(arguments.name, made.key);
  const std::string& place = PlaceOf(arguments);
  if (arguments.no_admit) {
    if (arguments.signer.json) {
      PrintJson({{"key", made.key.ToText()}, {"folder", place}, {"admitted", false}});
    } else {
      Print(Format("{}  made; let a custodian admit it:\n  {}\n", Printable(place), line));
    }
    return ExitCode::kOk;
  }
  const std::string done = Format("admitted: {} as collector; its {} is {}", custody::ActorOf(made.key).text(),
                                  made.is_kit() ? "kit" : "folder", place);
  store::Fields fields = {{std::string(custody::kCustodianField),
                           custody::FieldOf(custody::PersonFacts{
                               made.person, arguments.name, Given(arguments.organisation), Given(arguments.contact)})}};
  custody::Custodian collector{made.person, made.key, {custody::Role::kCollector}};
  auto admitted = CommitAct(globals, arguments.signer, {custody::Admit{std::move(collector)}, std::move(fields)}, done);
  if (admitted && made.is_kit()) TellOfKit(arguments, globals, made);
  if (admitted) return admitted;
  return Fail(Error(std::move(admitted).error())
                  .In(Format("{} is made, but its key is not admitted", Printable(place)))
                  .Hint(line));
}

// --- list, retire ---

Result<ExitCode> List(const Arguments& arguments, const Globals& globals) {
  TRY(const auto vault, OpenVault(globals));
  TRY(const custody::State state, vault->State());
  TRY(const auto keys, FindVaultKeys(globals, arguments.reader, Ask::kNever));
  TRY(const People people, People::Read(*vault, state, keys));
  Pool pool;
  TRY(const auto collectors, work::LookAtCollectors(*vault, state, &Interrupted(), pool));
  if (arguments.signer.json) {
    Json list = Json::List();
    for (const work::CollectorStatus& one : collectors) list.push_back(JsonOf(one, people));
    PrintJson(list);
    return ExitCode::kOk;
  }
  Table table({Align::kLeft, Align::kLeft, Align::kRight, Align::kLeft});
  for (const work::CollectorStatus& one : collectors) {
    std::string standing = one.is_admitted ? "admitted" : "retired";
    if (one.chain.is_open) standing += ", its last run is not closed";
    if (const std::string missing = MissingOf(one); !missing.empty()) standing += ", missing: " + missing;
    table.AddRow({Printable(one.handle), one.person ? people.NameOf(*one.person) : "",
                  one.chain.last == 0 ? "nothing" : Format("up to {}", one.chain.last), standing});
  }
  Print(table.TakeText());
  if (collectors.empty() && !globals.quiet) Say("there are none: exhibit collector new NAME --out FOLDER");
  return ExitCode::kOk;
}

// The admitted key that is called so: by its name and id, by its handle or the end of it, by the person's number or name.
Result<custody::Actor> FindCollector(const Arguments& arguments, const Globals& globals) {
  TRY(const auto vault, OpenVault(globals));
  TRY(const custody::State state, vault->State());
  TRY(const auto keys, FindVaultKeys(globals, arguments.reader, Ask::kNever));
  TRY(const People people, People::Read(*vault, state, keys));
  std::vector<custody::Actor> found;
  for (const auto& [actor, member] : *state.facts().members) {
    const bool is_collector = !member.until && member.roles.Has(custody::Role::kCollector);
    if (is_collector && people.IsCalled(actor, member.person, state.origin(), arguments.name)) found.push_back(actor);
  }
  if (found.size() == 1) return found.front();
  return Fail(ErrorCode::kNotFound,
              found.empty() ? Format("no collector is admitted here as \"{}\"", Printable(arguments.name))
                            : Format("{} keys are admitted as \"{}\"", found.size(), Printable(arguments.name)),
              "exhibit collector list shows them, and names with -i FILE");
}

Result<ExitCode> Retire(const Arguments& arguments, const Globals& globals) {
  TRY(custody::Actor actor, FindCollector(arguments, globals));
  TRY(const std::optional<custody::EntryTime> since, ReadSince(arguments.compromised_since));
  if (!globals.quiet)
    Say("drops of it that are taken in from now on are refused, unless take-in --accept-retired says why they are not");
  store::Fields fields;
  Put(fields, "reason", arguments.reason);
  const std::string done = "retired: " + actor.text();
  return CommitAct(globals, arguments.signer, {custody::Retire{std::move(actor), since}, std::move(fields)}, done);
}

void RegisterNew(const Command& collector, Commands commands, const std::shared_ptr<Arguments>& arguments) {
  const Command make =
      collector.AddCommand("new", "make the folder that a collecting machine needs, and admit its key");
  make.AddOption("NAME", arguments->name, "what the machine is called; sealed").Required();
  const Option out =
      make.AddOption("-o,--out", arguments->out, "the folder to make; it must not exist").TypeName("FOLDER");
  const Option kit = make.AddOption("--kit", arguments->kit,
                                    "in place of a folder, make a collecting kit for a stick: a new folder, or a .zip")
                         .TypeName("DIR")
                         .Excludes(out);
  make.AddOption(
          "--program", arguments->programs,
          "for the kit: the collecting program of a system (linux-x86-64, linux-arm64, windows-x86-64); repeat for "
          "several. Without it, the exhibit-collect beside this program, if there is one")
      .TypeName("SYSTEM=FILE")
      .OneEachTime()
      .Needs(kit);
  make.AddOption("--profile", arguments->profile,
                 "for the kit: what its start script takes, by a profile's name or file (exhibit help profiles)")
      .TypeName("NAME")
      .Needs(kit);
  make.AddOption("--case", arguments->cases, "a case that it collects for, so that it can label; repeat for several")
      .OneEachTime();
  make.AddOption("--organisation", arguments->organisation, "whose machine it is");
  make.AddOption("--contact", arguments->contact, "whom to ask about it");
  make.AddFlag("--no-passphrase", arguments->no_passphrase,
               "keep its signing key plain, for a machine that collects unattended");
  make.AddFlag("--no-admit", arguments->no_admit, "do not admit the key; print the line that does").Excludes(kit);
  arguments->signer.AddTo(make);
  arguments->signer.AddCosignerTo(make);
  make.Footer(
      "In the folder are the public half of the vault's key, its origin and fingerprint, a signing key, and the keys "
      "of\n"
      "its cases. Who steals it reads nothing, and signs false items until `exhibit collector retire`.\n"
      "A collecting kit is that folder with collecting programs, a start script, a profile, a page that says what to "
      "do,\n"
      "and a list of all that, signed by you: exhibit-verify --kit checks it.\n\n"
      "Examples:\n  exhibit collector new fs01 --case IR-2025-014 --out /mnt/stick/fs01 --no-passphrase\n"
      "  exhibit collector new fs01 --case IR-2025-014 --kit /mnt/stick/kit --profile linux-triage");
  commands.Run(make, arguments, New);
}

void RegisterRetire(const Command& collector, Commands commands, const std::shared_ptr<Arguments>& arguments) {
  const Command retire = collector.AddCommand("retire", "end a collector's admission, from now on");
  retire.AddOption("NAME", arguments->name, "its name (-i FILE), number of person, or handle: fs01, 3, k4").Required();
  AddReasonTo(retire, arguments->reason);
  AddSinceTo(retire, arguments->compromised_since);
  arguments->reader.AddTo(retire);
  arguments->signer.AddTo(retire);
  arguments->signer.AddCosignerTo(retire);
  retire.Footer(
      "Take in its last drops first: what comes later needs `exhibit take-in --accept-retired`.\n\n"
      "Example:\n  exhibit collector retire k4 --reason \"server shut down\"");
  commands.Run(retire, arguments, Retire);
}

}  // namespace

void RegisterCollector(Commands commands) {
  auto arguments = std::make_shared<Arguments>();
  const Command collector =
      commands.program.AddCommand("collector", "set up machines that collect and can read nothing");
  collector.NeedsCommand();
  RegisterNew(collector, commands, arguments);
  RegisterRetire(collector, commands, arguments);

  const Command list =
      collector.AddCommand("list", "show collectors, up to which number each came, and what is missing");
  arguments->reader.AddTo(list);
  list.AddJson(arguments->signer.json);
  list.Footer("Example:\n  exhibit collector list -i reader.txt");
  commands.Run(list, arguments, List);
}

}  // namespace exhibit::cli
