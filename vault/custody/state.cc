#include "vault/custody/state.h"

#include "vault/base/encoding.h"
#include "vault/base/text.h"

namespace exhibit::custody {
namespace {

Failure Broken(const SignedEntry& entry, std::string_view rule) {
  return Fail(ErrorCode::kTampered, "entry " + std::to_string(entry.entry().sequence.value) + ": " +
                                        std::string(rule));
}

}  // namespace

State::State(const SignedEntry& genesis)
    : genesis_(genesis.entry()),
      fingerprint_(*Fingerprint::From(genesis.leaf().view())),
      next_{1},
      previous_(genesis.leaf()),
      last_time_(genesis.entry().time) {
  const Custodian& first = this->genesis().custodian;
  custodians_.emplace(ActorOf(first.key), first);
}

Result<State> State::Begin(const SignedEntry& genesis) {
  const Entry& entry = genesis.entry();
  const auto* const body = std::get_if<Genesis>(&entry.body);
  if (body == nullptr) return Fail(ErrorCode::kInvalid, "entry 0 is not a genesis entry");
  if (entry.sequence.value != 0 || entry.previous != tlog::LeafHash()) {
    return Fail(ErrorCode::kInvalid, "the genesis entry does not stand at position 0");
  }
  if (entry.actor != ActorOf(body->custodian.key)) {
    return Fail(ErrorCode::kInvalid, "the genesis entry is not signed by the custodian it names");
  }
  if (body->log_key.name().text() != entry.origin.text()) {
    return Fail(ErrorCode::kInvalid, "the log key's name is not the origin");
  }
  return State(genesis);
}

Result<State> State::Resume(const SignedEntry& genesis, const SignedEntry& last) {
  TRY(State state, Begin(genesis));
  state.SkipTo({last.entry().sequence.value + 1}, last.leaf());
  state.last_time_ = last.entry().time;
  return state;
}

void State::SkipTo(tlog::Sequence next, const tlog::LeafHash& previous) {
  next_ = next;
  previous_ = previous;
}

Result<State::Accepted> State::Accept(const SignedEntry& next) {
  const Entry& entry = next.entry();
  if (entry.origin != genesis_.origin) {
    return Broken(next, "belongs to another vault: origin " + Printable(entry.origin.text()));
  }
  if (entry.sequence != next_) {
    return Fail(ErrorCode::kTampered, "entry " + std::to_string(next_.value) + ": says that it is entry " +
                                          std::to_string(entry.sequence.value));
  }
  if (entry.previous != previous_) {
    return Broken(next, "does not follow the entry before it: prev is " + ToHex(entry.previous.view()) +
                            ", and that entry's hash is " + ToHex(previous_.view()));
  }
  const EntryType type = TypeOf(entry.body);
  if (type == EntryType::kGenesis) return Broken(next, "a second genesis");
  const auto permitted = MayAct(entry.actor, type);
  if (!permitted) return Broken(next, permitted.error().message);

  Accepted accepted{custodians_.at(entry.actor).key, entry.time < last_time_};
  next_.value += 1;
  previous_ = next.leaf();
  last_time_ = entry.time;
  return accepted;
}

Result<void> State::MayAct(const std::string& actor, EntryType type) const {
  const Custodian* const custodian = FindCustodian(actor);
  if (custodian == nullptr) {
    return Fail(ErrorCode::kDenied, "key " + Printable(actor) + " is not admitted to this vault",
                "use a signing key that the vault knows (exhibit log 0 shows the first)");
  }
  if (!MaySign(custodian->roles, type)) {
    return Fail(ErrorCode::kDenied, Printable(actor) + " holds no role that may sign an entry of type " +
                                        std::string(ToText(type)));
  }
  return {};
}

const Custodian* State::FindCustodian(const std::string& actor) const {
  const auto found = custodians_.find(actor);
  return found == custodians_.end() ? nullptr : &found->second;
}

}  // namespace exhibit::custody
