// exhibit verify-bundle: checks a bundle that was received, without a vault.
#include <memory>

#include "cli/ca_file.h"
#include "cli/command.h"
#include "cli/published_files.h"
#include "cli/verify_bundle.h"

namespace exhibit::cli {

void RegisterVerifyBundle(Commands commands) {
  auto arguments = std::make_shared<BundleArguments>();
  auto ca_file = std::make_shared<std::string>();
  arguments->open_log = [ca_file](const std::string& place) { return FilesOf(place, *ca_file); };
  const Command command = commands.program.AddCommand("verify-bundle", "check a bundle or a proof, without any vault");
  AddBundleOptions(command, *arguments);
  AddCaFileTo(command, *ca_file);
  AddReceiptOptions(command, *arguments);
  command.Footer(std::string(kBundleStatuses) +
                 "\n\nExamples:\n"
                 "  exhibit verify-bundle handover --fingerprint 77...\n"
                 "  exhibit verify-bundle handover.tar --policy sender.policy --receipt receipt.txt --key bob.key\n"
                 "  exhibit verify-bundle handover --case-key ir-1.case-key --log https://example.org/case-1\n"
                 "  exhibit verify-bundle handover.zip -i me.txt --extract-to originals\n"
                 "  exhibit verify-bundle --find handover downloads/auth.log\n"
                 "  exhibit verify-bundle --proof auth.proof auth.log --fingerprint 77...");
  command.Runs([arguments, &globals = commands.globals] {
    arguments->quiet = globals.quiet;
    return CheckBundle(*arguments);
  });
}

}  // namespace exhibit::cli
