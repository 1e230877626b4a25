#include "cli/proof_table.h"

#include <algorithm>

#include "vault/base/clock.h"
#include "vault/base/error.h"
#include "vault/base/text.h"

namespace exhibit::cli {
namespace {

using State = ProofRow::State;

std::string Entries(std::uint64_t first, std::uint64_t end) {
  if (end == first + 1) return "entry " + std::to_string(first);
  return "entries " + std::to_string(first) + " to " + std::to_string(end - 1);
}

std::string CommandOf(Verified what) {
  switch (what) {
    case Verified::kVault: return "exhibit verify";
    case Verified::kPublishedLog: return "exhibit verify-log";
    case Verified::kBundle: return "exhibit verify-bundle";
  }
  InternalError("what was verified has no command", __FILE__, __LINE__);
}

ProofRow Integrity(const verify::Report& report, Verified what) {
  ProofRow row{"integrity", State::kPartly, std::to_string(report.entries) + " entries as they were signed", {}};
  if (report.items > 0) row.by += ", " + std::to_string(report.items) + " sealed files as their entries say";
  if (report.contents > 0) row.by += ", " + std::to_string(report.contents) + " contents as they were taken in";
  if (report.resumed) row.by += "; those before " + std::to_string(report.resumed->checkpoint.size.value) + " as when they were verified";
  if (what == Verified::kPublishedLog) {
    row.by += "; sealed files are not published";
    row.command = "exhibit verify, at the vault; exhibit verify-bundle, of a bundle";
  } else if (report.depth == verify::Depth::kLog) {
    row.by += "; sealed files were not read";
    row.command = "exhibit verify";
  } else if (report.depth == verify::Depth::kSealed) {
    row.by += "; contents were not decrypted";
    row.command = CommandOf(what) + (what == Verified::kVault ? " --content -i KEY" : " -i KEY");
  } else {
    row.state = State::kProven;
  }
  return row;
}

ProofRow Completeness(const verify::Report& report, Verified what) {
  if (what == Verified::kBundle) {
    return {"completeness", State::kNotProven, "a bundle shows what is in it, not what its maker left out", "exhibit verify-log, of the published log"};
  }
  ProofRow row{"completeness", State::kPartly, "none of " + std::to_string(report.head->size.value) + " entries is missing, by the log's key", {}};
  const auto witnesses = report.witnesses ? report.witnesses->size() : 0;
  if (!report.extends.empty()) {
    row.state = State::kProven;
    row.by += "; it extends what was kept in " + Printable(report.extends.back().where);
  }
  if (witnesses > 0) {
    row.state = State::kProven;
    row.by += "; " + std::to_string(witnesses) + (witnesses == 1 ? " witness has" : " witnesses have") + " seen this history";
  }
  if (row.state == State::kPartly) {
    row.by += "; that it had no longer end is the vault's word";
    row.command = CommandOf(what) + " --since FILE, --policy FILE";
  }
  return row;
}

ProofRow NotEarlier(const verify::Report& report, Verified what) {
  const verify::Stamped* first = nullptr;
  for (const verify::Stamped& stamp : report.stamps) {
    if (stamp.holds && (first == nullptr || stamp.entry < first->entry)) first = &stamp;
  }
  if (first == nullptr) {
    return {"not earlier", State::kNotProven, "when an entry was made is its signer's word",
            report.stamps.empty() ? "exhibit timestamp add" : CommandOf(what) + " --tsa-root FILE"};
  }
  return {"not earlier", State::kPartly,
          "what stands behind entry " + std::to_string(first->entry.value) + ": not before " + FormatTime(first->holds->time) +
              ", by " + Printable(first->holds->authority),
          {}};
}

ProofRow NotLater(const verify::Report& report, Verified what) {
  const verify::Stamped* widest = nullptr;
  for (const verify::Stamped& stamp : report.stamps) {
    if (!stamp.holds) continue;
    const bool better = widest == nullptr || stamp.covers > widest->covers ||
                        (stamp.covers == widest->covers && stamp.holds->time < widest->holds->time);
    if (better) widest = &stamp;
  }
  ProofRow row{"not later", State::kNotProven, "", {}};
  if (widest != nullptr) {
    row.state = State::kPartly;
    row.by = Entries(0, widest->covers.value) + ": by " + FormatTime(widest->holds->time) + ", by " + Printable(widest->holds->authority);
    if (report.head && widest->covers == report.head->size) row.state = State::kProven;
  }
  if (report.witnesses && !report.witnesses->empty()) {
    const auto first = std::ranges::min_element(*report.witnesses, {}, &tlog::Witnessed::time);
    if (!row.by.empty()) row.by += "; ";
    row.by += "all: by the clock of witness " + Printable(first->name);
    row.state = State::kProven;
  }
  if (row.state == State::kNotProven) {
    row.by = "no timestamp or witness that you named says so";
    row.command = report.stamps.empty() ? "exhibit timestamp add" : CommandOf(what) + " --tsa-root FILE";
  }
  return row;
}

ProofRow Who(const Brought& brought, Verified what) {
  ProofRow row{"who", State::kProven, "each entry by a key that the log admitted, from the genesis on, whose fingerprint you brought", {}};
  if (brought.fingerprint_from.empty()) {
    row.state = State::kPartly;
    row.by = "each entry by a key that the log admitted; that its first key is the right one is on trust";
    row.command = CommandOf(what) + " --fingerprint HEX";
  } else if (brought.fingerprint_from != "--fingerprint") {
    row.by = "each entry by a key that the log admitted, from the genesis that was seen first";
  }
  return row;
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

std::vector<ProofRow> ProofTable(const verify::Report& report, const Brought& brought, Verified what) {
  if (!report.ok() || !report.head) {
    std::vector<ProofRow> rows;
    for (const char* const question : {"integrity", "completeness", "order", "not earlier", "not later", "who"}) {
      rows.push_back({question, State::kNotProven, "while something does not hold", {}});
    }
    return rows;
  }
  const std::string order = what == Verified::kBundle ? "each entry at its position, by a proof to the log's signed root"
                                                      : "each entry behind the one before, by hashes and the log's signed root";
  return {Integrity(report, what), Completeness(report, what), {"order", State::kProven, order, {}},
          NotEarlier(report, what), NotLater(report, what),    Who(brought, what)};
}

}  // namespace exhibit::cli
