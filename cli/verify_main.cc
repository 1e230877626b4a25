// exhibit-verify: the investigator's small program. It checks bundles, links no database, and cannot
// write.
#include <clocale>

#include "cli/command_line.h"
#include "cli/verify_bundle.h"
#include "vault/base/memory.h"
#include "vault/base/open_files.h"
#include "vault/base/standard_streams.h"

int main(int argc, char** argv) {
  using namespace exhibit::cli;
  exhibit::HoldStandardStreams();
  exhibit::ForbidCoreDumps();
  exhibit::SayWhyItEnds();
  exhibit::KeepFreedMemory();
  exhibit::RaiseOpenFileLimit();
  std::setlocale(LC_CTYPE, "");
  Program program("exhibit-verify", "checks a bundle of evidence that exhibit exported");
  BundleArguments arguments;
  arguments.program = exhibit::tell::TrustedInput::Program::kExhibitVerify;
  AddBundleOptions(program.command(), arguments);
  program.command().Runs([&arguments] { return CheckBundle(arguments); });
  return program.Main(argc, argv);
}
