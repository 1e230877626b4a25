#include "vault/custody/state.h"

#include <algorithm>

#include "vault/base/encoding.h"
#include "vault/base/format.h"
#include "vault/base/text.h"
#include "vault/custody/present.h"

namespace exhibit::custody {
namespace {

Failure Broken(tlog::Sequence sequence, const std::string& rule) {
  return Fail(ErrorCode::kTampered, NameOf(sequence) + ": " + rule);
}

Failure NeedsNewer(const NewerFrom& newer) {
  return Fail(
      ErrorCode::kUnsupported,
      Format("{} asks for version {} of the formats, which this program does not know; what is before it was checked",
             NameOf(newer.entry), newer.version),
      "a newer version of exhibit may know it");
}

}  // namespace

std::string ToText(const Remark& remark) {
  const std::string entry = NameOf(remark.entry);
  switch (remark.kind) {
    case Remark::Kind::kClockSteppedBack: return entry + " says an earlier time than an entry before it";
    case Remark::Kind::kCosignerAdmittedByActor: return entry + ": its cosigner was admitted by its actor alone";
    case Remark::Kind::kBySuspended: return entry + " is by " + NameOf(*remark.person) + ", who is suspended";
  }
  InternalError("a remark has no words", __FILE__, __LINE__);
}

State::State(const SignedEntry& genesis, Ask ask)
    : genesis_(genesis.parsed()),
      facts_(genesis.parsed(), *Fingerprint::From(genesis.leaf().view())),
      next_{1},
      previous_(genesis.leaf()),
      law_{0},
      last_time_(genesis.parsed().time),
      ask_(std::move(ask)) {}

Result<State> State::Begin(const SignedEntry& genesis, Ask ask) {
  const Entry& entry = genesis.parsed();
  const auto* const body = std::get_if<Genesis>(&entry.body);
  if (body == nullptr) return Fail(ErrorCode::kInvalid, "entry 0 is not a genesis entry");
  if (entry.actor != ActorOf(body->custodian.key)) {
    return Fail(ErrorCode::kInvalid, "the genesis entry is not signed by the custodian that it names");
  }
  if (entry.cosigner) return Fail(ErrorCode::kInvalid, "the genesis entry has a cosigner");
  return State(genesis, std::move(ask));
}

Result<State> State::Resume(const SignedEntry& genesis, std::span<const SignedEntry> acts, const SignedEntry& last,
                            Ask ask) {
  TRY(State state, Begin(genesis));
  state.ask_.lost = ask.lost;
  // All are in the log, and what has no sealed file is among the acts.
  state.facts_.told.Change().Add(ItemSet::Range{0, last.parsed().sequence.value});
  for (const SignedEntry& act : acts) {
    const Entry& entry = act.parsed();
    if (entry.sequence > last.parsed().sequence) return Broken(entry.sequence, "is after the last entry");
    if (state.facts_.newer) return NeedsNewer(*state.facts_.newer);
    TRY_VOID(state.LookForLaw(entry));
    auto accepted = state.Accept(act, nullptr, Gap::kAllowed);
    if (!accepted) {
      TRY(const bool is_excused, state.HasLostBefore(entry.sequence));
      if (!is_excused || entry.sequence < state.next_) return Fail(std::move(accepted).error());
      state.PassOver(act);
      continue;
    }
    const auto signatures = CheckSignatures(act, accepted->signers);
    if (!signatures) return Broken(entry.sequence, signatures.error().message);
  }
  if (state.facts_.newer && state.facts_.newer->entry < last.parsed().sequence) return NeedsNewer(*state.facts_.newer);
  TRY_VOID(state.LookForLaw(last.parsed()));
  state.next_ = {last.parsed().sequence.value + 1};
  state.previous_ = last.leaf();
  state.last_time_ = last.parsed().time;
  state.facts_.saw_every_entry = acts.empty() && last.parsed().sequence.value == 0;
  state.ask_ = std::move(ask);
  state.ask_.lost = {};
  return state;
}

Result<void> State::LookForLaw(const Entry& entry) {
  if (entry.law <= law_ || entry.law >= entry.sequence || !ask_.lost) return {};
  TRY(const bool is_lost, ask_.lost(entry.law));
  if (!is_lost) return {};
  unread_.Add(ItemSet::Range{entry.law.value, entry.law.value});
  law_ = entry.law;
  return {};
}

Result<bool> State::HasLostBefore(tlog::Sequence end) const {
  if (!unread_.empty()) return true;
  for (tlog::Sequence at{1}; ask_.lost && at < end; ++at.value) {
    TRY(const bool is_lost, ask_.lost(at));
    if (is_lost) return true;
  }
  return false;
}

Result<State::Accepted> State::Accept(const SignedEntry& next, const FieldList* fields) {
  return Accept(next, fields, Gap::kNone);
}
Result<State::Accepted> State::AcceptTold(const SignedEntry& next, const FieldList* fields) {
  return Accept(next, fields, Gap::kAllowed);
}

Result<State::Accepted> State::Accept(const SignedEntry& next, const FieldList* fields, Gap gap) {
  if (facts_.newer) return NeedsNewer(*facts_.newer);
  TRY_VOID(CheckPlace(next, gap));
  const Entry& entry = next.parsed();
  auto signers = MayFollow(entry, fields);
  if (!signers) return Broken(entry.sequence, signers.error().message);
  Accepted accepted{std::move(*signers)};
  Take(entry);
  accepted.remarks = RemarksOn(entry);
  PassOver(next);
  return accepted;
}

void State::PassOver(const SignedEntry& entry) {
  const tlog::Sequence at = entry.parsed().sequence;
  EXHIBIT_ASSERT(at >= next_);
  next_ = {at.value + 1};
  previous_ = entry.leaf();
  last_time_ = entry.parsed().time;
  if (unread_.Has(entry.parsed().law.value)) law_ = std::max(law_, entry.parsed().law);
  if (IsLaw(entry.parsed().body)) law_ = at;
  facts_.told.Change().Add(ItemSet::Range{at.value, at.value});
  if (!HasSealedFile(entry.parsed().body)) facts_.unsealed.Change().Add(ItemSet::Range{at.value, at.value});
}

void State::PassOverUnread(tlog::Sequence at, const tlog::LeafHash* leaf) {
  EXHIBIT_ASSERT(at >= next_);
  unread_.Add(ItemSet::Range{at.value, at.value});
  if (leaf == nullptr) return;
  next_ = {at.value + 1};
  previous_ = *leaf;
}

Result<void> State::CheckPlace(const SignedEntry& next, Gap gap) const {
  const Entry& entry = next.parsed();
  if (entry.origin != facts_.origin) {
    return Broken(entry.sequence, "belongs to another vault: origin " + Printable(entry.origin.text()));
  }
  if (entry.sequence < next_ || (gap == Gap::kNone && entry.sequence != next_)) {
    return Broken(next_, "says that it is " + NameOf(entry.sequence));
  }
  if (entry.sequence == next_ && entry.previous != previous_) {
    return Broken(next_, "does not follow the entry before it: prev is " + ToHex(entry.previous.view()) +
                             ", and that entry's hash is " + ToHex(previous_.view()));
  }
  if (entry.law == law_ || (entry.law > law_ && unread_.Has(entry.law.value))) return {};
  return Broken(entry.sequence, "its law is " + NameOf(entry.law) + ", and the last law entry before it is " +
                                    NameOf(law_) + ": an entry was left out, or its signer lied");
}

Result<void> State::MayAct(const Actor& actor, const ActForm& form) const {
  TRY(const Membership* const member, Present(facts_, actor));
  const std::string who = Printable(actor.text());
  const bool may = member->roles.Has(Role::kCustodian) ||
                   (form.actor == ActorRule::kCollectorToo && member->roles.Has(Role::kCollector));
  const std::string act(form.act.empty() ? form.type : form.act);
  if (!may) return Denied(who + " holds no role that may sign an entry that is to " + act);
  if (form.law != LawRule::kYes || form.act == "lift" || !facts_.Stopped().contains(member->person)) return {};
  return Denied(NameOf(member->person) + " is stopped by a suspension, and signs no " + act,
                "the persons who are not stopped can lift it");
}

Result<Signers> State::MayFollow(const Entry& entry, const FieldList* fields) const {
  if (entry.sealed && entry.sealed->labels.count() != facts_.label_count) {
    return Refused(Format("it has {} labels, and each entry of this vault has {}", entry.sealed->labels.count().value,
                          facts_.label_count.value));
  }
  TRY_VOID(CheckAct({facts_, entry, ask_, fields}));
  return Signers::Of(facts_, entry);
}

void State::Take(const Entry& entry) {
  std::visit([&](const auto& act) { act.Apply(facts_, entry); }, entry.body);
  facts_.EndSuspensions();
  const auto note_first = [&](const Actor& actor) {
    if (!facts_.first_signed->contains(actor)) facts_.first_signed.Change().emplace(actor, entry.sequence);
  };
  note_first(entry.actor);
  if (entry.cosigner) note_first(*entry.cosigner);
}

std::vector<Remark> State::RemarksOn(const Entry& entry) const {
  std::vector<Remark> remarks;
  if (entry.time < last_time_) remarks.push_back({Remark::Kind::kClockSteppedBack, entry.sequence});
  if (entry.cosigner && FormOf(entry.body).cosigner == CosignerRule::kMay) {
    const Membership* const cosigner = facts_.FindPresent(*entry.cosigner);
    if (cosigner != nullptr && cosigner->admitted_by_alone == entry.actor) {
      remarks.push_back({Remark::Kind::kCosignerAdmittedByActor, entry.sequence});
    }
  }
  const Membership* const actor = facts_.FindPresent(entry.actor);
  if (actor != nullptr && facts_.IsSuspended(actor->person)) {
    remarks.push_back({Remark::Kind::kBySuspended, entry.sequence, actor->person});
  }
  return remarks;
}

}  // namespace exhibit::custody
