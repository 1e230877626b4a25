#include "vault/bundle/rules_check.h"

#include <utility>

#include "vault/base/encoding.h"
#include "vault/base/format.h"
#include "vault/base/text.h"
#include "vault/custody/signatures.h"

namespace exhibit::bundle {
namespace {

void AddFinding(RulesCheck::Checked& checked, tlog::Sequence sequence, std::string message) {
  checked.findings.push_back({verify::Property::kChain, sequence, {}, {}, std::move(message)});
}

}  // namespace

void RulesCheck::NoteKnown(tlog::Sequence sequence, const custody::SignedEntry& entry) {
  known_.insert_or_assign(sequence, custody::NamedItemOf(entry));
}

void RulesCheck::Begin(const custody::SignedEntry& genesis, const custody::State& state) {
  origin_ = state.origin();
  facts_ = state.facts();
  signers_.Add(genesis.parsed());
}

RulesCheck::Checked RulesCheck::Check(tlog::Sequence sequence, const custody::SignedEntry& entry) {
  const custody::Entry& act = entry.parsed();
  NoteKnown(sequence, entry);
  Checked checked;
  const bool in_place = CheckPlace(act, sequence, checked);
  const bool may_sign = CheckSigners(entry, sequence, checked);
  checked.is_allowed = in_place && may_sign;
  if (!checked.is_allowed) return checked;
  signers_.Add(act);
  const auto* const number = custody::CollectedNumberOf(act.body);
  // A change of the rules counts only if its signatures fit, and so does a collector's number.
  if (number == nullptr && !custody::ChangesFacts(custody::ActOf(act.body))) return checked;
  checked.signatures = custody::CheckSignatures(entry, *std::exchange(checked.signers, std::nullopt));
  if (!checked.signatures) return checked;
  custody::Apply(facts_, act);
  if (number != nullptr) collected_.insert(*number);
  return checked;
}

// False if it is not the entry of this vault and number, or does not follow the entry before it, if the bundle has that: entries are
// checked in order, so it was read.
bool RulesCheck::CheckPlace(const custody::Entry& entry, tlog::Sequence sequence, Checked& checked) const {
  if (entry.sequence != sequence) {
    AddFinding(checked, sequence, Format("says that it is entry {}", entry.sequence));
  }
  if (entry.origin != *origin_) {
    AddFinding(checked, sequence, "belongs to another vault: origin " + Printable(entry.origin.text()));
  }
  const auto before = known_.find({sequence.value - 1});
  if (before != known_.end() && before->second.leaf != entry.previous) {
    AddFinding(checked, sequence,
               Format("does not follow the entry before it: prev is {}, and that entry's hash is {}",
                      ToHex(entry.previous.view()), ToHex(before->second.leaf.view())));
  }
  return checked.findings.empty();
}

bool RulesCheck::CheckSigners(const custody::SignedEntry& entry, tlog::Sequence sequence, Checked& checked) const {
  const auto ask = [this](tlog::Sequence at) -> Result<custody::NamedItem> {
    const auto known = known_.find(at);
    return known == known_.end() ? custody::NamedItem() : known->second;
  };
  auto signers = custody::CheckAct(facts_, entry.parsed());
  auto allowed = signers ? custody::CheckNamedItems(entry.parsed(), ask) : Result<void>(Fail(signers.error()));
  if (const auto* const number = custody::CollectedNumberOf(entry.parsed().body); number != nullptr && allowed) {
    allowed = custody::CheckUnused(*number, collected_.contains(*number));
  }
  if (!allowed) AddFinding(checked, sequence, allowed.error().message);
  // Whether they signed is a finding apart from whether they may.
  if (!signers) signers = custody::Signers::Of(facts_, entry.parsed());
  if (signers) checked.signers = std::move(*signers);
  return allowed.has_value();
}

}  // namespace exhibit::bundle
