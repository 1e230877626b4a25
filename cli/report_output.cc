#include "cli/report_output.h"

#include <algorithm>

#include "cli/json_output.h"
#include "cli/terminal.h"
#include "vault/base/clock.h"
#include "vault/base/encoding.h"
#include "vault/base/text.h"

namespace exhibit::cli {
namespace {

// Times of which a clock's seconds do not fit are shown as the last that does.
Timestamp TimeOf(tlog::CosignatureTime time) {
  constexpr std::uint64_t kLast = 253'402'300'799;  // of the year 9999
  return {static_cast<std::int64_t>(std::min(time.seconds, kLast)) * 1000};
}

std::vector<std::string> TrustOf(const verify::Report& report, const Brought& brought, Verified what) {
  std::vector<std::string> trust;
  if (brought.fingerprint_from.empty()) {
    trust.emplace_back(
        "that the vault's own keys are the right ones (compare the fingerprint, or give it: --fingerprint)");
  } else if (brought.fingerprint_from != "--fingerprint") {
    trust.push_back("that the fingerprint kept in " + Printable(brought.fingerprint_from) + " is the right one");
  }
  if (brought.policy_file.empty()) {
    trust.emplace_back(
        "that nobody was shown another history: the log's key is the one of the genesis, and no witness was "
        "asked for (--policy)");
  }
  if (report.resumed) {
    const std::string size = std::to_string(report.resumed->checkpoint.size.value);
    trust.push_back("that entries 0 to " + std::to_string(report.resumed->checkpoint.size.value - 1) +
                    " were verified when " + Printable(report.resumed->where) +
                    " was kept: they are the same ones, and were not replayed");
    // A published log is resumed by notes of the verifier's own.
    if (what == Verified::kVault) {
      trust.push_back("that the vault's index still names every entry before " + size +
                      " that says who may sign (exhibit verify, without --since)");
    }
  }
  return trust;
}

Json JsonOf(const ProofRow& row) {
  Json json = {{"question", row.question}, {"state", std::string(ToText(row.state))}, {"by", row.by}};
  if (!row.command.empty()) json["command"] = row.command;
  return json;
}

std::string TableText(const std::vector<ProofRow>& rows) {
  std::string text;
  for (const ProofRow& row : rows) {
    std::string question = row.question;
    question.resize(std::max<std::size_t>(question.size(), 13), ' ');
    std::string state(ToText(row.state));
    state.resize(std::max<std::size_t>(state.size(), 10), ' ');
    const Style style = row.state == ProofRow::State::kProven ? Style::kGreen : Style::kYellow;
    text += question + Styled(Stream::kOutput, style, state) + "  " + row.by + "\n";
    if (!row.command.empty()) text += std::string(25, ' ') + "more: " + row.command + "\n";
  }
  return text;
}

Json JsonOf(const verify::Finding& finding) {
  Json json = {{"property", std::string(ToText(finding.property))}};
  if (finding.entry) json["entry"] = finding.entry->value;
  if (finding.block) json["block"] = *finding.block;
  if (finding.range) json["payload_range"] = {{"offset", finding.range->offset}, {"bytes", finding.range->bytes}};
  json["message"] = finding.message;
  return json;
}

Json JsonOf(const verify::Extended& extended) {
  return {{"where", extended.where},
          {"size", extended.checkpoint.size.value},
          {"root", ToBase64(extended.checkpoint.root.view(), Base64::kPadded)}};
}

Json JsonOf(const verify::Compromised& key) {
  const auto numbers = [](const std::vector<tlog::Sequence>& entries) {
    Json list = Json::array();
    for (const tlog::Sequence entry : entries) list.push_back(entry.value);
    return list;
  };
  const bool of_log = key.what.of == custody::Compromise::Of::kLog;
  Json json = {{"key", key.what.key},
               {"of", of_log ? "log" : "custodian"},
               {"since", FormatTime(key.what.since)},
               {"entry", key.said_in.value},
               {"valid", key.valid},
               {"valid_only_if_before", numbers(key.only_if_before)},
               {"invalid", numbers(key.invalid)}};
  if (key.first.value > 0) json["not_looked_at_before"] = key.first.value;
  return json;
}

Json JsonOf(const verify::Report& report, const std::vector<std::string>& trust, const std::vector<ProofRow>& table) {
  Json json = {{"ok", report.ok()}, {"depth", std::string(ToText(report.depth))}};
  if (report.fingerprint) json["fingerprint"] = ToHex(report.fingerprint->view());
  if (report.head) {
    json["checkpoint"] = {{"origin", std::string(report.head->origin.text())},
                          {"size", report.head->size.value},
                          {"root", ToBase64(report.head->root.view(), Base64::kPadded)}};
  }
  if (!report.extends.empty()) {
    json["extends"] = Json::array();
    for (const verify::Extended& extended : report.extends) json["extends"].push_back(JsonOf(extended));
  }
  if (report.witnesses) {
    json["witnesses"] = Json::array();
    for (const tlog::Witnessed& witness : *report.witnesses) {
      json["witnesses"].push_back({{"name", witness.name}, {"time", FormatTime(TimeOf(witness.time))}});
    }
  }
  if (report.resumed) json["replayed_from"] = report.resumed->checkpoint.size.value;
  json["checked"] = {{"entries", report.entries},
                     {"items", report.items},
                     {"payload_bytes", report.payload_bytes},
                     {"contents", report.contents},
                     {"content_bytes", report.content_bytes}};
  Json findings = Json::array();
  for (const verify::Finding& finding : report.findings) findings.push_back(JsonOf(finding));
  json["findings"] = std::move(findings);
  json["remarks"] = report.remarks;
  if (!report.undecided.empty()) json["undecided"] = report.undecided;
  if (report.newer) json["newer_seen"] = JsonOf(*report.newer);
  if (!report.stamps.empty()) {
    json["timestamps"] = Json::array();
    for (const verify::Stamped& stamp : report.stamps) {
      Json one = {{"entry", stamp.entry.value}, {"covers", stamp.covers.value}, {"says", FormatTime(stamp.claimed)},
                  {"holds", stamp.holds.has_value()}};
      if (stamp.holds) one["authority"] = stamp.holds->authority;
      json["timestamps"].push_back(std::move(one));
    }
  }
  if (!report.compromised.empty()) {
    json["compromised_keys"] = Json::array();
    for (const verify::Compromised& key : report.compromised) json["compromised_keys"].push_back(JsonOf(key));
  }
  if (!trust.empty()) json["taken_on_trust"] = trust;
  json["proven"] = Json::array();
  for (const ProofRow& row : table) json["proven"].push_back(JsonOf(row));
  return json;
}

std::string TextOfReport(const verify::Report& report, const std::vector<std::string>& trust,
                         const std::vector<ProofRow>& table) {
  std::string text;
  for (const verify::Finding& finding : report.findings) {
    text += Styled(Stream::kOutput, Style::kRed, "FAILED") + "  " + std::string(ToText(finding.property)) + "  " +
            Printable(verify::Describe(finding)) + "\n";
  }
  for (const std::string& what : report.undecided) text += "undecided  " + Printable(what) + "\n";
  for (const std::string& remark : report.remarks) text += "remark  " + Printable(remark) + "\n";
  if (!text.empty()) text += "\n";
  if (report.head) {
    text += "origin       " + Printable(report.head->origin.text()) + "\n";
    text += "checkpoint   size " + std::to_string(report.head->size.value) + ", root " +
            ToBase64(report.head->root.view(), Base64::kPadded) + "\n";
  }
  if (report.fingerprint) text += "fingerprint  " + ToHex(report.fingerprint->view()) + "\n";
  for (const verify::Extended& extended : report.extends) {
    text += "extends      " + Printable(extended.where) + ": size " + std::to_string(extended.checkpoint.size.value) +
            "\n";
  }
  if (report.witnesses) {
    for (const tlog::Witnessed& witness : *report.witnesses) {
      text += "witnessed    " + Printable(witness.name) + ", " + FormatTime(TimeOf(witness.time)) + "\n";
    }
  }
  text += "checked      " + std::to_string(report.entries) + " entries";
  if (report.resumed) text += ", from " + std::to_string(report.resumed->checkpoint.size.value) + " on";
  if (report.items > 0) {
    text += ", " + std::to_string(report.items) + " sealed files (" + HumanSize(report.payload_bytes) + ")";
  }
  if (report.contents > 0) {
    text += ", " + std::to_string(report.contents) + " contents (" + HumanSize(report.content_bytes) + ")";
  }
  text += "\n";
  for (const std::string& taken : trust) text += "on trust     " + taken + "\n";
  if (report.depth != verify::Depth::kContent) {
    text += std::string("not checked  ") +
            (report.depth == verify::Depth::kLog ? "headers and payload (leave out --log); " : "") +
            "contents and their digests (--content, with a reader's key)\n";
  }
  text += "\n" + TableText(table) + "\n";
  if (report.findings.empty() && !report.undecided.empty()) {
    const std::size_t count = report.undecided.size();
    return text + Styled(Stream::kOutput, Style::kYellow, "not verified") + ": " + std::to_string(count) +
           (count == 1 ? " thing" : " things") + " could not be read or compared; nothing was found to be wrong\n";
  }
  if (report.ok() && report.newer) {
    return text + Styled(Stream::kOutput, Style::kYellow, "older") + " than what was seen before (size " +
           std::to_string(report.head->size.value) + ", seen " + std::to_string(report.newer->checkpoint.size.value) +
           "), and consistent with it\n";
  }
  text += report.ok() ? Styled(Stream::kOutput, Style::kGreen, "verified") +
                            ": nothing of what was checked was changed, dropped or slipped in\n"
                      : Styled(Stream::kOutput, Style::kRed, "verification failed") + ": " +
                            std::to_string(report.findings.size()) +
                            (report.findings.size() == 1 ? " finding\n" : " findings\n");
  return text;
}

}  // namespace

ExitCode PrintReport(const verify::Report& report, ReportForm form, const Brought& brought, Verified what) {
  const std::vector<std::string> trust = TrustOf(report, brought, what);
  const std::vector<ProofRow> table = ProofTable(report, brought, what);
  if (form == ReportForm::kJson) {
    PrintJson(JsonOf(report, trust, table));
  } else {
    Print(TextOfReport(report, trust, table));
  }
  if (!report.findings.empty()) return ExitCode::kVerificationFailed;
  if (!report.undecided.empty()) return ExitCode::kFailed;
  return report.newer ? ExitCode::kOlder : ExitCode::kOk;
}

}  // namespace exhibit::cli
