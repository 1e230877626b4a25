#include "cli/collecting_kit_output.h"

#include "cli/json_output.h"
#include "cli/terminal.h"
#include "cli/verdict.h"
#include "vault/base/encoding.h"
#include "vault/base/format.h"
#include "vault/base/text.h"

namespace exhibit::cli {
namespace {

ExitCode CodeOf(const bundle::CollectingKitCheck& check, const Trusted& trusted) {
  if (!check.faults.empty() || !check.log.findings.empty()) return ExitCode::kVerificationFailed;
  if (!check.log.undecided.empty()) return ExitCode::kFailed;
  if (check.log.newer_from) return ExitCode::kNewerNeeded;
  return trusted.fingerprint || trusted.policy ? ExitCode::kOk : ExitCode::kNotAnchored;
}

std::string_view LastLine(ExitCode code) {
  switch (code) {
    case ExitCode::kVerificationFailed: return "this kit is not what a custodian signed: do not use it";
    case ExitCode::kFailed: return "not all of this kit could be read";
    case ExitCode::kNewerNeeded: return "a newer version of exhibit is needed to check this kit";
    case ExitCode::kNotAnchored:
      return "consistent with itself; whose kit this is was not checked (bring the fingerprint: --fingerprint HEX)";
    default: return "verified: every file of this kit is what a custodian of that vault signed";
  }
}

// The findings in its law, as sentences among the other faults.
std::vector<std::string> FaultsOf(const bundle::CollectingKitCheck& check) {
  std::vector<std::string> faults = check.faults;
  for (const verify::Finding& finding : check.log.findings) faults.push_back("law.proof: " + verify::Describe(finding));
  return faults;
}

Json JsonOf(const bundle::CollectingKitCheck& check, ExitCode code) {
  Json json = {{"ok", code == ExitCode::kOk},         {"verdict", std::string(WordOf(code))},
               {"says", std::string(LastLine(code))}, {"shown", check.shown},
               {"faults", FaultsOf(check)},           {"undecided", check.log.undecided},
               {"not_shown", check.not_shown}};
  if (check.list) {
    json["kit"] = {{"origin", std::string(check.list->origin.text())},
                   {"fingerprint", ToHex(check.list->fingerprint.view())},
                   {"collector", check.list->collector.text()},
                   {"made", custody::FormatEntryTime(check.list->made)},
                   {"files", static_cast<std::uint64_t>(check.list->files.size())}};
  }
  return json;
}

}  // namespace

ExitCode PrintCollectingKit(const bundle::CollectingKitCheck& check, const Trusted& trusted, ReportForm form) {
  const ExitCode code = CodeOf(check, trusted);
  if (form == ReportForm::kJson) {
    PrintJson(JsonOf(check, code));
    return code;
  }
  const auto print = [](Style style, std::string_view mark, const std::vector<std::string>& lines) {
    for (const std::string& line : lines) Print(Styled(Stream::kOutput, style, mark) + "  " + Printable(line) + "\n");
  };
  const bool is_short = form == ReportForm::kQuiet;
  if (is_short && code == ExitCode::kOk) return code;
  if (!is_short) print(Style::kGreen, "holds    ", check.shown);
  print(Style::kRed, "FAULT    ", FaultsOf(check));
  print(Style::kYellow, "not read ", check.log.undecided);
  if (!is_short) print(Style::kYellow, "not shown", check.not_shown);
  const Style style = code == ExitCode::kOk                   ? Style::kGreen
                      : code == ExitCode::kVerificationFailed ? Style::kRed
                                                              : Style::kYellow;
  Print((is_short ? "" : "\n") + Styled(Stream::kOutput, style, LastLine(code)) + "\n");
  return code;
}

}  // namespace exhibit::cli
