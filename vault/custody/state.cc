#include "vault/custody/state.h"

#include "vault/base/encoding.h"
#include "vault/base/format.h"
#include "vault/base/text.h"

namespace exhibit::custody {
namespace {

using tlog::NameOf;

Failure Broken(tlog::Sequence at, std::string_view rule) {
  return Fail(ErrorCode::kTampered, NameOf(at) + ": " + std::string(rule));
}

}  // namespace

State::State(const SignedEntry& genesis, AskNamedItem ask)
    : genesis_(genesis.parsed()),
      fingerprint_(*Fingerprint::From(genesis.leaf().view())),
      next_{1},
      previous_(genesis.leaf()),
      last_time_(genesis.parsed().time),
      ask_(std::move(ask)),
      collected_(std::make_shared<std::set<CollectedNumber>>()) {
  const Custodian& first = this->genesis().custodian;
  Facts facts;
  facts.custodians.emplace(ActorOf(first.key), Membership{first, {0}});
  facts.log_keys.emplace(this->genesis().log_key);
  facts.vault_keys.push_back({this->genesis().recipient, {0}});
  for (const Reader& reader : this->genesis().readers) facts.readers.push_back({reader, {0}});
  facts_ = std::make_shared<Facts>(std::move(facts));
}

Result<State> State::Begin(const SignedEntry& genesis, AskNamedItem ask) {
  const Entry& entry = genesis.parsed();
  const auto* const body = std::get_if<Genesis>(&entry.body);
  if (body == nullptr) return Fail(ErrorCode::kInvalid, "entry 0 is not a genesis entry");
  if (entry.sequence.value != 0 || entry.previous != tlog::LeafHash()) {
    return Fail(ErrorCode::kInvalid, "the genesis entry is not entry 0");
  }
  if (entry.actor != ActorOf(body->custodian.key)) {
    return Fail(ErrorCode::kInvalid, "the genesis entry is not signed by the custodian it names");
  }
  if (entry.cosigner) return Fail(ErrorCode::kInvalid, "the genesis entry has a cosigner");
  if (body->log_key.name().text() != entry.origin.text()) {
    return Fail(ErrorCode::kInvalid, "the log key's name is not the origin");
  }
  return State(genesis, std::move(ask));
}

Result<State> State::Resume(const SignedEntry& genesis, std::span<const SignedEntry> acts, const SignedEntry& last,
                            AskNamedItem ask) {
  TRY(State state, Begin(genesis, std::move(ask)));
  for (const SignedEntry& act : acts) {
    const Entry& entry = act.parsed();
    if (entry.origin != state.origin()) return Broken(entry.sequence, "belongs to another vault");
    if (entry.sequence < state.next_ || entry.sequence > last.parsed().sequence) {
      return Broken(entry.sequence, "is out of order among the acts");
    }
    auto signers = CheckAct(*state.facts_, entry);
    if (!signers) return Broken(entry.sequence, signers.error().message);
    const auto signatures = CheckSignatures(act, *signers);
    if (!signatures) return Broken(entry.sequence, signatures.error().message);
    state.Take(entry);
    state.SkipTo({entry.sequence.value + 1}, act.leaf());
  }
  state.SkipTo({last.parsed().sequence.value + 1}, last.leaf());
  state.last_time_ = last.parsed().time;
  return state;
}

void State::SkipTo(tlog::Sequence next, const tlog::LeafHash& previous) {
  next_ = next;
  previous_ = previous;
}

Result<State::Accepted> State::Accept(const SignedEntry& next) {
  TRY_VOID(CheckPlace(next));
  const Entry& entry = next.parsed();
  auto signers = MayFollow(entry);
  if (!signers) return Broken(entry.sequence, signers.error().message);
  Accepted accepted{std::move(*signers), entry.time < last_time_};
  Take(entry);
  next_.value += 1;
  previous_ = next.leaf();
  last_time_ = entry.time;
  return accepted;
}

Result<void> State::CheckPlace(const SignedEntry& next) const {
  const Entry& entry = next.parsed();
  if (entry.origin != genesis_.origin) {
    return Broken(entry.sequence, "belongs to another vault: origin " + Printable(entry.origin.text()));
  }
  if (entry.sequence != next_) return Broken(next_, "says that it is " + NameOf(entry.sequence));
  if (entry.previous != previous_) {
    return Broken(next_, Format("does not follow the entry before it: prev is {}, and that entry's hash is {}",
                                ToHex(entry.previous.view()), ToHex(previous_.view())));
  }
  if (ActOf(entry.body) == Act::kGenesis) return Broken(next_, "a second genesis");
  return {};
}

Result<Signers> State::MayFollow(const Entry& entry) const {
  TRY(Signers signers, CheckAct(*facts_, entry));
  TRY_VOID(CheckNamedItems(entry, ask_));
  TRY_VOID(CheckCollected(entry));
  return signers;
}

Result<void> State::CheckCollected(const Entry& entry) const {
  const CollectedNumber* const number = CollectedNumberOf(entry.body);
  if (number == nullptr) return {};
  TRY_VOID(CheckUnused(*number, collected_->contains(*number)));
  if (!ask_collected_) return {};
  TRY(const bool used, ask_collected_(*number));
  return CheckUnused(*number, used);
}

void State::Take(const Entry& entry) {
  if (const CollectedNumber* const number = CollectedNumberOf(entry.body)) {
    if (collected_.use_count() > 1) collected_ = std::make_shared<std::set<CollectedNumber>>(*collected_);
    collected_->insert(*number);
  }
  if (!ChangesFacts(ActOf(entry.body))) return;
  if (facts_.use_count() > 1) facts_ = std::make_shared<Facts>(*facts_);
  Apply(*facts_, entry);
}

const Custodian* State::FindCustodian(const std::string& actor) const {
  const Membership* const member = facts_->Find(actor);
  return member == nullptr ? nullptr : &member->custodian;
}

}  // namespace exhibit::custody
