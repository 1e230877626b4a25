// exhibit kit: what must be kept elsewhere so that a loss can be mended, and a drill of it.
#include <memory>

#include "cli/checkpoint_output.h"
#include "cli/command.h"
#include "cli/identities.h"
#include "cli/passphrase.h"
#include "cli/terminal.h"
#include "cli/trust.h"
#include "cli/verdict.h"
#include "vault/base/encoding.h"
#include "vault/base/file.h"
#include "vault/base/format.h"
#include "vault/base/text.h"
#include "vault/work/kit.h"
#include "vault/work/kit_check.h"

namespace exhibit::cli {
namespace {

struct Arguments {
  std::string out;
  std::string check;
  TrustArguments trust;
  ReaderOptions reader;
  bool json = false;
};

Result<ExitCode> Make(const Arguments& arguments, const Globals& globals) {
  if (!IsAbsent(arguments.out)) {
    return Fail(ErrorCode::kExists, Printable(arguments.out) + " is there already",
                "name a folder that is not there: a kit never takes the place of another one");
  }
  TRY(const auto vault, OpenVault(globals));
  TRY(const auto keys, FindVaultKeys(globals, arguments.reader, Ask::kNever));
  work::KitRequest request{
      .folder = globals.VaultFolder(), .out = arguments.out, .program = "exhibit " EXHIBIT_VERSION};
  if (keys) request.keys = *keys;
  request.interrupted = &Interrupted();
  TRY(const work::MadeKit made, work::MakeKit(*vault, request));
  if (!made.not_remembered.empty()) Say("`exhibit status` does not know of this kit: " + made.not_remembered);
  if (arguments.json) {
    PrintJson({{"kit", arguments.out},
               {"files", made.files},
               {"left_out", made.left_out},
               {"cosigned_by", made.cosigners},
               {"names_people", keys.has_value()},
               {"checkpoint", JsonOf(made.checkpoint)}});
    return ExitCode::kOk;
  }
  Print(Format("{}: {}, as of entry {}\n", Printable(arguments.out), Counted(made.files.size(), "file", "files"),
               made.checkpoint.size.value - 1));
  if (globals.quiet) return ExitCode::kOk;
  for (const std::string& one : made.left_out) Say("left out: " + one);
  if (!keys)
    Say("whose the keys are is sealed, and not in the kit: a reader's key adds it (-i FILE; of a vault under a "
        "passphrase -i -)");
  if (made.cosigners.empty()) Say("no witness cosigned the checkpoint in it: exhibit checkpoint --witness asks one");
  Say("print print.html; keep the kit elsewhere than the vault, and try it on another machine: exhibit kit --check "
      "DIR");
  return ExitCode::kOk;
}

// As of a verification (verdict.h): of several the first of 3, 1, 8, 6, 5, 0 counts.
ExitCode CodeOf(const work::KitCheck& check, const Trusted& trusted) {
  if (!check.faults.empty() || !check.log.findings.empty()) return ExitCode::kVerificationFailed;
  if (!check.log.undecided.empty()) return ExitCode::kFailed;
  if (check.log.newer_from) return ExitCode::kNewerNeeded;
  if (!check.wrong_keys.empty()) return ExitCode::kWrongKey;
  return trusted.fingerprint || trusted.policy ? ExitCode::kOk : ExitCode::kNotAnchored;
}

std::string LastLine(const work::KitCheck& check, ExitCode code) {
  const std::string as_of = check.log.head ? Format("as of entry {}, ", check.log.head->size.value - 1) : std::string();
  switch (code) {
    case ExitCode::kVerificationFailed: return as_of + "this kit is not what was made, or does not fit its log";
    case ExitCode::kFailed: return as_of + "not all of this kit could be read";
    case ExitCode::kNewerNeeded: return as_of + "a newer version of exhibit is needed to check all of this kit";
    case ExitCode::kWrongKey: return as_of + "what was brought does not open this kit";
    default: break;
  }
  const std::string whose = code == ExitCode::kOk ? "" : "; whose vault it is was not checked";
  if (!check.opens) return as_of + "the kit is whole, and nothing was opened: that it opens was not tried" + whose;
  return as_of + "the kit is whole, and opens what the log names" + whose;
}

Json JsonOf(const Arguments& arguments, const work::KitCheck& check, ExitCode code) {
  std::vector<std::string> faults = check.faults;
  for (const verify::Finding& finding : check.log.findings) faults.push_back("law.proof: " + verify::Describe(finding));
  Json json = {{"kit", arguments.check},
               {"ok", code == ExitCode::kOk},
               {"verdict", std::string(WordOf(code))},
               {"says", LastLine(check, code)},
               {"opens", check.opens},
               {"shown", check.shown},
               {"faults", faults},
               {"wrong_keys", check.wrong_keys},
               {"undecided", check.log.undecided},
               {"not_shown", check.not_shown}};
  if (check.log.head) json["as_of"] = check.log.head->size.value - 1;
  if (check.log.fingerprint) json["fingerprint"] = ToHex(check.log.fingerprint->view());
  return json;
}

void PrintCheck(const work::KitCheck& check, ExitCode code) {
  const auto print = [](Style style, std::string_view mark, const std::vector<std::string>& lines) {
    for (const std::string& line : lines) Print(Styled(Stream::kOutput, style, mark) + "  " + Printable(line) + "\n");
  };
  print(Style::kGreen, "holds     ", check.shown);
  print(Style::kRed, "FAULT     ", check.faults);
  for (const verify::Finding& finding : check.log.findings)
    print(Style::kRed, "FAULT     ", {"law.proof: " + verify::Describe(finding)});
  print(Style::kRed, "wrong key ", check.wrong_keys);
  print(Style::kYellow, "not read  ", check.log.undecided);
  for (const tlog::Sequence entry : check.log.recoveries)
    print(Style::kYellow, "remark    ",
          {Format("entry {}: the readers took the vault back with the recovery key", entry)});
  print(Style::kYellow, "not shown ", check.not_shown);
  const bool is_good = code == ExitCode::kOk || code == ExitCode::kNotAnchored;
  Print("\n" + Styled(Stream::kOutput, is_good ? Style::kGreen : Style::kRed, LastLine(check, code)) + "\n");
}

// Of a kit there is no vault whose origin a prompt could name.
Result<ExitCode> Check(const Arguments& arguments) {
  TRY(const Trusted trusted, arguments.trust.Read());
  TRY(const std::vector<seal::Identity> identities, LoadAllIdentities(IdentityFilesOf(arguments.reader)));
  const work::KitCheckRequest request{.kit = arguments.check,
                                      .identities = identities,
                                      .passphrase = PassphrasesByName,
                                      .fingerprint = trusted.fingerprint,
                                      .policy = trusted.policy ? &*trusted.policy : nullptr,
                                      .interrupted = &Interrupted()};
  Pool pool;
  TRY(const work::KitCheck check, work::CheckKit(request, pool));
  const ExitCode code = CodeOf(check, trusted);
  if (arguments.json) {
    PrintJson(JsonOf(arguments, check, code));
  } else {
    PrintCheck(check, code);
  }
  return code;
}

Result<ExitCode> Kit(const Arguments& arguments, const Globals& globals) {
  if (!arguments.check.empty()) return Check(arguments);
  if (!arguments.out.empty()) return WithVault(globals, [&] { return Make(arguments, globals); });
  return Fail(ErrorCode::kInvalid, "a kit is made or tried: --out or --check is missing", "exhibit kit --out DIR");
}

}  // namespace

void RegisterKit(Commands commands) {
  auto arguments = std::make_shared<Arguments>();
  const Command command = commands.program.AddCommand(
      "kit", "write all that must be kept elsewhere to use the evidence and to act after a loss; or try such a kit");
  const Option out =
      command.AddOption("-o,--out", arguments->out, "the folder to make; it must not exist").TypeName("DIR");
  command
      .AddOption("--check", arguments->check,
                 "try this kit, on a machine without the vault: nothing is opened but its keys")
      .TypeName("DIR")
      .Excludes(out);
  arguments->trust.AddTo(command);
  arguments->reader.AddTo(command);
  command.AddJson(arguments->json);
  command.Footer(
      "A kit holds the sealed secrets of keys/, the checkpoint, what the log says of keys, a README and a page to "
      "print.\n"
      "It opens no evidence without a reader's identity or the passphrase. With -i it also names whose the keys are.\n"
      "--check opens its keys with what you bring, compares them with what the log names, and says what it cannot "
      "show.\n\n"
      "Exit status of --check: 0 it holds, 3 something does not; 5 it holds, but no fingerprint or policy was "
      "brought;\n"
      "6 what was brought does not open it; 1 it is no kit, or could not be read.\n\n"
      "Examples:\n  exhibit kit --out /media/safe/kit-2026 -i reader.txt\n"
      "  exhibit kit --check /media/safe/kit-2026 -i reader.txt --fingerprint 0123...");
  commands.RunWithoutVault(command, arguments, Kit);
}

}  // namespace exhibit::cli
