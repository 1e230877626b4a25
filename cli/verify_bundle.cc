#include "cli/verify_bundle.h"

#include "cli/identities.h"
#include "cli/interrupt.h"
#include "cli/report_output.h"
#include "vault/base/encoding.h"
#include "vault/bundle/verifier.h"

namespace exhibit::cli {

void AddBundleOptions(CLI::App& command, BundleArguments& arguments) {
  command.add_option("DIR", arguments.folder, "the bundle's folder")->required();
  command.add_option("--fingerprint", arguments.fingerprint, "the vault's fingerprint, brought from elsewhere")->type_name("HEX");
  command.add_option("--policy", arguments.policy, "whom you believe: a tlog-policy file with the log's key, witnesses and a quorum")->type_name("FILE");
  command.add_option("-i,--identity", arguments.identity_files, "your age identity file, for a bundle that was sealed to you")->type_name("FILE");
  command.add_flag("--json", arguments.json, "print JSON");
  command.footer("Exit status: 0 all of it holds, 3 something does not.");
}

Result<ExitCode> CheckBundle(const BundleArguments& arguments) {
  bundle::VerifyRequest request;
  if (!arguments.fingerprint.empty()) {
    TRY(request.fingerprint, FixedFromHex<custody::Fingerprint>(arguments.fingerprint, "the fingerprint"));
  }
  std::vector<seal::X25519Identity> identities;
  for (const std::string& file : arguments.identity_files) {
    TRY(std::vector<seal::X25519Identity> loaded, LoadIdentities(file));
    for (seal::X25519Identity& identity : loaded) identities.push_back(std::move(identity));
  }
  request.identities = identities;
  request.interrupted = &Interrupted();
  std::optional<tlog::Policy> policy;
  if (!arguments.policy.empty()) {
    TRY(policy, ReadPolicy(arguments.policy));
    request.policy = &*policy;
  }
  Pool pool;
  TRY(const verify::Report report, bundle::VerifyBundle(arguments.folder, request, pool));
  return PrintReport(report, arguments.json ? ReportForm::kJson : ReportForm::kText,
                     {arguments.policy, request.fingerprint ? "--fingerprint" : ""}, Verified::kBundle);
}

}  // namespace exhibit::cli
