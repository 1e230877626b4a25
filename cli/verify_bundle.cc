#include "cli/verify_bundle.h"

#include <unistd.h>

#include <cerrno>
#include <filesystem>

#include "cli/identities.h"
#include "cli/interrupt.h"
#include "cli/passphrase.h"
#include "cli/report_output.h"
#include "cli/terminal.h"
#include "vault/base/file.h"
#include "vault/base/format.h"
#include "vault/base/text.h"
#include "vault/bundle/receipt.h"
#include "vault/custody/key_file.h"

namespace exhibit::cli {
namespace {

Result<void> WriteReceipt(const BundleArguments& arguments, const bundle::CheckedBundle& checked) {
  TRY(const tlog::SigningKey key, custody::LoadKey(arguments.key, PassphrasesByName));
  std::vector<custody::Receipt::Belief> believed;
  if (!arguments.trust.fingerprint.empty()) believed.push_back(custody::Receipt::Belief::kFingerprint);
  if (!arguments.trust.policy.empty()) believed.push_back(custody::Receipt::Belief::kPolicy);
  TRY(const custody::Receipt receipt, bundle::MakeReceipt(checked, std::move(believed), key.verifier(), Now()));
  TRY(const custody::SignedReceipt signed_receipt, custody::SignedReceipt::Sign(receipt, key));
  TRY_VOID(WriteNewFile(arguments.receipt, signed_receipt.bytes(), 0644));
  Say(Format("{}: your receipt; with `exhibit receive {}` the sender puts it into the log",
             Printable(arguments.receipt), Printable(arguments.receipt)));
  return {};
}

// A container is unpacked somewhere; a folder is read where it is.
Result<void> CheckPlaceToUnpack(const std::filesystem::path& bundle, const std::filesystem::path& place) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(bundle, error)) return {};
  Result<void> usable = CheckFolder(place);
  if (usable && ::access(place.c_str(), W_OK) != 0) usable = Fail(SystemError("write to", place, errno));
  if (usable) return {};
  return Fail(std::move(usable)
                  .error()
                  .In("the folder to unpack in (--unpack-in, or TMPDIR)")
                  .Hint("name one that can be written to, with room for the bundle"));
}

}  // namespace

void AddReceiptOptions(const Command& command, BundleArguments& arguments) {
  const Option key = command.AddOption("--key", arguments.key, "the signing key for a receipt")
                         .TypeName("FILE")
                         .Environment("EXHIBIT_KEY");
  command.AddOption("--receipt", arguments.receipt, "write a receipt, signed, whether the bundle holds or not")
      .TypeName("FILE")
      .Needs(key);
}

void AddBundleOptions(const Command& command, BundleArguments& arguments) {
  command.AddOption("PATH", arguments.bundle, "the bundle: a folder, or a .tar or .zip around it").Required();
  arguments.trust.AddTo(command);
  command
      .AddOption("-i,--identity", arguments.identity_files,
                 "your age identity file, for a bundle that was sealed to you")
      .TypeName("FILE");
  command
      .AddOption("--unpack-in", arguments.unpack_in,
                 "where a .tar or .zip is unpacked while it is checked (default: /var/tmp)")
      .TypeName("DIR")
      .Environment("TMPDIR");
  command
      .AddOption("--unpack", arguments.unpack,
                 "leave what was in a .tar or .zip in this new folder, if all of it holds")
      .TypeName("DIR");
  command.AddJson(arguments.json);
  command.Footer(kBundleStatuses);
}

namespace {

Result<ExitCode> Check(const BundleArguments& arguments) {
  bundle::VerifyRequest request;
  TRY(const Trusted trusted, arguments.trust.Read());
  request.fingerprint = trusted.fingerprint;
  request.policy = trusted.policy ? &*trusted.policy : nullptr;
  std::vector<seal::X25519Identity> identities;
  for (const std::string& file : arguments.identity_files) {
    TRY(std::vector<seal::X25519Identity> loaded, LoadIdentities(file));
    for (seal::X25519Identity& identity : loaded) identities.push_back(std::move(identity));
  }
  request.identities = identities;
  if (!arguments.unpack_in.empty()) request.unpack_in = arguments.unpack_in;
  request.keep_as = arguments.unpack;
  request.interrupted = &Interrupted();
  TRY_VOID(CheckPlaceToUnpack(arguments.bundle, request.unpack_in));
  Pool pool;
  TRY(const bundle::CheckedBundle checked, bundle::CheckBundle(arguments.bundle, request, pool));
  const ExitCode code = PrintReport(checked.report, arguments.json ? ReportForm::kJson : ReportForm::kText,
                                    {.policy_file = arguments.trust.policy,
                                     .fingerprint = request.fingerprint.has_value(),
                                     .identity_files = arguments.identity_files,
                                     .program = arguments.program},
                                    tell::Verified::kBundle);
  if (!arguments.unpack.empty() && checked.report.ok())
    Say(Printable(arguments.unpack) + ": what was checked; use this, and not what another tool unpacks");
  if (!arguments.receipt.empty()) TRY_VOID(WriteReceipt(arguments, checked));
  return code;
}

}  // namespace

Result<ExitCode> CheckBundle(const BundleArguments& arguments) {
  auto code = Check(arguments);
  if (!code && arguments.json) PrintNotVerified(code.error());
  return code;
}

}  // namespace exhibit::cli
