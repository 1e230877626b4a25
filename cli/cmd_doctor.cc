// exhibit doctor: what keeps the program from working well here, or will soon, and what to do about it.
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <memory>

#include "cli/command.h"
#include "cli/passphrase.h"
#include "cli/settings.h"
#include "cli/terminal.h"
#include "cli/version.h"
#include "vault/base/file.h"
#include "vault/base/format.h"
#include "vault/base/text.h"
#include "vault/crypto/versions.h"
#include "vault/seal/hybrid_recipient.h"
#include "vault/store/engine_version.h"
#include "vault/work/doctor.h"

namespace exhibit::cli {
namespace {

using work::Grade;
using work::Symptom;

struct Arguments {
  std::string key;
  bool json = false;
};

std::string_view WordOf(Grade grade) {
  switch (grade) {
    case Grade::kFine: return "fine";
    case Grade::kRemark: return "remark";
    case Grade::kTrouble: return "trouble";
    case Grade::kDamage: return "damage";
  }
  InternalError("a grade has no word", __FILE__, __LINE__);
}

Symptom LookAtProgram() {
  const std::string version(kVersion);
  return {
      "program", Grade::kFine,
      Format("{}; {}, {}; post-quantum sealing {}", version.substr(0, version.find('\n')), crypto::LibraryVersions(),
             store::EngineVersion(), seal::HybridIdentity::Generate() ? "works" : "needs OpenSSL 3.5")};
}

Symptom LookAtSettings(const Globals& globals) {
  const auto place = SettingsPlace(globals.config);
  if (!place) return {"configuration", Grade::kFine, "none"};
  const auto settings = Settings::Read(*place);
  if (settings) return {"configuration", Grade::kFine, Printable(place->native())};
  return {"configuration", Grade::kTrouble, settings.error().message, settings.error().hint};
}

// Nothing is opened or run: a passphrase is asked for when one is needed.
Symptom LookAtPassphrase() {
  const char* const file = std::getenv("EXHIBIT_PASSPHRASE_FILE");
  const char* const command = std::getenv("EXHIBIT_PASSPHRASE_COMMAND");
  if (file != nullptr && *file != '\0') {
    const auto fit = CheckPassphraseFile(file);
    if (!fit) return {"passphrase", Grade::kTrouble, fit.error().message, fit.error().hint};
    return {"passphrase", Grade::kFine, "from the file that EXHIBIT_PASSPHRASE_FILE names"};
  }
  if (command != nullptr && *command != '\0') return {"passphrase", Grade::kFine, "from EXHIBIT_PASSPHRASE_COMMAND"};
  if (::access("/dev/tty", R_OK | W_OK) == 0) return {"passphrase", Grade::kFine, "asked for at the terminal"};
  return {"passphrase", Grade::kRemark, "there is no terminal to ask at",
          "EXHIBIT_PASSPHRASE_FILE or EXHIBIT_PASSPHRASE_COMMAND, where one is needed"};
}

ExitCode StatusOf(Grade worst) {
  switch (worst) {
    case Grade::kFine:
    case Grade::kRemark: return ExitCode::kOk;
    case Grade::kTrouble: return ExitCode::kFailed;
    case Grade::kDamage: return ExitCode::kVerificationFailed;
  }
  InternalError("a grade has no exit status", __FILE__, __LINE__);
}

void Show(const Symptom& symptom, const Globals& globals) {
  if (globals.quiet && symptom.grade < Grade::kTrouble) return;
  std::string area = symptom.area;
  area.resize(14, ' ');
  std::string word(WordOf(symptom.grade));
  word.resize(9, ' ');
  const Style style = symptom.grade == Grade::kFine     ? Style::kGreen
                      : symptom.grade == Grade::kRemark ? Style::kYellow
                                                        : Style::kRed;
  Print(Styled(Stream::kOutput, style, word) + area + symptom.what + "\n");
  if (!symptom.hint.empty()) Print(std::string(23, ' ') + "-> " + symptom.hint + "\n");
}

std::vector<Symptom> LookAtVault(const Arguments& arguments, const Globals& globals) {
  const auto located = globals.Locate();
  if (!located) return {{"vault", Grade::kTrouble, located.error().message, located.error().hint}};
  return work::Examine({globals.VaultFolder(), arguments.key, globals.Opening()});
}

Result<ExitCode> Doctor(const Arguments& arguments, const Globals& globals) {
  std::vector<Symptom> symptoms = {LookAtProgram(), LookAtSettings(globals)};
  for (Symptom& one : LookAtVault(arguments, globals)) symptoms.push_back(std::move(one));
  symptoms.push_back(LookAtPassphrase());
  const Grade worst = std::ranges::max(symptoms, {}, &Symptom::grade).grade;
  if (arguments.json) {
    Json list = Json::List();
    for (const Symptom& one : symptoms) {
      Json row = {{"area", one.area}, {"grade", std::string(WordOf(one.grade))}, {"what", one.what}};
      if (!one.hint.empty()) row["hint"] = one.hint;
      list.push_back(std::move(row));
    }
    PrintJson({{"worst", std::string(WordOf(worst))}, {"symptoms", std::move(list)}});
  } else {
    for (const Symptom& one : symptoms) Show(one, globals);
  }
  return StatusOf(worst);
}

}  // namespace

void RegisterDoctor(Commands commands) {
  auto arguments = std::make_shared<Arguments>();
  const Command command = commands.program.AddCommand(
      "doctor", "look for what does not work here, or will not soon: clock, room, rights, keys, limits");
  command.ForgivesSettings();
  command.AddOption("--key", arguments->key, "your signing key's file")
      .TypeName("FILE")
      .Environment("EXHIBIT_KEY")
      .Setting("key");
  command.AddJson(arguments->json);
  command.Footer(
      "It opens no secret, writes nothing and proves nothing; `exhibit verify` proves. With -q it says nothing while\n"
      "nothing is wrong.\n"
      "Exit status: 0 nothing needs to be done (remarks apart), 1 something does not work or will not soon, 3 a file "
      "of\n"
      "the vault is damaged, or the vault contradicts a head that was kept.\n\n"
      "Examples:\n  exhibit doctor\n  exhibit doctor -q --json");
  commands.RunWithoutVault(command, arguments, Doctor);
}

}  // namespace exhibit::cli
