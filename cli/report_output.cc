#include "cli/report_output.h"

#include "cli/json_output.h"
#include "cli/terminal.h"
#include "vault/base/encoding.h"
#include "vault/base/text.h"

namespace exhibit::cli {
namespace {

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

Json JsonOf(const verify::Report& report, const std::string& trust) {
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
  if (!trust.empty()) json["taken_on_trust"] = trust;
  return json;
}

std::string TextOf(const verify::Report& report, const std::string& trust) {
  std::string text;
  for (const verify::Finding& finding : report.findings) {
    text += Styled(Stream::kOutput, Style::kRed, "FAILED") + "  " + std::string(ToText(finding.property)) + "  " +
            Printable(verify::Describe(finding)) + "\n";
  }
  for (const std::string& remark : report.remarks) text += "remark  " + Printable(remark) + "\n";
  if (!text.empty()) text += "\n";
  if (report.head) {
    text += "origin       " + Printable(report.head->origin.text()) + "\n";
    text += "checkpoint   size " + std::to_string(report.head->size.value) + ", root " +
            ToBase64(report.head->root.view(), Base64::kPadded) + "\n";
  }
  if (report.fingerprint) text += "fingerprint  " + ToHex(report.fingerprint->view()) + "\n";
  for (const verify::Extended& extended : report.extends) {
    text += "extends      " + Printable(extended.where) + ": size " + std::to_string(extended.checkpoint.size.value) + "\n";
  }
  text += "checked      " + std::to_string(report.entries) + " entries";
  if (report.resumed) text += ", from " + std::to_string(report.resumed->checkpoint.size.value) + " on";
  if (report.items > 0) text += ", " + std::to_string(report.items) + " sealed files (" + HumanSize(report.payload_bytes) + ")";
  if (report.contents > 0) text += ", " + std::to_string(report.contents) + " contents (" + HumanSize(report.content_bytes) + ")";
  text += "\n";
  if (!trust.empty()) text += "on trust     " + trust + "\n";
  if (report.resumed) {
    text += "on trust     that entries 0 to " + std::to_string(report.resumed->checkpoint.size.value - 1) +
            " were verified when " + Printable(report.resumed->where) + " was kept: they are the same ones, and were not replayed\n";
  }
  if (report.depth != verify::Depth::kContent) {
    text += std::string("not checked  ") +
            (report.depth == verify::Depth::kLog ? "headers and payload (leave out --log); " : "") +
            "contents and their digests (--content, with a reader's key)\n";
  }
  text += report.ok() ? Styled(Stream::kOutput, Style::kGreen, "verified") + ": nothing of what was checked was changed, dropped or slipped in\n"
                      : Styled(Stream::kOutput, Style::kRed, "verification failed") + ": " +
                            std::to_string(report.findings.size()) + (report.findings.size() == 1 ? " finding\n" : " findings\n");
  return text;
}

}  // namespace

ExitCode PrintReport(const verify::Report& report, ReportForm form, const std::string& trust) {
  if (form == ReportForm::kJson) {
    PrintJson(JsonOf(report, trust));
  } else {
    Print(TextOf(report, trust));
  }
  return report.ok() ? ExitCode::kOk : ExitCode::kVerificationFailed;
}

}  // namespace exhibit::cli
