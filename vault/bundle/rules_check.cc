#include "vault/bundle/rules_check.h"

#include <utility>

#include "vault/base/format.h"
#include "vault/custody/act_index.h"
#include "vault/custody/signatures.h"

namespace exhibit::bundle {
namespace {

using verify::Property;

void AddFinding(RulesCheck::Checked& checked, tlog::Sequence at, Property property, std::string message) {
  checked.findings.push_back({property, at, {}, {}, verify::WithoutNoun(at, std::move(message))});
}

// A change of what may follow counts only if its signatures fit.
bool ChangesWhatMayFollow(const custody::Entry& entry) {
  if (custody::ChangesState(entry.body) || custody::IsLaw(entry.body)) return true;
  const auto* const item = std::get_if<custody::Item>(&entry.body);
  return item != nullptr && item->collected.has_value();
}

// So does the first entry of a key: what was stamped after it limits what may be said of the key (docs/FORMAT.md, "Keys
// that others had too").
bool IsFirstOfItsKey(const custody::Facts& facts, const custody::Entry& entry) {
  const auto signed_before = [&](const custody::Actor& actor) { return facts.first_signed->contains(actor); };
  return !signed_before(entry.actor) || (entry.cosigner && !signed_before(*entry.cosigner));
}

}  // namespace

RulesCheck::Checked RulesCheck::Begin(const custody::SignedEntry& genesis) {
  const tlog::Sequence zero{0};
  Checked checked;
  custody::Ask ask;
  ask.leaf = [this](tlog::Sequence at) -> Result<std::optional<tlog::LeafHash>> {
    const auto found = leaves_.find(at);
    return found == leaves_.end() ? std::optional<tlog::LeafHash>() : std::optional(found->second);
  };
  auto state = custody::State::Begin(genesis, std::move(ask));
  if (!state) {
    AddFinding(checked, zero, Property::kGenesis, state.error().message);
    return checked;
  }
  state_.emplace(std::move(*state));
  leaves_.emplace(zero, genesis.leaf());
  const auto signers = custody::Signers::Of(state_->facts(), genesis.parsed());
  const auto is_signed = signers ? custody::CheckSignatures(genesis, *signers) : Result<void>(Fail(signers.error()));
  if (signers) signers_.Add(zero, *signers);
  if (!is_signed) AddFinding(checked, zero, Property::kSignature, is_signed.error().message);
  return checked;
}

RulesCheck::Checked RulesCheck::Check(const custody::SignedEntry& entry, const custody::FieldList* fields) {
  const tlog::Sequence at = entry.parsed().sequence;
  Checked checked;
  leaves_.emplace(at, entry.leaf());
  const bool checks_now = ChangesWhatMayFollow(entry.parsed()) || IsFirstOfItsKey(state_->facts(), entry.parsed());
  std::optional<custody::State> before = checks_now ? state_ : std::nullopt;
  auto accepted = state_->AcceptTold(entry, fields);
  if (!accepted) {
    AddFinding(checked, at, Property::kChain, accepted.error().message);
    state_->PassOver(entry);
    // Whether the keys that it names signed it is a finding of its own.
    auto signers = custody::Signers::Of(state_->facts(), entry.parsed());
    if (signers) checked.signers.emplace(std::move(*signers));
    return checked;
  }
  for (const custody::Remark& remark : accepted->remarks) checked.remarks.push_back(custody::ToText(remark));
  signers_.Add(at, accepted->signers);
  if (!checks_now) {
    checked.signers.emplace(std::move(accepted->signers));
    return checked;
  }
  const auto is_signed = custody::CheckSignatures(entry, accepted->signers);
  if (is_signed) return checked;
  AddFinding(checked, at, Property::kSignature, is_signed.error().message);
  state_ = std::move(before);
  state_->PassOver(entry);
  return checked;
}

void RulesCheck::PassOverUnread(tlog::Sequence at) {
  if (state_ && at >= state_->next_sequence()) state_->PassOverUnread(at, nullptr);
}

}  // namespace exhibit::bundle
