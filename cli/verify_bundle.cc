#include "cli/verify_bundle.h"

#include "cli/identities.h"
#include "cli/interrupt.h"
#include "cli/report_output.h"
#include "vault/bundle/verifier.h"

namespace exhibit::cli {

void AddBundleOptions(CLI::App& command, BundleArguments& arguments) {
  command.add_option("PATH", arguments.bundle, "the bundle: a folder, or a .tar or .zip around it")->required();
  arguments.beliefs.AddTo(command);
  command.add_option("-i,--identity", arguments.identity_files,
                     "your age identity file, for a bundle that was sealed to you")
      ->type_name("FILE");
  command
      .add_option("--unpack-in", arguments.unpack_in,
                  "where a .tar or .zip is unpacked while it is checked (default: /var/tmp)")
      ->type_name("DIR")
      ->envname("TMPDIR");
  command.add_flag("--json", arguments.json, "print JSON");
  command.footer("Exit status: 0 all of it holds, 3 something does not.");
}

Result<ExitCode> CheckBundle(const BundleArguments& arguments) {
  bundle::VerifyRequest request;
  TRY(const Beliefs beliefs, arguments.beliefs.Read());
  request.fingerprint = beliefs.fingerprint;
  request.policy = beliefs.policy ? &*beliefs.policy : nullptr;
  std::vector<seal::X25519Identity> identities;
  for (const std::string& file : arguments.identity_files) {
    TRY(std::vector<seal::X25519Identity> loaded, LoadIdentities(file));
    for (seal::X25519Identity& identity : loaded) identities.push_back(std::move(identity));
  }
  request.identities = identities;
  if (!arguments.unpack_in.empty()) request.unpack_in = arguments.unpack_in;
  request.interrupted = &Interrupted();
  Pool pool;
  TRY(const verify::Report report, bundle::VerifyBundle(arguments.bundle, request, pool));
  return PrintReport(report, arguments.json ? ReportForm::kJson : ReportForm::kText,
                     {arguments.beliefs.policy, request.fingerprint ? "--fingerprint" : ""}, Verified::kBundle);
}

}  // namespace exhibit::cli
