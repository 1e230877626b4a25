#include "cli/case_key.h"

#include <memory>

#include "cli/terminal.h"
#include "vault/base/file.h"
#include "vault/base/format.h"
#include "vault/base/text.h"
#include "vault/custody/free_text.h"
#include "vault/session/label_key.h"

namespace exhibit::cli {
namespace {

struct Arguments {
  std::string name;
  std::string out;
};

Result<ExitCode> CaseKey(const Arguments& arguments, const Globals& globals) {
  TRY(const auto vault, OpenVault(globals));
  TRY(const custody::LabelSecret secret, LoadLabelSecret(VaultPaths(globals.VaultFolder()), PassphrasesOf(globals)));
  TRY_VOID(custody::CheckFreeText({"case", arguments.name}));
  const crypto::SecretText line = secret.KeyOf(arguments.name).ToLine(vault->fingerprint(), arguments.name);
  TRY_VOID(WriteNewFile(arguments.out, ViewOf(line.ExposeSecret()), 0600));
  if (!globals.quiet) {
    Say(Format("{}: who has this file finds all that was labelled for case \"{}\", and reads none of it",
               Printable(arguments.out), Printable(arguments.name)));
  }
  return ExitCode::kOk;
}

}  // namespace

void AddCaseKeyCommand(const Command& of_case, const Commands& commands) {
  auto arguments = std::make_shared<Arguments>();
  const Command command = of_case.AddCommand("key", "hand out the key that finds the entries of a case");
  command.AddOption("CASE", arguments->name, "the case, as `exhibit add --case` names it; `shared` is for all parties")
      .Required();
  command.AddOption("-o,--out", arguments->out, "the file to write; it must not exist").Required().TypeName("FILE");
  command.Footer(
      "With it a receiver says \"37 of 37\": exhibit-verify BUNDLE --case-key FILE --log PLACE, exhibit verify-log "
      "PLACE\n"
      "--case-key FILE. It opens nothing. Give it to whoever is to know which entries are of this case.\n\n"
      "Example:\n  exhibit case key IR-2025-014 -o ir-2025-014.case-key");
  commands.Run(command, arguments, CaseKey);
}

}  // namespace exhibit::cli
