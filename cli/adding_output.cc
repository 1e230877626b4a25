#include "cli/adding_output.h"

#include "cli/checkpoint_output.h"
#include "cli/fields_output.h"
#include "cli/terminal.h"
#include "vault/base/encoding.h"
#include "vault/base/format.h"
#include "vault/base/text.h"

namespace exhibit::cli {
namespace {

// What a reader of the line should know: it is not whole, it changed, somebody's list says something of it.
std::string RemarksOn(const custody::ItemFacts& facts) {
  std::string remarks;
  if (facts.state && facts.state->changed) remarks += "  (changed while it was read)";
  if (facts.partial) {
    remarks += Format("  (NOT WHOLE: {})", custody::InWords(*facts.partial, facts.size));
  }
  if (!facts.system.xattrs.empty()) {
    // Where a file came from stands there (the "mark of the web"), or a stream that its name does not show.
    remarks += Format("  (with {})", Counted(facts.system.xattrs.size(), "extended attribute", "extended attributes"));
  }
  for (const auto& claim : facts.claimed) {
    remarks += claim.matched ? "  (hash matched)" : "  (HASH DIFFERS from the list)";
  }
  return remarks;
}

// A stretch that was cut before it came here is no failure of ours.
bool FailedHere(const custody::ItemFacts& facts) {
  if (!facts.partial) return false;
  const std::string& why = facts.partial->why;
  return why == custody::kUnreadable || why == custody::kReadError || why == custody::kProducerFailed ||
         why == custody::kTimeLimit;
}

}  // namespace

void AddingOutput::ShowAdded(const intake::Added& added) {
  const custody::ItemFacts& facts = added.facts;
  const bool differs = facts.state && facts.state->claims == custody::Claims::kDiffer;
  if (FailedHere(facts) || (differs && differences_ == Differences::kAreFailures)) ++failures_;
  if (form_ == Form::kJson) {
    Json item = {{is_drop_ ? "number" : "entry", added.sequence.value}};
    item.Update(JsonOf(custody::FieldsOf(facts)));
    if (added.same_as) item["same_bytes_as"] = added.same_as->value;
    items_.push_back(std::move(item));
    return;
  }
  std::string line = Format("{}  {}  {}  {}  {}", added.sequence, facts.sha256 ? ToHex(facts.sha256->view()) : "",
                            HumanSize(facts.size.value_or(0)), facts.kind ? custody::ToText(*facts.kind) : "",
                            Printable(facts.path ? *facts.path : facts.name.value_or("")));
  line += RemarksOn(facts);
  if (added.same_as) line += Format("  (the same bytes as {} {})", is_drop_ ? "number" : "entry", *added.same_as);
  Print(line + "\n");
}

void AddingOutput::ShowRefused(const intake::Refused& refused) {
  ++failures_;
  const std::string path = Printable(refused.path.native());
  Error error = refused.reason;
  if (error.message.find(path) == std::string::npos) error.message = path + ": " + error.message;
  error.message = "not added: " + error.message;
  PrintError(error);
  if (form_ == Form::kJson) omissions_.push_back({{"path", path}, {"reason", refused.reason.message}});
}

void AddingOutput::NoteLeftOut(const std::filesystem::path& path, const std::string& why) {
  ++left_out_count_;
  if (form_ == Form::kJson) left_out_.push_back({{"path", Printable(path.native())}, {"reason", why}});
}

void AddingOutput::ShowMissed(const intake::Refused& missed) {
  const std::string path = Printable(missed.path.native());
  if (form_ == Form::kJson) missed_.push_back({{"path", path}, {"reason", missed.reason.message}});
  if (form_ == Form::kText) Say(Format("not whole at its source: {}: {}", path, Printable(missed.reason.message)));
}

void AddingOutput::ShowContradicted(const intake::Refused& what) {
  if (differences_ == Differences::kAreFailures) ++failures_;
  const std::string path = Printable(what.path.native());
  Error error = what.reason;
  error.message = Format("DIFFERS: {}: {}", path, error.message);
  PrintError(error);
  if (form_ == Form::kJson) contradicted_.push_back({{"path", path}, {"reason", what.reason.message}});
}

void AddingOutput::AddImported(Json& json) const {
  if (!missed_.Elements().empty()) json["missed"] = missed_;
  if (!contradicted_.Elements().empty()) json["contradicted"] = contradicted_;
}

void AddingOutput::ShowWould(const intake::DryRun::Would& would) {
  ++would_;
  would_bytes_ += would.size.value_or(0);
  if (form_ == Form::kJson) {
    Json item = {{"path", Printable(would.path)}, {"type", std::string(custody::ToText(would.type))}};
    if (would.size) item["size"] = *would.size;
    items_.push_back(std::move(item));
    return;
  }
  Print(Format("would {}  {}  {}\n", is_drop_ ? "collect" : "add", would.size ? HumanSize(*would.size) : "?",
               Printable(would.path)));
}

void AddingOutput::Finish(const std::optional<intake::Adder::Outcome>& outcome) {
  const std::string_view number = is_drop_ ? "number" : "entry";
  if (form_ == Form::kJson) {
    Json json = {{"items", items_}, {"refused", omissions_}, {"left_out", left_out_}};
    AddImported(json);
    if (outcome) json["already"] = outcome->known;
    if (outcome && !is_drop_) json["checkpoint"] = JsonOf(outcome->checkpoint);
    if (outcome && outcome->omission) json[is_drop_ ? "omission_number" : "omission_entry"] = outcome->omission->value;
    PrintJson(json);
    return;
  }
  if (!outcome || form_ == Form::kTextWithoutEnd) return;
  std::string text = Format("\n{} {}", Counted(outcome->added, "item", "items"), is_drop_ ? "collected" : "added");
  if (outcome->known > 0) text += Format(", {} there already", outcome->known);
  if (outcome->refused > 0) text += Format(", {} not", outcome->refused);
  if (outcome->missed > 0) text += Format(", {} not whole at the source", outcome->missed);
  if (outcome->left_out > 0) text += Format(", {} left out as asked", outcome->left_out);
  if (outcome->omission) text += Format(": {} {} records what and why", number, *outcome->omission);
  if (is_drop_) return Print(text + "\n");
  Print(text + "\n" + CheckpointLine(outcome->checkpoint));
}

void AddingOutput::FinishDryRun() {
  if (form_ == Form::kJson) {
    Json json = {{"would_add", items_}, {"bytes", would_bytes_}, {"refused", omissions_}, {"left_out", left_out_}};
    AddImported(json);
    PrintJson(json);
    return;
  }
  if (form_ == Form::kTextWithoutEnd) return;
  std::string text = Format("\n{}, {}; nothing was {}", Counted(would_, "item", "items"), HumanSize(would_bytes_),
                            is_drop_ ? "collected" : "added");
  if (failures_ > 0) text += Format("; {} could not be", failures_);
  if (left_out_count_ > 0) text += Format("; {} left out as asked", left_out_count_);
  Print(text + "\n");
}

}  // namespace exhibit::cli
