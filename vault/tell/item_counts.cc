#include "vault/tell/item_counts.h"

#include <map>
#include <vector>

#include "vault/base/error.h"
#include "vault/base/format.h"
#include "vault/base/text.h"
#include "vault/tlog/sequence_range.h"

namespace exhibit::tell {
namespace {

using verify::Finding;
using verify::Property;

enum class Fate : std::uint8_t { kChanged, kLost, kNotWhole, kDoesNotHold };

Fate FateOf(const verify::Report& report, tlog::Sequence entry) {
  bool breaks_a_rule = false;
  for (const Finding& finding : report.findings) {
    if (finding.entry != entry || finding.property == Property::kCompanion) continue;
    if (verify::IsLoss(finding)) return Fate::kLost;
    if (finding.because == ErrorCode::kNotFound) return Fate::kNotWhole;
    breaks_a_rule = breaks_a_rule || finding.property == Property::kChain || finding.property == Property::kEntry ||
                    finding.property == Property::kTimestamp || finding.property == Property::kGenesis;
  }
  return breaks_a_rule ? Fate::kDoesNotHold : Fate::kChanged;
}

std::string_view WordsOf(Fate fate, bool is_one) {
  switch (fate) {
    case Fate::kChanged: return is_one ? " was changed" : " were changed";
    case Fate::kLost: return is_one ? " is lost" : " are lost";
    case Fate::kNotWhole: return is_one ? " is not whole" : " are not whole";
    case Fate::kDoesNotHold: return is_one ? " does not hold" : " do not hold";
  }
  InternalError("a fate has no words", __FILE__, __LINE__);
}

std::string FatesOf(const verify::Report& report) {
  std::map<Fate, std::vector<tlog::Sequence>> by_fate;
  for (const tlog::Sequence entry : verify::FailedEntries(report)) by_fate[FateOf(report, entry)].push_back(entry);
  std::string text;
  for (const auto& [fate, entries] : by_fate) {
    const bool is_one = entries.size() == 1;
    text += (text.empty() ? "" : "; ") + std::string(is_one ? "entry " : "entries ") +
            tlog::ListOf(tlog::RangesOf(entries)) + std::string(WordsOf(fate, is_one));
  }
  return text;
}

}  // namespace

std::string CountsOf(const verify::Report& report) {
  std::string text;
  if (report.evidence > 0) {
    text = Format("{} of {} {}", report.items_that_hold(), Counted(report.evidence, "item", "items"),
                  report.evidence == 1 ? "holds" : "hold");
    if (!report.unread_items.empty()) text += Format("; {} could not be read", report.unread_items.size());
  }
  const std::string fates = FatesOf(report);
  return text + (text.empty() || fates.empty() ? "" : "; ") + fates;
}

}  // namespace exhibit::tell
