#include "cli/report_output.h"

#include <algorithm>

#include "cli/checkpoint_output.h"
#include "cli/json_output.h"
#include "cli/terminal.h"
#include "cli/verdict.h"
#include "vault/base/clock.h"
#include "vault/base/encoding.h"
#include "vault/base/format.h"
#include "vault/base/text.h"

namespace exhibit::cli {
namespace {

// Times of which a clock's seconds do not fit are shown as the last that does.
Moment TimeOf(tlog::CosignatureTime time) {
  constexpr std::uint64_t kLast = 253'402'300'799;  // of the year 9999
  return {static_cast<std::int64_t>(std::min(time.seconds, kLast)) * 1000};
}

std::vector<std::string> TrustOf(const verify::Report& report, const tell::TrustedInput& brought, tell::Verified what) {
  std::vector<std::string> trust;
  if (!tell::IsAnchored(brought)) {
    trust.emplace_back(
        "that the vault's own keys are the right ones (compare the fingerprint, or give it: --fingerprint)");
  } else if (!brought.fingerprint && !brought.policy_file.empty()) {
    trust.push_back(Format("that the log key in {} is the right one", Printable(brought.policy_file)));
  } else if (!brought.fingerprint) {
    trust.push_back(Format("that the head kept in {} is of the right vault", Printable(brought.kept)));
  }
  if (report.resumed) {
    const std::string size = std::to_string(report.resumed->checkpoint.size.value);
    trust.push_back(
        Format("that entries 0 to {} were verified when {} was kept: they are the same ones, and were not replayed",
               report.resumed->checkpoint.size.value - 1, Printable(report.resumed->where)));
    // A published log is resumed by notes of the verifier's own.
    if (what == tell::Verified::kVault) {
      trust.push_back(
          Format("that the vault's index still names every entry before {} that says who may sign (exhibit verify, "
                 "without --since)",
                 size));
    }
  }
  return trust;
}

std::vector<std::string> NotChecked(const verify::Report& report, const tell::TrustedInput& brought) {
  std::vector<std::string> not_checked;
  if (brought.policy_file.empty()) {
    not_checked.emplace_back("whether others were shown a different log (no witness named: --policy)");
  }
  if (report.depth == verify::Depth::kLog) {
    not_checked.emplace_back(
        "headers and payload (leave out --log); contents and their digests (--content, with a reader's key)");
  } else if (report.depth == verify::Depth::kSealed) {
    not_checked.emplace_back("contents and their digests (with a reader's key)");
  }
  return not_checked;
}

Json JsonOf(const tell::ProofRow& row) {
  Json json = {{"question", row.question}, {"state", std::string(ToText(row.state))}, {"by", row.by}};
  if (!row.command.empty()) json["command"] = row.command;
  return json;
}

std::string TableText(const std::vector<tell::ProofRow>& rows) {
  std::string text;
  for (const tell::ProofRow& row : rows) {
    std::string question = row.question;
    question.resize(std::max<std::size_t>(question.size(), 13), ' ');
    std::string state(ToText(row.state));
    state.resize(std::max<std::size_t>(state.size(), 10), ' ');
    const Style style = row.state == tell::ProofRow::State::kProven ? Style::kGreen : Style::kYellow;
    text += question + Styled(Stream::kOutput, style, state) + "  " + row.by + "\n";
    if (!row.command.empty()) text += Format("{:25}more: {}\n", "", row.command);
  }
  return text;
}

Json JsonOf(const verify::Finding& finding) {
  Json json = {{"property", std::string(ToText(finding.property))}};
  if (!finding.file.empty()) json["file"] = Printable(finding.file);
  if (finding.entry) json["entry"] = finding.entry->value;
  if (finding.block) json["block"] = *finding.block;
  if (finding.range) json["payload_range"] = {{"offset", finding.range->offset}, {"bytes", finding.range->bytes}};
  json["message"] = finding.message;
  return json;
}

Json JsonOf(const verify::Extended& extended) {
  return {{"where", extended.where}, {"checkpoint", cli::JsonOf(extended.checkpoint)}};
}

Json Numbers(const std::vector<tlog::Sequence>& entries) {
  Json list = Json::List();
  for (const tlog::Sequence entry : entries) list.push_back(entry.value);
  return list;
}

Json JsonOf(const verify::Compromised& key) {
  const bool of_log = key.what.of == custody::Compromise::Of::kLog;
  Json json = {{"key", key.what.key},
               {"of", of_log ? "log" : "custodian"},
               {"since", FormatTime(key.what.since)},
               {"entry", key.said_in.value},
               {"valid", key.valid},
               {"valid_only_if_before", Numbers(key.only_if_before)},
               {"invalid", Numbers(key.invalid)}};
  if (key.first.value > 0) json["not_looked_at_before"] = key.first.value;
  return json;
}

struct Reach {
  std::vector<std::string> trust;
  std::vector<std::string> not_checked;
};

Json JsonOf(const verify::Report& report, const Verdict& verdict, const Reach& reach,
            const std::vector<tell::ProofRow>& table, tell::Verified what) {
  Json json = {{"ok", verdict.code == ExitCode::kOk},
               {"verdict", std::string(WordOf(verdict.code))},
               {"says", verdict.ToText()},
               {"depth", std::string(ToText(report.depth))}};
  if (report.fingerprint) json["fingerprint"] = ToHex(report.fingerprint->view());
  if (report.head) json["checkpoint"] = cli::JsonOf(*report.head);
  if (!report.extends.empty()) {
    json["extends"] = Json::List();
    for (const verify::Extended& extended : report.extends) json["extends"].push_back(JsonOf(extended));
  }
  if (report.witnesses) {
    json["witnesses"] = Json::List();
    for (const tlog::Witnessed& witness : *report.witnesses) {
      json["witnesses"].push_back({{"name", witness.name}, {"time", FormatTime(TimeOf(witness.time))}});
    }
  }
  if (report.resumed) json["replayed_from"] = report.resumed->checkpoint.size.value;
  json["checked"] = {{"entries", report.entries},
                     {"sealed_files", report.items},
                     {"items", report.evidence},
                     {"items_that_hold", report.evidence - report.failed_items.size()},
                     {"payload_bytes", report.payload_bytes},
                     {"contents", report.contents},
                     {"content_bytes", report.content_bytes}};
  json["failed"] = Numbers(verify::FailedEntries(report));
  if (!report.unopened.empty()) json["not_opened"] = Numbers(report.unopened);
  if (what == tell::Verified::kBundle) {
    json["not_in_bundle"] = Json::List();
    for (const tlog::SequenceRange& range : report.not_here) json["not_in_bundle"].push_back(range.ToText());
    json["foreign"] = Json::List();
    for (const std::string& name : report.foreign) json["foreign"].push_back(Printable(name));
  }
  json["findings"] = Json::List();
  for (const verify::Finding& finding : report.findings) json["findings"].push_back(JsonOf(finding));
  json["remarks"] = report.remarks;
  if (!report.undecided.empty()) json["undecided"] = report.undecided;
  if (report.newer) json["newer_seen"] = JsonOf(*report.newer);
  if (!report.stamps.empty()) {
    json["timestamps"] = Json::List();
    for (const verify::Stamped& stamp : report.stamps) {
      Json one = {{"entry", stamp.entry.value},
                  {"covers", stamp.covers.value},
                  {"says", FormatTime(stamp.claimed)},
                  {"holds", stamp.holds.has_value()}};
      if (stamp.holds) one["authority"] = stamp.holds->authority;
      json["timestamps"].push_back(std::move(one));
    }
  }
  if (!report.compromised.empty()) {
    json["compromised_keys"] = Json::List();
    for (const verify::Compromised& key : report.compromised) json["compromised_keys"].push_back(JsonOf(key));
  }
  if (!reach.trust.empty()) json["taken_on_trust"] = reach.trust;
  if (!reach.not_checked.empty()) json["not_checked"] = reach.not_checked;
  json["proven"] = Json::List();
  for (const tell::ProofRow& row : table) json["proven"].push_back(JsonOf(row));
  return json;
}

// A name with a slash at its end is a folder: foreign and not searched, or empty.
std::string ForeignText(const std::string& name) {
  const std::string shown = Printable(name);
  if (!name.ends_with('/'))
    return shown + " is a file that an operating system leaves; it is not counted as part of the bundle";
  return shown +
         " is a folder that an operating system leaves, or an empty one; it is not counted as part of the bundle";
}

std::string TextOfReport(const verify::Report& report, const Verdict& verdict, const std::vector<std::string>& trust,
                         const std::vector<std::string>& not_checked, const std::vector<tell::ProofRow>& table) {
  std::string text;
  for (const verify::Finding& finding : report.findings) {
    text += Styled(Stream::kOutput, Style::kRed, "FAILED") + "  " + std::string(ToText(finding.property)) + "  " +
            Printable(verify::Describe(finding)) + "\n";
  }
  for (const std::string& what : report.undecided) text += Format("undecided  {}\n", Printable(what));
  constexpr std::size_t kMostForeign = 20;
  for (std::size_t i = 0; i < std::min(report.foreign.size(), kMostForeign); ++i) {
    text += Format("remark  {}\n", ForeignText(report.foreign[i]));
  }
  if (report.foreign.size() > kMostForeign) {
    text += Format("remark  and {} more of the kind\n", report.foreign.size() - kMostForeign);
  }
  for (const std::string& remark : report.remarks) text += Format("remark  {}\n", Printable(remark));
  if (!text.empty()) text += "\n";
  if (report.head) {
    text += Format("origin       {}\n", Printable(report.head->origin.text()));
    text += Format("checkpoint   {}\n", tlog::Describe(*report.head));
  }
  if (report.fingerprint) text += Format("fingerprint  {}\n", ToHex(report.fingerprint->view()));
  for (const verify::Extended& extended : report.extends) {
    text += Format("extends      {}: size {}\n", Printable(extended.where), extended.checkpoint.size);
  }
  if (report.witnesses) {
    for (const tlog::Witnessed& witness : *report.witnesses) {
      text += Format("witnessed    {}, {}\n", Printable(witness.name), FormatTime(TimeOf(witness.time)));
    }
  }
  text += Format("checked      {} entries", report.entries);
  if (report.resumed) text += Format(", from {} on", report.resumed->checkpoint.size);
  if (report.items > 0) {
    text += Format(", {} sealed files ({})", report.items, HumanSize(report.payload_bytes));
  }
  if (report.contents > 0) {
    text += Format(", {} contents ({})", report.contents, HumanSize(report.content_bytes));
  }
  text += "\n";
  for (const std::string& taken : trust) text += Format("on trust     {}\n", taken);
  for (const std::string& what : not_checked) text += Format("not checked  {}\n", what);
  text += "\n" + TableText(table) + "\n";
  const Style style = verdict.code == ExitCode::kOk                   ? Style::kGreen
                      : verdict.code == ExitCode::kVerificationFailed ? Style::kRed
                                                                      : Style::kYellow;
  text += Styled(Stream::kOutput, style, verdict.beginning) + verdict.rest + "\n";
  return text;
}

}  // namespace

void PrintNotVerified(const Error& error) {
  Json json = {{"ok", false}, {"verdict", std::string(WordOf(ExitCodeOf(error.code)))}, {"says", error.message}};
  if (!error.hint.empty()) json["hint"] = error.hint;
  PrintJson(json);
}

ExitCode PrintReport(const verify::Report& report, ReportForm form, const tell::TrustedInput& brought,
                     tell::Verified what) {
  const std::vector<std::string> trust = TrustOf(report, brought, what);
  const std::vector<tell::ProofRow> table = tell::ProofTable(report, brought, what);
  const Verdict verdict = Judge(report, brought, what);
  if (form == ReportForm::kJson) {
    PrintJson(JsonOf(report, verdict, {trust, NotChecked(report, brought)}, table, what));
  } else {
    Print(TextOfReport(report, verdict, trust, NotChecked(report, brought), table));
  }
  return verdict.code;
}

}  // namespace exhibit::cli
