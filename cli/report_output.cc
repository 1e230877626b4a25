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

std::vector<std::string> TrustOf(const verify::Report& report, const tell::TrustedInput& brought) {
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
    if (report.resumed_by_index) {
      trust.push_back(
          Format("that the vault's index still names every entry before {} that says who may sign (exhibit verify, "
                 "without --after)",
                 size));
    }
  }
  return trust;
}

std::vector<std::string> NotChecked(const verify::Report& report, const tell::TrustedInput& brought,
                                    tell::Verified what) {
  std::vector<std::string> not_checked;
  for (const std::string& key : report.unchecked_keys)
    not_checked.push_back(Format("the signature of {}, whose algorithm this program does not have", Printable(key)));
  if (brought.policy_file.empty()) {
    not_checked.emplace_back("whether others were shown a different log (no witness named: --policy)");
  }
  if (report.depth == verify::Depth::kLog && what == tell::Verified::kBundle) {
    not_checked.emplace_back("the original (name it after the proof file)");
  } else if (report.depth == verify::Depth::kLog && what == tell::Verified::kPublishedLog) {
    not_checked.emplace_back("sealed files, which are not published");
  } else if (report.depth == verify::Depth::kLog) {
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
  std::size_t width = 13;
  for (const tell::ProofRow& row : rows) width = std::max(width, row.question.size() + 2);
  std::string text;
  for (const tell::ProofRow& row : rows) {
    std::string question = row.question;
    question.resize(width, ' ');
    std::string state(ToText(row.state));
    state.resize(std::max<std::size_t>(state.size(), 10), ' ');
    const Style style = row.state == tell::ProofRow::State::kProven ? Style::kGreen : Style::kYellow;
    text += question + Styled(Stream::kOutput, style, state) + "  " + row.by + "\n";
    if (!row.command.empty()) text += std::string(width + 12, ' ') + "more: " + row.command + "\n";
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
  Json json = {{"key", key.what.key.text()},
               {"of", key.what.is_the_logs ? "log" : "custodian"},
               {"since", custody::FormatEntryTime(key.what.since)},
               {"entry", key.said_in.value},
               {"valid", key.valid},
               {"valid_only_if_before", Numbers(key.only_if_before)},
               {"invalid", Numbers(key.invalid)}};
  if (key.first.value > 0) json["not_looked_at_before"] = key.first.value;
  return json;
}

Json JsonOf(const verify::Stamped& stamp) {
  Json json = {{"entry", stamp.entry.value}};
  if (stamp.covers) json["covers"] = stamp.covers->value;
  if (stamp.renews) json["renews"] = stamp.renews->value;
  json["says"] = FormatTime(stamp.claimed);
  json["holds"] = stamp.holds.has_value();
  if (stamp.holds) json["authority"] = stamp.holds->authority;
  return json;
}

Json JsonOf(const verify::HeadStamp& stamp) {
  Json json = {{"says", FormatTime(stamp.claimed)}, {"holds", stamp.holds.has_value()}};
  if (stamp.holds) json["authority"] = stamp.holds->authority;
  return json;
}

Json JsonOf(const verify::Labelled& labelled) {
  Json json = {{"case", labelled.case_name},
               {"items", Numbers(labelled.items)},
               {"acts", Numbers(labelled.acts)},
               {"missing", Numbers(labelled.missing)}};
  if (labelled.whole_log) json["log_size"] = labelled.whole_log->value;
  return json;
}

// A list of that name, where there is something in it.
template <typename Thing>
void PutList(Json& json, std::string_view name, const std::vector<Thing>& things) {
  if (things.empty()) return;
  Json list = Json::List();
  for (const Thing& thing : things) list.push_back(JsonOf(thing));
  json[name] = std::move(list);
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
  if (report.head && report.head->size.value > 0) json["as_of"] = report.head->size.value - 1;
  PutList(json, "extends", report.extends);
  if (report.witnesses) {
    json["witnesses"] = Json::List();
    for (const tlog::Witnessed& witness : *report.witnesses) {
      json["witnesses"].push_back({{"name", witness.name}, {"time", FormatTime(ShownTime(witness.time))}});
    }
  }
  if (report.resumed) json["replayed_from"] = report.resumed->checkpoint.size.value;
  json["checked"] = {{"entries", report.entries},
                     {"sealed_files", report.items},
                     {"items", report.evidence},
                     {"items_that_hold", report.items_that_hold()},
                     {"payload_bytes", report.payload_bytes},
                     {"contents", report.contents},
                     {"content_bytes", report.content_bytes}};
  json["items"] = report.evidence;
  json["hold"] = report.items_that_hold();
  json["failed"] = Numbers(verify::FailedEntries(report));
  json["not_opened"] = Numbers(report.unopened);
  if (what == tell::Verified::kBundle) {
    json["not_in_bundle"] = Json::List();
    for (const tlog::SequenceRange& range : report.not_here) json["not_in_bundle"].push_back(range.ToText());
    json["foreign"] = Json::List();
    for (const std::string& name : report.foreign) json["foreign"].push_back(Printable(name));
  }
  json["findings"] = Json::List();
  for (const verify::Finding& finding : report.findings) json["findings"].push_back(JsonOf(finding));
  json["remarks"] = report.remarks;
  json["undecided"] = report.undecided;
  if (report.newer) json["newer_seen"] = JsonOf(*report.newer);
  if (report.newer_from) json["newer_from"] = report.newer_from->entry.value;
  if (!report.recoveries.empty()) json["recoveries"] = Numbers(report.recoveries);
  PutList(json, "timestamps", report.stamps);
  PutList(json, "head_timestamps", report.head_stamps);
  PutList(json, "compromised_keys", report.compromised);
  PutList(json, "cases", report.labelled);
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

// What is wrong, and what could not be read.
std::string TextOfProblems(const verify::Report& report) {
  std::string text;
  for (const verify::Finding& finding : report.findings) {
    text += Styled(Stream::kOutput, Style::kRed, "FAILED") + "  " + std::string(ToText(finding.property)) + "  " +
            Printable(verify::Describe(finding)) + "\n";
  }
  for (const std::string& what : report.undecided) text += Format("undecided  {}\n", Printable(what));
  return text;
}

std::string TextOf(const Verdict& verdict) {
  const Style style = verdict.code == ExitCode::kOk                   ? Style::kGreen
                      : verdict.code == ExitCode::kVerificationFailed ? Style::kRed
                                                                      : Style::kYellow;
  // Programs and people's notes want it in one line.
  const std::string sentence = IsTerminal(Stream::kOutput) ? Fold(verdict.ToText(), TerminalWidth()) : verdict.ToText();
  const std::size_t beginning = verdict.beginning.size();
  return Styled(Stream::kOutput, style, sentence.substr(0, beginning)) + sentence.substr(beginning) + "\n";
}

std::string TextOfReport(const verify::Report& report, const Verdict& verdict, const std::vector<std::string>& trust,
                         const std::vector<std::string>& not_checked, const std::vector<tell::ProofRow>& table) {
  std::string text = TextOfProblems(report);
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
      text += Format("witnessed    {}, {}\n", Printable(witness.name), FormatTime(ShownTime(witness.time)));
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
  return text + "\n" + TableText(table) + "\n" + TextOf(verdict);
}

}  // namespace

void PrintNotVerified(const Error& error) {
  Json json = {{"ok", false}, {"verdict", std::string(WordOf(ExitCodeOf(error.code)))}, {"says", error.message}};
  json.Update(cli::JsonOf(error, ExitCodeOf(error.code)));
  PrintJson(json);
}

ExitCode PrintReport(const verify::Report& report, ReportForm form, const tell::TrustedInput& brought,
                     tell::Verified what, const Beside& beside) {
  const std::vector<std::string> trust = TrustOf(report, brought);
  const std::vector<tell::ProofRow> table = tell::ProofTable(report, brought, what);
  const Verdict verdict = Judge(report, brought, what);
  const std::vector<std::string> not_checked = NotChecked(report, brought, what);
  const bool holds = verdict.code == ExitCode::kOk || verdict.code == ExitCode::kNotAnchored;
  const ExitCode code = holds && beside.code != ExitCode::kOk ? beside.code : verdict.code;
  if (form == ReportForm::kJson) {
    Json json = JsonOf(report, verdict, {trust, not_checked}, table, what);
    json["ok"] = code == ExitCode::kOk;
    json.Update(beside.json);
    PrintJson(json);
  } else if (form == ReportForm::kQuiet) {
    if (code != ExitCode::kOk) Print(beside.text + TextOfProblems(report) + TextOf(verdict));
  } else {
    Print(beside.text + TextOfReport(report, verdict, trust, not_checked, table));
  }
  return code;
}

}  // namespace exhibit::cli
