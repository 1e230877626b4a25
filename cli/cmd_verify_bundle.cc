// exhibit verify-bundle: checks a bundle that was received, without a vault.
#include <memory>

#include "cli/command.h"
#include "cli/verify_bundle.h"

namespace exhibit::cli {

void RegisterVerifyBundle(Commands commands) {
  auto arguments = std::make_shared<BundleArguments>();
  const Command command = commands.program.AddCommand("verify-bundle", "check a bundle, without any vault");
  AddBundleOptions(command, *arguments);
  AddReceiptOptions(command, *arguments);
  command.Footer(std::string(kBundleStatuses) +
                 "\n\nExamples:\n"
                 "  exhibit verify-bundle handover --fingerprint 77...\n"
                 "  exhibit verify-bundle handover.tar --policy sender.policy --receipt receipt.txt --key bob.key");
  command.Runs([arguments] { return CheckBundle(*arguments); });
}

}  // namespace exhibit::cli
