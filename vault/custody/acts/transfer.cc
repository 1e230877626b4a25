#include "vault/custody/acts/transfer.h"

#include "vault/custody/field_forms.h"
#include "vault/custody/judging.h"

namespace exhibit::custody {
namespace {

Result<const Membership*> Party(const Facts& facts, const Actor& actor) {
  const Membership* const member = facts.FindPresent(actor);
  if (member != nullptr && member->roles.Has(Role::kCustodian)) return member;
  return Denied("the statement names " + Printable(actor.text()) + ", who is not an admitted custodian");
}

// With both told, `leaves` is the root over the items.
Result<void> CheckLeaves(const Judging& at) {
  if (at.fields == nullptr || !at.ask.leaf) return {};
  TRY(const auto items, ItemsIn(*at.fields));
  const FieldValue* const leaves = at.fields->Find("leaves");
  if (!items || leaves == nullptr) return {};
  const std::vector<ItemSet::Range>& ranges = *items;
  if (ranges.back().last >= at.entry.sequence.value)
    return Refused("the statement names an item that is not an earlier entry");
  tlog::CompactRange range;
  for (const ItemSet::Range& part : ranges) {
    for (std::uint64_t position = part.first; position <= part.last; ++position) {
      TRY(const auto leaf, at.ask.leaf({position}));
      if (!leaf) return {};
      range.Append(*leaf);
    }
  }
  if (leaves->Text() != nullptr && *leaves->Text() == ToHex(range.Root().view())) return {};
  return Refused("the statement's leaves are not those of its items");
}

}  // namespace

Result<std::vector<tlog::VerifierKey>> Transfer::StatementKeys(const Facts& facts) const {
  const auto key_of = [&](const Actor& actor) -> Result<tlog::VerifierKey> {
    if (const Membership* const member = facts.Find(actor)) return member->key;
    return Denied("key " + Printable(actor.text()) + " was never admitted to this vault");
  };
  TRY(tlog::VerifierKey releaser, key_of(statement.said().released_by));
  std::vector<tlog::VerifierKey> keys = {std::move(releaser)};
  if (outcome != TransferOutcome::kAccepted) return keys;
  TRY(tlog::VerifierKey receiver, key_of(statement.said().received_by));
  keys.push_back(std::move(receiver));
  return keys;
}

Result<void> Transfer::Check(const Judging& at) const {
  const TransferStatement& said = statement.said();
  TRY_VOID(CheckOfThisVault(at.facts, said.origin, said.fingerprint, "the statement"));
  if (at.entry.sealed && said.fields != at.entry.sealed->fields)
    return Refused("the statement has other fields than its entry");
  TRY(const Membership* const releaser, Party(at.facts, said.released_by));
  TRY(const Membership* const receiver, Party(at.facts, said.received_by));
  if (releaser->person == receiver->person)
    return Refused("the statement is of " + NameOf(releaser->person) + " alone");
  TRY_VOID(CheckUsedOnce(at.facts, statement.text_digest(), "the statement"));
  return CheckLeaves(at);
}

void Transfer::Apply(Facts& facts, const Entry& /*entry*/) const {
  facts.statements.Change().insert(statement.text_digest());
}

}  // namespace exhibit::custody
