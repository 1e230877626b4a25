#include "vault/tell/proof_table.h"

#include <algorithm>
#include <functional>
#include <initializer_list>

#include "vault/base/clock.h"
#include "vault/base/error.h"
#include "vault/base/format.h"
#include "vault/base/text.h"
#include "vault/custody/entry_time.h"
#include "vault/tell/item_counts.h"
#include "vault/tlog/sequence_range.h"

namespace exhibit::tell {
namespace {

using State = ProofRow::State;

std::string Entries(std::uint64_t first, std::uint64_t end) {
  if (end == first + 1) return Format("entry {}", first);
  return Format("entries {} to {}", first, end - 1);
}

std::string_view AsBefore(std::uint64_t count) { return count == 1 ? "as it was" : "as they were"; }

constexpr std::string_view kNoTimeProof = "no independent time proof (RFC 3161 timestamp) in this bundle";

bool HasExhibit(const TrustedInput& brought) { return brought.program == TrustedInput::Program::kExhibit; }

std::string CommandOf(Verified what, const TrustedInput& brought) {
  switch (what) {
    case Verified::kVault: return "exhibit verify";
    case Verified::kPublishedLog: return "exhibit verify-log";
    case Verified::kBundle: return HasExhibit(brought) ? "exhibit verify-bundle" : "exhibit-verify";
  }
  InternalError("what was verified has no command", __FILE__, __LINE__);
}

// Which findings are about a question.
using Bearing = std::function<bool(const verify::Finding&)>;

bool IsAnyOf(const verify::Finding& finding, std::initializer_list<verify::Property> properties) {
  return std::ranges::find(properties, finding.property) != properties.end();
}

using verify::Property;

bool BearsOnIntegrity(const verify::Finding& finding) {
  return !IsAnyOf(finding, {Property::kCompanion, Property::kTimestamp, Property::kPolicy, Property::kConsistency});
}
bool BearsOnOrder(const verify::Finding& finding) {
  return IsAnyOf(finding, {Property::kHead, Property::kGenesis, Property::kEntry, Property::kChain, Property::kTree,
                           Property::kConsistency});
}
bool BearsOnCompleteness(const verify::Finding& finding) {
  return BearsOnOrder(finding) || IsAnyOf(finding, {Property::kPolicy, Property::kIndex});
}
bool BearsOnTime(const verify::Finding& finding) {
  return BearsOnOrder(finding) || IsAnyOf(finding, {Property::kTimestamp, Property::kPolicy});
}
bool BearsOnWho(const verify::Finding& finding) {
  return IsAnyOf(finding, {Property::kHead, Property::kGenesis, Property::kEntry, Property::kChain,
                           Property::kSignature, Property::kTree, Property::kPolicy});
}

// The row unchanged, unless findings are about its question.
ProofRow Unless(const verify::Report& report, const Bearing& bears, ProofRow row) {
  const auto count = std::ranges::count_if(report.findings, bears);
  if (count == 0) return row;
  row.state = State::kNotProven;
  row.by = count == 1 ? "one finding contradicts it" : Format("{} findings contradict it", count);
  row.command.clear();
  return row;
}

// If some items were changed, the others still hold.
ProofRow Integrity(const verify::Report& report, const TrustedInput& brought, Verified what) {
  const bool is_of_items = std::ranges::all_of(
      report.findings, [](const verify::Finding& finding) { return finding.entry || !BearsOnIntegrity(finding); });
  const bool some_hold = report.items_that_hold() > 0;
  if (std::ranges::any_of(report.findings, BearsOnIntegrity)) {
    if (is_of_items && some_hold) return {"integrity", State::kPartly, CountsOf(report), {}};
    return Unless(report, BearsOnIntegrity, {"integrity", {}, {}, {}});
  }
  ProofRow row{"integrity",
               State::kPartly,
               Format("{} {} signed", Counted(report.entries, "entry", "entries"), AsBefore(report.entries)),
               {}};
  if (report.items > 0) {
    row.by += Format(", {} {}", Counted(report.items, "sealed file", "sealed files"),
                     report.items == 1 ? "as its entry says" : "as their entries say");
  }
  if (report.contents > 0) {
    row.by += Format(", {} {} taken in", Counted(report.contents, "content", "contents"), AsBefore(report.contents));
  }
  if (report.resumed) {
    row.by += Format("; those before {} as when they were verified", report.resumed->checkpoint.size);
  }
  if (what == Verified::kPublishedLog) {
    row.by += "; sealed files are not published";
    row.command = "exhibit verify, at the vault; exhibit verify-bundle, of a bundle";
  } else if (report.depth == verify::Depth::kLog) {
    row.by += "; sealed files were not read";
    row.command = what == Verified::kBundle ? CommandOf(what, brought) + " --proof PROOF ORIGINAL" : "exhibit verify";
  } else if (report.depth == verify::Depth::kSealed) {
    row.by += "; contents were not decrypted";
    row.command = CommandOf(what, brought) + (what == Verified::kVault ? " --content -i KEY" : " -i KEY");
  } else if (!report.unopened.empty()) {
    row.by += Format("; {} were not opened by the key at hand", report.unopened.size());
  } else if (!report.undecided.empty()) {
    row.by += Format("; {} of what is there could not be read", report.undecided.size());
  } else {
    row.state = State::kProven;
  }
  return row;
}

ProofRow Completeness(const verify::Report& report, const TrustedInput& brought, Verified what) {
  if (what == Verified::kBundle) {
    return {"completeness", State::kNotProven, "a bundle proves what is in it, not what its maker left out",
            HasExhibit(brought) ? "exhibit verify-log PLACE, of the published log" : ""};
  }
  ProofRow row{
      "completeness", State::kPartly, Format("none of {} entries is missing, by the log's key", report.head->size), {}};
  const auto witnesses = report.witnesses ? report.witnesses->size() : 0;
  if (!report.extends.empty()) {
    row.state = State::kProven;
    row.by += "; it extends what was kept in " + Printable(report.extends.back().where);
  }
  if (witnesses > 0) {
    row.state = State::kProven;
    row.by += Format("; {} seen this history", Counted(witnesses, "witness has", "witnesses have"));
  }
  if (row.state == State::kPartly) {
    row.by += "; only a kept checkpoint or a witness can show whether its end was cut off";
    row.command = CommandOf(what, brought) + " --pin FILE, --policy FILE";
  }
  return row;
}

ProofRow NotEarlier(const verify::Report& report, const TrustedInput& brought, Verified what) {
  const verify::Stamped* first = nullptr;
  for (const verify::Stamped& stamp : report.stamps) {
    if (stamp.holds && (first == nullptr || stamp.entry < first->entry)) first = &stamp;
  }
  if (first == nullptr && what == Verified::kBundle)
    return {"not earlier", State::kNotProven, std::string(kNoTimeProof), {}};
  if (first == nullptr) {
    return {"not earlier", State::kNotProven, "only its signer says when an entry was made",
            report.stamps.empty() ? "exhibit timestamp add" : CommandOf(what, brought) + " --roots FILE"};
  }
  return {"not earlier",
          State::kPartly,
          Format("entries after {}: not before {}, by {}", first->entry, FormatTime(first->holds->time),
                 Printable(first->holds->authority)),
          {}};
}

ProofRow NotLater(const verify::Report& report, const TrustedInput& brought, Verified what) {
  const verify::Stamped* widest = nullptr;
  for (const verify::Stamped& stamp : report.stamps) {
    if (!stamp.holds || !stamp.covers) continue;
    const bool better = widest == nullptr || *stamp.covers > *widest->covers ||
                        (stamp.covers == widest->covers && stamp.holds->time < widest->holds->time);
    if (better) widest = &stamp;
  }
  ProofRow row{"not later", State::kNotProven, "", {}};
  if (widest != nullptr) {
    row.state = State::kPartly;
    row.by = Format("{}: by {}, by {}", Entries(0, widest->covers->value), FormatTime(widest->holds->time),
                    Printable(widest->holds->authority));
    if (report.head && *widest->covers == report.head->size) row.state = State::kProven;
  }
  const auto seen =
      std::ranges::find_if(report.seen, [&](const verify::Seen& one) { return one.size == report.head->size; });
  if (seen != report.seen.end()) {
    if (!row.by.empty()) row.by += "; ";
    row.by += Format("all: by {}, by the clocks of the policy's quorum of witnesses", FormatTime(seen->latest));
    row.state = State::kProven;
  }
  if (row.state == State::kNotProven && what == Verified::kBundle) {
    row.by = std::string(kNoTimeProof) + ", and no witness that you named";
    row.command = CommandOf(what, brought) + " --policy FILE";
  } else if (row.state == State::kNotProven) {
    row.by = "no timestamp, and no witness that you named, proves it";
    row.command = report.stamps.empty() ? "exhibit timestamp add" : CommandOf(what, brought) + " --roots FILE";
  }
  return row;
}

ProofRow Who(const verify::Report& report, const TrustedInput& brought, Verified what) {
  std::string each = "each entry by a key that the log admitted";
  for (const std::string& key : report.unchecked_keys)
    each += Format(" (the head's signature by {} was not checked: this program has not its algorithm)", Printable(key));
  ProofRow row{"who", State::kProven, each + ", from the genesis on", {}};
  if (brought.fingerprint) {
    row.by += ", whose fingerprint you brought";
  } else if (!brought.policy_file.empty()) {
    row.by += ", under the log key of the policy that you brought";
  } else if (!brought.kept.empty()) {
    row.by += ", which this user saw before";
  } else {
    row.state = State::kPartly;
    row.by = each + "; that its first key is the right one is on trust";
    row.command = CommandOf(what, brought) + " --fingerprint HEX";
  }
  return row;
}

std::string EntriesIn(std::size_t count) { return exhibit::Counted(count, "entry", "entries"); }

// The three answers about the entries of a key that others had too.
ProofRow Compromised(const verify::Compromised& key, const TrustedInput& brought, Verified what) {
  const std::string since = FormatEntryTime(key.what.since);
  const bool of_log = key.what.is_the_logs;
  ProofRow row{"stolen key",
               State::kProven,
               Format("{}{}, in other hands since {} (entry {})", of_log ? "the log's key " : "",
                      Printable(key.what.key.text()), since, key.said_in),
               {}};
  const std::string whose = of_log ? "placed by it" : "signed by it";
  if (key.valid > 0) {
    row.by += Format(": {} {} {} proven to be from before, by {}", EntriesIn(key.valid), whose,
                     key.valid == 1 ? "is" : "are", key.valid_by);
  }
  if (!key.only_if_before.empty()) {
    row.state = State::kPartly;
    row.by += Format("{} {} {} {} valid only if before {}: {}", key.valid > 0 ? ";" : ":",
                     EntriesIn(key.only_if_before.size()), whose, key.only_if_before.size() == 1 ? "is" : "are", since,
                     tlog::ListOf(tlog::RangesOf(key.only_if_before)));
    row.command = CommandOf(what, brought) +
                  (what == Verified::kBundle ? " --policy FILE" : " --roots FILE, --policy FILE, --pin FILE");
  }
  if (key.first.value > 0) {
    row.state = State::kPartly;
    row.by += Format("; those before entry {} were not looked at", key.first);
    row.command = "exhibit verify, without --after";
  }
  if (key.valid == 0 && key.only_if_before.empty()) row.by += key.first.value > 0 ? "" : ": nothing was signed by it";
  return row;
}

// The one way round a rule of two.
ProofRow Recovered(tlog::Sequence entry) {
  return {"recovery",
          State::kPartly,
          Format("in entry {} readers took the vault back with the recovery key, which no rule of two stops", entry),
          {}};
}

// What a case key recognises. Of entries that are not told, nobody knows whether they are of the case.
ProofRow OfCase(const verify::Report& report, const verify::Labelled& labelled) {
  const std::size_t all = labelled.items.size();
  ProofRow row{"case " + Printable(labelled.case_name),
               State::kProven,
               Format("{} of {} {} here", all - labelled.missing.size(),
                      Counted(all, "labelled item", "labelled items"), all == 1 ? "is" : "are"),
               {}};
  if (!labelled.missing.empty()) {
    row.state = State::kPartly;
    row.by += "; missing: " + tlog::ListOf(tlog::RangesOf(labelled.missing));
  }
  if (labelled.whole_log) {
    row.by += Format("; of all in the log up to entry {}", labelled.whole_log->value - 1);
  } else if (!report.not_here.empty()) {
    row.state = State::kPartly;
    row.by += "; of entries that are not told, nothing is known";
    row.command = "--log PLACE, of the published log";
  }
  return row;
}

// What the six questions are without an answer of their own.
std::vector<ProofRow> NotProven(const std::string& why) {
  std::vector<ProofRow> rows;
  for (const char* const question : {"integrity", "completeness", "order", "not earlier", "not later", "who"}) {
    rows.push_back({question, State::kNotProven, why, {}});
  }
  return rows;
}

std::vector<ProofRow> NeedNewer(const custody::NewerFrom& newer) {
  const std::string why = Format("a newer version of this program is needed from entry {} on", newer.entry);
  std::vector<ProofRow> rows = NotProven(why);
  if (newer.entry.value == 0) return rows;
  rows.front() = {
      "integrity", State::kPartly, Format("{} as they were signed; {}", Entries(0, newer.entry.value), why), {}};
  return rows;
}

}  // namespace

std::string_view ToText(ProofRow::State state) {
  switch (state) {
    case State::kProven: return "proven";
    case State::kPartly: return "in part";
    case State::kNotProven: return "not proven";
  }
  InternalError("a state has no word", __FILE__, __LINE__);
}

std::vector<ProofRow> ProofTable(const verify::Report& report, const TrustedInput& brought, Verified what) {
  if (report.newer_from && report.findings.empty()) return NeedNewer(*report.newer_from);
  if (!report.head) return NotProven("no signed head of the log was found");
  const std::string order = what == Verified::kBundle
                                ? "each entry at its number, by a proof to the log's signed root"
                                : "each entry after the one before it, by hashes and the log's signed root";
  std::vector<ProofRow> rows = {Integrity(report, brought, what),
                                Unless(report, BearsOnCompleteness, Completeness(report, brought, what)),
                                Unless(report, BearsOnOrder, {"order", State::kProven, order, {}}),
                                Unless(report, BearsOnTime, NotEarlier(report, brought, what)),
                                Unless(report, BearsOnTime, NotLater(report, brought, what)),
                                Unless(report, BearsOnWho, Who(report, brought, what))};
  if (report.ok()) {
    for (const verify::Compromised& key : report.compromised) rows.push_back(Compromised(key, brought, what));
    for (const verify::Labelled& labelled : report.labelled) rows.push_back(OfCase(report, labelled));
  }
  for (const tlog::Sequence entry : report.recoveries) rows.push_back(Recovered(entry));
  return rows;
}

}  // namespace exhibit::tell
