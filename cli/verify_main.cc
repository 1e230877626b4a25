// exhibit-verify: the investigator's small program. It checks bundles, and writes the originals out of them. It links no
// database and no network.
#include "cli/command_line.h"
#include "cli/process.h"
#include "cli/verify_bundle.h"

int main(int argc, char** argv) {
  using namespace exhibit::cli;
  PrepareProcess();
  Program program(
      {"exhibit-verify", "checks a bundle of evidence that exhibit exported", "exhibit-verify " EXHIBIT_VERSION, ""});
  BundleArguments arguments;
  arguments.program = exhibit::tell::TrustedInput::Program::kExhibitVerify;
  AddBundleOptions(program.command(), arguments);
  program.command().AddFlag("-q,--quiet", arguments.quiet,
                            "print nothing where all holds, else what is wrong and the verdict");
  program.command().Runs([&arguments] { return CheckBundle(arguments); });
  return program.Main(argc, argv);
}
