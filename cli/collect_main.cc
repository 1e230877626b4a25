// exhibit-collect: the collecting machine's small program. It seals evidence into a drop. It links no database and no network,
// and reads no configuration of the machine that it runs on.
#include <string_view>

#include "cli/collecting.h"
#include "cli/command_line.h"
#include "cli/process.h"

namespace {

constexpr std::string_view kAppendix =
    R"(## Environment

- `EXHIBIT_COLLECTOR`: the collector's folder, in place of `--collector`.
- `EXHIBIT_PASSPHRASE_FILE`: a file whose first line is the passphrase of its key.
- `EXHIBIT_PASSPHRASE_COMMAND`: a command that prints the passphrase.
- `NO_COLOR`: if it is set, nothing is coloured.

No configuration file is read.

## Exit status

0 done; 1 something was not taken in, or could not be read; 2 usage; 4 another process collects with the same folder;
130 interrupted.
)";

}  // namespace

int main(int argc, char** argv) {
  using namespace exhibit::cli;
  PrepareProcess();
  constexpr const char* kName = "exhibit-collect";
  Program program({kName, kCollectMeaning, "exhibit-collect " EXHIBIT_VERSION, kAppendix});
  CollectArguments arguments;
  AddCollectOptions(program.command(), arguments, {kName});
  program.command().AddFlag("-q,--quiet", arguments.quiet, "say nothing but results and errors");
  program.command().Runs([&arguments] { return Collect(arguments, {kName}); });
  return program.Main(argc, argv);
}
