#include "cli/verify_bundle.h"

#include <unistd.h>

#include <cerrno>
#include <filesystem>

#include "cli/collecting_kit_output.h"
#include "cli/extraction_output.h"
#include "cli/identities.h"
#include "cli/interrupt.h"
#include "cli/passphrase.h"
#include "cli/report_output.h"
#include "cli/statement_file.h"
#include "cli/terminal.h"
#include "vault/base/file.h"
#include "vault/base/format.h"
#include "vault/base/text.h"
#include "vault/bundle/case_check.h"
#include "vault/bundle/proof_check.h"
#include "vault/bundle/receipt.h"
#include "vault/custody/free_text.h"
#include "vault/custody/key_file.h"

namespace exhibit::cli {
namespace {

Result<void> WriteReceipt(const BundleArguments& arguments, const bundle::CheckedBundle& checked) {
  TRY(const tlog::SigningKey key, custody::LoadKey(arguments.key, PassphrasesByName));
  std::vector<bundle::Belief> believed;
  if (!arguments.trust.fingerprint.empty()) believed.push_back(bundle::Belief::kFingerprint);
  if (!arguments.trust.policy.empty()) believed.push_back(bundle::Belief::kPolicy);
  const custody::PersonFacts received_by{
      {}, Given(arguments.name), Given(arguments.organisation), Given(arguments.contact)};
  TRY_VOID(custody::CheckFreeTexts({{std::string(custody::kReceivedByField), custody::FieldOf(received_by)}}));
  TRY(const bundle::GivenReceipt given,
      bundle::MakeReceipt(checked, believed, received_by, key, custody::EntryTimeOf(Now())));
  const StatementFile<custody::Receipt> receipt{given.fields, given.receipt};
  TRY_VOID(receipt.WriteTo(arguments.receipt));
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
  const Option receipt =
      command.AddOption("--receipt", arguments.receipt, "write a receipt, signed, whether the bundle holds or not")
          .TypeName("FILE")
          .Needs(key);
  command.AddOption("--name", arguments.name, "for the receipt: who received it").Needs(receipt);
  command.AddOption("--organisation", arguments.organisation, "for the receipt: for whom").Needs(receipt);
  command.AddOption("--contact", arguments.contact, "for the receipt: how to reach the receiver").Needs(receipt);
}

namespace {

void AddKitFlag(const Command& command, BundleArguments& arguments, const Option& proof) {
  command
      .AddFlag("--kit", arguments.kit,
               "PATH is a collecting kit: whether a custodian of the vault signed its files, and none was changed")
      .Excludes(proof);
}

}  // namespace

void AddBundleOptions(const Command& command, BundleArguments& arguments) {
  command
      .AddOption(
          "PATH", arguments.bundle,
          "the bundle: a folder, or a .tar or .zip around it; with --proof the proof file, with --kit the kit's folder")
      .Required();
  command.AddOption("FILE", arguments.originals,
                    "with --proof: originals that it should prove; with --find: files that are looked for");
  const Option proof = command.AddFlag("--proof", arguments.proof, "PATH is a proof file");
  command
      .AddFlag("--find", arguments.find,
               "say of each FILE whether it was taken in, and as which entry: by its bytes, whatever its name is")
      .Excludes(proof);
  AddKitFlag(command, arguments, proof);
  arguments.trust.AddTo(command);
  arguments.trust.AddRootsTo(command);
  arguments.trust.AddCaseKeysTo(command);
  command
      .AddOption("--log", arguments.log,
                 Format("with --case-key: a published copy of the whole log, {}; says whether all of the case is here",
                        arguments.open_log ? "a folder or a URL" : "a folder"))
      .TypeName("PLACE")
      .Excludes(proof);
  command
      .AddOption("-i,--identity", arguments.identity_files,
                 "your age identity file, or an SSH Ed25519 key's, for a bundle that was sealed to you")
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
  command
      .AddOption("--extract-to", arguments.extract_to,
                 "write the originals that hold into this new folder, by source and path, with their times")
      .TypeName("DIR")
      .Excludes(proof);
  command.AddJson(arguments.json);
  command.Footer(kBundleStatuses);
}

namespace {

tell::TrustedInput BroughtBy(const BundleArguments& arguments) {
  return {.policy_file = arguments.trust.policy,
          .fingerprint = !arguments.trust.fingerprint.empty(),
          .identity_files = arguments.identity_files,
          .program = arguments.program};
}

bundle::VerifyRequest RequestOf(const Trusted& trusted) {
  bundle::VerifyRequest request;
  request.fingerprint = trusted.fingerprint;
  request.policy = trusted.policy ? &*trusted.policy : nullptr;
  request.timestamp_roots = trusted.roots ? &*trusted.roots : nullptr;
  if (!trusted.case_keys.empty()) request.case_keys = &trusted.case_keys;
  request.interrupted = &Interrupted();
  return request;
}

ReportForm FormOf(const BundleArguments& arguments) {
  if (arguments.json) return ReportForm::kJson;
  return arguments.quiet ? ReportForm::kQuiet : ReportForm::kText;
}

// Options that ask for something that a kit does not have.
Result<void> CheckKitArguments(const BundleArguments& arguments) {
  const std::pair<bool, std::string_view> kOthers[] = {{arguments.find, "--find"},
                                                       {!arguments.trust.roots.empty(), "--roots"},
                                                       {!arguments.trust.case_keys.empty(), "--case-key"},
                                                       {!arguments.identity_files.empty(), "--identity"},
                                                       {!arguments.unpack.empty(), "--unpack"},
                                                       {!arguments.extract_to.empty(), "--extract-to"},
                                                       {!arguments.receipt.empty(), "--receipt"}};
  for (const auto& [is_given, option] : kOthers) {
    if (is_given) return Fail(ErrorCode::kInvalid, Format("{} is of a bundle, and this is a collecting kit", option));
  }
  return {};
}

Result<ExitCode> CheckKit(const BundleArguments& arguments, const Trusted& trusted) {
  TRY_VOID(CheckKitArguments(arguments));
  Pool pool;
  TRY(const bundle::CollectingKitCheck check,
      bundle::CheckCollectingKit({.kit = arguments.bundle,
                                  .fingerprint = trusted.fingerprint,
                                  .policy = trusted.policy ? &*trusted.policy : nullptr,
                                  .interrupted = &Interrupted()},
                                 pool));
  return PrintCollectingKit(check, trusted, FormOf(arguments));
}

Result<ExitCode> CheckProof(const BundleArguments& arguments, const Trusted& trusted) {
  if (!arguments.receipt.empty()) return Fail(ErrorCode::kInvalid, "a receipt is of a bundle, and this is a proof");
  Pool pool;
  TRY(const verify::Report report,
      bundle::CheckProof(arguments.bundle, {arguments.originals.begin(), arguments.originals.end()}, RequestOf(trusted),
                         pool));
  return PrintReport(report, FormOf(arguments), BroughtBy(arguments), tell::Verified::kBundle);
}

// What cannot be, whatever the bundle is.
Result<void> CheckArguments(const BundleArguments& arguments) {
  if (!arguments.proof && !arguments.find && !arguments.originals.empty()) {
    return Fail(ErrorCode::kInvalid, "a bundle has its originals inside",
                "name a proof file with --proof, or look for the files in the bundle with --find");
  }
  if (arguments.find && arguments.originals.empty())
    return Fail(ErrorCode::kInvalid, "no file to look for", "name it after the bundle: --find BUNDLE FILE...");
  if (!arguments.log.empty() && arguments.trust.case_keys.empty()) {
    return Fail(ErrorCode::kInvalid, "--log is for the question whether all of a case is here",
                "give the key of the case, too: --case-key FILE");
  }
  return arguments.extract_to.empty() ? Result<void>() : bundle::Extraction::MayBegin(arguments.extract_to);
}

Result<void> CompareWithLog(const BundleArguments& arguments, const Trusted& trusted, bundle::CheckedBundle& checked,
                            Pool& pool) {
  if (arguments.log.find("://") != std::string::npos && !arguments.open_log) {
    return Fail(ErrorCode::kInvalid, "this program has no network, and reads a log from a folder alone",
                "fetch the published files first, or use `exhibit verify-bundle`");
  }
  std::unique_ptr<publish::Files> files = std::make_unique<publish::FolderFiles>(arguments.log);
  if (arguments.open_log) {
    TRY(files, arguments.open_log(arguments.log));
  }
  auto log = publish::PublishedLog::Open(*files);
  if (!log) return Fail(std::move(log).error().In("--log " + Printable(arguments.log)));
  return bundle::CompareWithLog({**log, arguments.log}, trusted.case_keys, &Interrupted(), checked, pool);
}

// What the originals became, and what was found.
Beside BesideOf(const BundleArguments& arguments, const bundle::CheckedBundle& checked) {
  Beside beside;
  if (arguments.find) {
    beside.text += ToText(checked.found) + "\n";
    beside.json["found"] = JsonOf(checked.found);
    beside.code = StatusOf(checked.found);
  }
  if (arguments.extract_to.empty()) return beside;
  if (checked.extracted) {
    beside.text += ToText(*checked.extracted, arguments.extract_to) + "\n";
    beside.json["extracted"] = JsonOf(*checked.extracted, arguments.extract_to);
    if (const ExitCode code = StatusOf(*checked.extracted); code != ExitCode::kOk) beside.code = code;
    return beside;
  }
  const bool is_closed = checked.form == bundle::Form::kSealed && checked.report.contents == 0;
  beside.text += is_closed ? "nothing was written: the bundle is sealed, and nothing opened it (-i FILE)\n\n"
                           : "nothing was written: no original is here that holds\n\n";
  beside.code = ExitCode::kFailed;
  return beside;
}

Result<ExitCode> Check(const BundleArguments& arguments) {
  TRY_VOID(CheckArguments(arguments));
  TRY(const Trusted trusted, arguments.trust.Read());
  if (arguments.kit) return CheckKit(arguments, trusted);
  if (arguments.proof) return CheckProof(arguments, trusted);
  bundle::VerifyRequest request = RequestOf(trusted);
  request.extract_to = arguments.extract_to;
  if (arguments.find) request.to_find.assign(arguments.originals.begin(), arguments.originals.end());
  TRY(const std::vector<seal::Identity> identities, LoadAllIdentities(arguments.identity_files));
  request.identities = identities;
  if (!arguments.unpack_in.empty()) request.unpack_in = arguments.unpack_in;
  request.keep_as = arguments.unpack;
  TRY_VOID(CheckPlaceToUnpack(arguments.bundle, request.unpack_in));
  Pool pool;
  TRY(bundle::CheckedBundle checked, bundle::CheckBundle(arguments.bundle, request, pool));
  if (!arguments.log.empty()) TRY_VOID(CompareWithLog(arguments, trusted, checked, pool));
  const ExitCode code = PrintReport(checked.report, FormOf(arguments), BroughtBy(arguments), tell::Verified::kBundle,
                                    BesideOf(arguments, checked));
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
