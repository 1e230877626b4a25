// exhibit add: takes evidence in.
#include <memory>

#include "cli/adding.h"
#include "cli/terminal.h"
#include "vault/base/file.h"
#include "vault/base/text.h"
#include "vault/work/add.h"

namespace exhibit::cli {
namespace {

struct Arguments {
  AddingArguments adding;
  std::string key;
  double wait_seconds = 0;
};

Result<ExitCode> Add(const Arguments& arguments, const Globals& globals) {
  const auto open = [&](Pool& pool) -> Result<std::unique_ptr<intake::Destination>> {
    const std::chrono::milliseconds patience(static_cast<std::int64_t>(arguments.wait_seconds * 1000));
    TRY(auto vault,
        VaultWriter::Open({globals.VaultFolder(), arguments.key, patience, custody::Act::kItem, globals.Opening()},
                          PassphrasesOf(globals), pool));
    if (vault->adopted() > 0 && !globals.quiet) {
      Say(std::to_string(vault->adopted()) + " entries that an interrupted add left are signed over now");
    }
    if (const auto key = VaultPaths(globals.VaultFolder()).reader_key; IsAbsent(key)) {
      Say("warning: " + Printable(key.native()) +
          " is missing: what is added can be read by nobody until it is restored from a copy");
    }
    return std::unique_ptr<intake::Destination>(std::make_unique<work::VaultDestination>(std::move(vault)));
  };
  return AddEvidence(arguments.adding, globals, {open, {globals.VaultFolder()}, Adding::Into::kVault});
}

}  // namespace

void RegisterAdd(Commands commands) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App* const command =
      commands.app.add_subcommand("add", "take evidence in: files, folders, or - for the standard input");
  arguments->adding.AddTo(*command);
  command->add_option("--key", arguments->key, "your signing key's file")->type_name("FILE")->envname("EXHIBIT_KEY");
  command->add_option("--wait", arguments->wait_seconds, "seconds to wait for another writer (without a number: a day)")
      ->expected(0, 1)
      ->default_str("86400")
      ->type_name("SECONDS");
  command->footer(
      "Examples:\n"
      "  exhibit add /var/log/auth.log --source fs01 --case IR-2025-014\n"
      "  exhibit add --hashes SHA256SUMS collected/\n"
      "  ssh fs01 journalctl -o export | exhibit add - --name fs01.journal --kind log");
  command->callback([arguments, commands] {
    commands.chosen = [arguments, &globals = commands.globals] { return Add(*arguments, globals); };
  });
}

}  // namespace exhibit::cli
