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
  if (report.resumed) {
    row.by +=
        "; those before " + std::to_string(report.resumed->checkpoint.size.value) + " as when they were verified";
  }
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
    return {"completeness", State::kNotProven, "a bundle shows what is in it, not what its maker left out",
            "exhibit verify-log, of the published log"};
  }
  ProofRow row{"completeness",
               State::kPartly,
               "none of " + std::to_string(report.head->size.value) + " entries is missing, by the log's key",
               {}};
  const auto witnesses = report.witnesses ? report.witnesses->size() : 0;
  if (!report.extends.empty()) {
    row.state = State::kProven;
    row.by += "; it extends what was kept in " + Printable(report.extends.back().where);
  }
  if (witnesses > 0) {
    row.state = State::kProven;
    row.by += "; " + std::to_string(witnesses) + (witnesses == 1 ? " witness has" : " witnesses have") +
              " seen this history";
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
  return {"not earlier",
          State::kPartly,
          "what stands behind entry " + std::to_string(first->entry.value) + ": not before " +
              FormatTime(first->holds->time) + ", by " + Printable(first->holds->authority),
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
    row.by = Entries(0, widest->covers.value) + ": by " + FormatTime(widest->holds->time) + ", by " +
             Printable(widest->holds->authority);
    if (report.head && widest->covers == report.head->size) row.state = State::kProven;
  }
  const auto seen =
      std::ranges::find_if(report.seen, [&](const verify::Seen& one) { return one.size == report.head->size; });
  if (seen != report.seen.end()) {
    if (!row.by.empty()) row.by += "; ";
    row.by += "all: by " + FormatTime(seen->latest) + ", by the clocks of the policy's quorum of witnesses";
    row.state = State::kProven;
  }
  if (row.state == State::kNotProven) {
    row.by = "no timestamp or witness that you named says so";
    row.command = report.stamps.empty() ? "exhibit timestamp add" : CommandOf(what) + " --tsa-root FILE";
  }
  return row;
}

ProofRow Who(const Brought& brought, Verified what) {
  ProofRow row{"who",
               State::kProven,
               "each entry by a key that the log admitted, from the genesis on, whose fingerprint you brought",
               {}};
  if (brought.fingerprint_from.empty()) {
    row.state = State::kPartly;
    row.by = "each entry by a key that the log admitted; that its first key is the right one is on trust";
    row.command = CommandOf(what) + " --fingerprint HEX";
  } else if (brought.fingerprint_from != "--fingerprint") {
    row.by = "each entry by a key that the log admitted, from the genesis that was seen first";
  }
  return row;
}

// "7, 9-12"; of many ranges the first ones.
std::string RangesOf(const std::vector<tlog::Sequence>& entries) {
  constexpr std::size_t kMostRanges = 8;
  std::string text;
  std::size_t ranges = 0;
  for (std::size_t i = 0; i < entries.size(); ++ranges) {
    std::size_t last = i;
    while (last + 1 < entries.size() && entries[last + 1].value == entries[last].value + 1) ++last;
    if (ranges == kMostRanges) return text + " and more";
    text += (text.empty() ? "" : ", ") + std::to_string(entries[i].value);
    if (last > i) text += "-" + std::to_string(entries[last].value);
    i = last + 1;
  }
  return text;
}

std::string Counted(std::uint64_t count) { return std::to_string(count) + (count == 1 ? " entry" : " entries"); }

// The three answers about what a key signed that others had too.
ProofRow Compromised(const verify::Compromised& key, Verified what) {
  const std::string since = FormatTime(key.what.since);
  const bool of_log = key.what.of == custody::Compromise::Of::kLog;
  ProofRow row{"stolen key",
               State::kProven,
               (of_log ? "the log's key " : "") + Printable(key.what.key) + ", in other hands since " + since +
                   " (entry " + std::to_string(key.said_in.value) + ")",
               {}};
  const std::string whose = of_log ? " placed by it" : " signed by it";
  if (key.valid > 0) {
    row.by += ": " + Counted(key.valid) + whose + (key.valid == 1 ? " is" : " are") +
              " proven to be from before, by " + key.valid_by;
  }
  if (!key.only_if_before.empty()) {
    row.state = State::kPartly;
    row.by += std::string(key.valid > 0 ? "; " : ": ") + Counted(key.only_if_before.size()) + whose +
              (key.only_if_before.size() == 1 ? " is" : " are") + " valid only if before " + since + ": " +
              RangesOf(key.only_if_before);
    row.command = CommandOf(what) +
                  (what == Verified::kBundle ? " --policy FILE" : " --tsa-root FILE, --policy FILE, --since FILE");
  }
  if (key.first.value > 0) {
    row.state = State::kPartly;
    row.by += "; those before entry " + std::to_string(key.first.value) + " were not looked at";
    row.command = "exhibit verify, without --since";
  }
  if (key.valid == 0 && key.only_if_before.empty()) row.by += key.first.value > 0 ? "" : ": nothing was signed by it";
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
  const std::string order = what == Verified::kBundle
                                ? "each entry at its position, by a proof to the log's signed root"
                                : "each entry behind the one before, by hashes and the log's signed root";
  std::vector<ProofRow> rows = {
      Integrity(report, what),  Completeness(report, what), {"order", State::kProven, order, {}},
      NotEarlier(report, what), NotLater(report, what),     Who(brought, what)};
  for (const verify::Compromised& key : report.compromised) rows.push_back(Compromised(key, what));
  return rows;
}

}  // namespace exhibit::cli
