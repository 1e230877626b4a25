#include "vault/custody/judging.h"

#include "vault/base/format.h"
#include "vault/base/text.h"
#include "vault/custody/present.h"

namespace exhibit::custody {
namespace {

std::string ShownActor(const Actor& actor) { return Printable(actor.text()); }

std::string WhatItIs(const Judging& at) { return "an entry that is to " + std::string(WordFor(at.entry.body)); }

// --- who signs ---

bool CollectorsToo(const EntryBody& body) {
  if (FormOf(body).actor != ActorRule::kCollectorToo) return false;
  const auto* const item = std::get_if<Item>(&body);
  return item == nullptr || !item->AsksCustodian();
}

Result<const Membership*> CheckActor(const Judging& at) {
  TRY(const Membership* const member, Present(at.facts, at.entry.actor));
  const bool may =
      member->roles.Has(Role::kCustodian) || (CollectorsToo(at.entry.body) && member->roles.Has(Role::kCollector));
  if (may) return member;
  return Denied(ShownActor(at.entry.actor) + " holds no role that may sign " + WhatItIs(at));
}

Result<void> CheckNotStopped(const Judging& at, Person person) {
  if (!RefusesStopped(at.entry.body) || !at.facts.Stopped().contains(person)) return {};
  return Refused(NameOf(person) + " is stopped by a suspension, and signs no " + std::string(WordFor(at.entry.body)),
                 "the persons who are not stopped can lift it: exhibit suspend --lift");
}

const tlog::VerifierKey& BroughtKey(const EntryBody& body) {
  if (const auto* const rotate = std::get_if<Rotate>(&body)) return rotate->brought_key();
  return std::get<Recovery>(body).brought_key();
}

Result<void> CheckNewKeySigns(const Judging& at) {
  const Actor key = ActorOf(BroughtKey(at.entry.body));
  if (at.entry.cosigner == key) return {};
  return Denied("the new key " + ShownActor(key) + " must sign too, as the cosigner");
}

// Another custodian, of another person. Null where there is none.
Result<const Membership*> CheckCosigner(const Judging& at, const Membership& actor) {
  if (!at.entry.cosigner) return nullptr;
  if (FormOf(at.entry.body).cosigner == CosignerRule::kNone) return Denied(WhatItIs(at) + " has no cosigner");
  TRY(const Membership* const cosigner, Present(at.facts, *at.entry.cosigner));
  if (!cosigner->roles.Has(Role::kCustodian))
    return Denied("the cosigner " + ShownActor(*at.entry.cosigner) + " is not a custodian");
  if (cosigner->person == actor.person) {
    return Denied("both keys are of " + NameOf(actor.person) + "; the cosigner must be another person's");
  }
  return cosigner;
}

bool NeedsTwo(const Judging& at) {
  return std::visit(
      [&]<typename Act>(const Act& act) {
        if constexpr (HasNeedsTwo<Act>) return act.NeedsTwo(at);
        return false;
      },
      at.entry.body);
}

Result<void> CheckTwo(const Judging& at) {
  if (at.entry.cosigner || !NeedsTwo(at)) return {};
  return Denied("this vault asks for two persons to " + std::string(WordFor(at.entry.body)) + "; one signed",
                "let another custodian sign too: --cosigner-key FILE");
}

Result<void> CheckRecoverySigners(const Judging& at) {
  const tlog::VerifierKey* const recovery = at.facts.recovery();
  if (recovery == nullptr) return Denied("no recovery key is in force");
  if (at.entry.actor != ActorOf(*recovery)) return Denied("it is not signed by the recovery key");
  return CheckNewKeySigns(at);
}

Result<void> CheckSigners(const Judging& at) {
  const ActForm& form = FormOf(at.entry.body);
  if (form.actor == ActorRule::kNamedCustodian) return Refused("a second genesis");
  if (form.actor == ActorRule::kRecoveryKey) return CheckRecoverySigners(at);
  TRY(const Membership* const actor, CheckActor(at));
  TRY_VOID(CheckNotStopped(at, actor->person));
  if (form.cosigner == CosignerRule::kNewKey) return CheckNewKeySigns(at);
  TRY(const Membership* const cosigner, CheckCosigner(at, *actor));
  if (cosigner != nullptr) TRY_VOID(CheckNotStopped(at, cosigner->person));
  return CheckTwo(at);
}

// --- the items that it names ---

Result<void> CheckNamedItems(const Judging& at) {
  const ItemSet* const items = NamedItemsOf(at.entry.body);
  if (items == nullptr) return {};
  const std::uint64_t last = items->ranges().back().last;
  if (last >= at.entry.sequence.value) return Refused(Format("entry {} is not an earlier one", last));
  const auto other = at.facts.unsealed->FindCommon(*items);
  return other ? Refused(Format("entry {} has no sealed file, and is named like an item", *other)) : Result<void>();
}

// After a retirement, a rule, a suspension or other readers somebody must be left who can lift what is in force.
Result<void> CheckWayOut(const Judging& at) {
  const EntryBody& body = at.entry.body;
  const bool may_close = std::holds_alternative<Suspend>(body) || std::holds_alternative<Retire>(body) ||
                         std::holds_alternative<Rule>(body) || std::holds_alternative<ReaderChange>(body);
  if (!may_close || (at.facts.suspensions.empty() && !std::holds_alternative<Suspend>(body))) return {};
  Facts after = at.facts;
  std::visit([&](const auto& act) { act.Apply(after, at.entry); }, body);
  after.EndSuspensions();
  if (after.suspensions.empty() || after.HasWayOut()) return {};
  return Refused("it leaves nobody who could lift a suspension",
                 "lift the suspension first, or admit another custodian");
}

}  // namespace

Result<void> CheckNotShredded(const Facts& facts, const ItemSet& items) {
  const auto shredded = facts.shredded->FindCommon(items);
  return shredded ? Refused(Format("item {} is shredded", *shredded)) : Result<void>();
}

Result<void> CheckOfThisVault(const Facts& facts, const tlog::Origin& origin, const Fingerprint& fingerprint,
                              std::string_view what) {
  if (origin != facts.origin)
    return Refused(std::string(what) + " is of another vault: origin " + Printable(origin.text()));
  if (fingerprint == facts.fingerprint) return {};
  return Refused(std::string(what) + " is of another vault of this origin: fingerprint " + ToHex(fingerprint.view()));
}

Result<void> CheckUsedOnce(const Facts& facts, const StatementDigest& text, std::string_view what) {
  return facts.statements->contains(text) ? Refused(std::string(what) + " is in the log already") : Result<void>();
}

Result<void> CheckNewKey(const Facts& facts, const tlog::VerifierKey& key) {
  if (!facts.KnowsPublicKey(key.public_key().view()) && facts.Find(ActorOf(key)) == nullptr) return {};
  return Refused("key " + ShownActor(ActorOf(key)) + " was known to this vault before; a key is admitted once",
                 "make a new key: exhibit keygen");
}

Result<void> CheckAdmission(const Facts& facts, const Custodian& custodian) {
  TRY_VOID(CheckNewKey(facts, custodian.key));
  const std::string handle(custodian.key.name().text());
  if (facts.handles.contains(handle)) return Refused("the handle " + Printable(handle) + " was given before");
  if (custodian.person.number <= facts.highest.number + 1) return {};
  return Refused(Format("{} does not follow the highest so far, {}", NameOf(custodian.person), facts.highest.number));
}

Result<const Membership*> PresentCollector(const Facts& facts, const Actor& actor) {
  TRY(const Membership* const member, Present(facts, actor));
  if (member->roles.Has(Role::kCollector) || member->roles.Has(Role::kCustodian)) return member;
  return Denied(ShownActor(actor) + " is neither collector nor custodian");
}

Result<const Membership*> EverCollector(const Facts& facts, const Actor& actor) {
  const Membership* const member = facts.Find(actor);
  if (member != nullptr && (member->roles.Has(Role::kCollector) || member->roles.Has(Role::kCustodian))) return member;
  return Denied("key " + ShownActor(actor) + " was never a collector's of this vault");
}

Result<void> CheckAct(const Judging& at) {
  if (at.facts.closed) return Refused(NameOf(*at.facts.closed) + " closed this log, and nothing follows it");
  TRY_VOID(CheckSigners(at));
  TRY_VOID(CheckNamedItems(at));
  TRY_VOID(std::visit([&](const auto& act) { return act.Check(at); }, at.entry.body));
  return CheckWayOut(at);
}

}  // namespace exhibit::custody
