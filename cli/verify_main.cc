// exhibit-verify: the investigator's small program. It checks bundles, links no database, and cannot
// write.
#include <clocale>

#include "cli/command_line.h"
#include "cli/interrupt.h"
#include "cli/passphrase.h"
#include "cli/terminal.h"
#include "cli/verify_bundle.h"
#include "vault/base/memory.h"
#include "vault/base/open_files.h"

int main(int argc, char** argv) {
  using namespace exhibit::cli;
  exhibit::ForbidCoreDumps();
  exhibit::KeepFreedMemory();
  exhibit::RaiseOpenFileLimit();
  std::setlocale(LC_CTYPE, "");
  CLI::App app("checks a bundle of evidence that exhibit exported", "exhibit-verify");
  FormHelp(app);
  BundleArguments arguments;
  arguments.program = exhibit::tell::Brought::Program::kExhibitVerify;
  AddBundleOptions(app, arguments);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return EndParsing(app, error);
  }
  InstallInterruptHandler();
  RememberPassphraseFile();
  const auto result = CheckBundle(arguments);
  if (result) return static_cast<int>(*result);
  PrintError(result.error());
  return static_cast<int>(ExitCodeOf(result.error().code));
}
