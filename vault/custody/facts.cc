#include "vault/custody/facts.h"

#include <algorithm>
#include <iterator>

#include "vault/custody/entry.h"

namespace exhibit::custody {
namespace {

const Genesis& GenesisOf(const Entry& entry) { return std::get<Genesis>(entry.body); }

}  // namespace

Facts::Facts(const Entry& genesis, const Fingerprint& print)
    : origin(genesis.origin),
      fingerprint(print),
      label_count(GenesisOf(genesis).label_count),
      log_keys(LogKeys(GenesisOf(genesis).log, genesis.time)),
      vault_keys{{GenesisOf(genesis).recipient, {0}}},
      key_file(GenesisOf(genesis).key_file) {
  const Custodian& first = GenesisOf(genesis).custodian;
  Take(first.key, first.roles, first.person, {0}, genesis.time, std::nullopt);
  SetRecovery(GenesisOf(genesis).recovery, {0});
  first_signed.Change().emplace(genesis.actor, tlog::Sequence{0});
  told.Change().Add(ItemSet::Range{0, 0});
}

bool Facts::HadRecipient(const VaultRecipient& one) const {
  return std::ranges::find(vault_keys, one, &VaultKey::recipient) != vault_keys.end();
}

const tlog::VerifierKey* Facts::recovery() const {
  return recovery_keys.empty() || recovery_keys.back().until ? nullptr : &recovery_keys.back().key;
}

const Membership* Facts::Find(const Actor& actor) const {
  const auto found = members->find(actor);
  return found == members->end() ? nullptr : &found->second;
}
const Membership* Facts::FindPresent(const Actor& actor) const {
  const Membership* const member = Find(actor);
  return member == nullptr || member->until ? nullptr : member;
}

bool Facts::KnowsPublicKey(ByteView public_key) const {
  return log_keys->Knows(public_key) || std::ranges::any_of(*members, [&](const auto& row) {
           return Equal(row.second.key.public_key().view(), public_key);
         });
}

std::set<Person> Facts::Custodians() const {
  std::set<Person> persons;
  for (const auto& [actor, member] : *members) {
    if (!member.until && member.roles.Has(Role::kCustodian)) persons.insert(member.person);
  }
  return persons;
}
std::set<Person> Facts::Present() const {
  std::set<Person> persons;
  for (const auto& [actor, member] : *members) {
    if (!member.until) persons.insert(member.person);
  }
  return persons;
}

void Facts::Take(tlog::VerifierKey key, const Roles& roles, Person person, tlog::Sequence at, EntryTime admitted,
                 std::optional<Actor> admitted_by_alone) {
  const Actor actor = ActorOf(key);
  handles.insert_or_assign(std::string(key.name().text()), person);
  highest = std::max(highest, person);
  members.Change().insert_or_assign(
      actor, Membership{std::move(key), roles, person, at, admitted, std::move(admitted_by_alone)});
}

void Facts::End(const Actor& old, tlog::Sequence at) { members.Change().at(old).until = at; }

void Facts::Replace(const Actor& old, const tlog::VerifierKey& next, tlog::Sequence at) {
  End(old, at);
  const Membership before = members->at(old);
  members.Change().at(old).replaced_by = ActorOf(next);
  Take(next, before.roles, before.person, at, before.admitted, before.admitted_by_alone);
}

void Facts::SetRecovery(const std::optional<tlog::VerifierKey>& key, tlog::Sequence at) {
  if (!recovery_keys.empty() && !recovery_keys.back().until) recovery_keys.back().until = at;
  if (key) recovery_keys.push_back({*key, at});
}

std::set<Person> Facts::Stopped(std::optional<tlog::Sequence> but) const {
  std::set<Person> stopped;
  for (const auto& [entry, one] : suspensions) {
    if (but == entry) continue;
    stopped.insert(one.stopped.begin(), one.stopped.end());
    if (one.by) stopped.insert(*one.by);
  }
  return stopped;
}

bool Facts::IsSuspended(Person person) const {
  return std::ranges::any_of(suspensions, [&](const auto& row) { return row.second.stopped.contains(person); });
}

void Facts::EndSuspensions() {
  if (suspensions.empty()) return;
  const std::set<Person> present = Present();
  for (auto row = suspensions.begin(); row != suspensions.end();) {
    Suspension& one = row->second;
    std::erase_if(one.stopped, [&](Person person) { return !present.contains(person); });
    const bool ends = one.stopped.empty() || (one.by && !present.contains(*one.by));
    row = ends ? suspensions.erase(row) : std::next(row);
  }
}

bool Facts::HasWayOut() const {
  if (recovery() != nullptr) return true;
  const std::set<Person> stopped = Stopped();
  const std::set<Person> custodians = Custodians();
  const auto free = std::ranges::count_if(custodians, [&](Person person) { return !stopped.contains(person); });
  return free >= (two.Has(Ruled::kLift) ? 2 : 1);
}

bool Facts::CastsDoubt(const std::optional<Actor>& key, const std::optional<EntryTime>& since) const {
  if (!since) return false;
  EntryTime admitted;
  tlog::Sequence first;  // an entry that the key signed; or, of the log's key, the entry that made it so
  if (!key) {
    admitted = log_keys->rows().back().time;
    first = log_keys->rows().back().since;
  } else {
    const Membership* const member = FindPresent(*key);
    if (member == nullptr) return false;
    admitted = member->admitted;
    const auto found = first_signed->find(*key);
    if (found != first_signed->end()) {
      first = found->second;
    } else if (saw_every_entry) {
      return *since < admitted;
    }
    // Who did not see every entry is strict: it may have signed from its admission on.
    if (!saw_every_entry) first = std::min(found == first_signed->end() ? member->since : first, member->since);
  }
  if (*since < admitted) return true;
  for (auto stamp = stamps->rbegin(); stamp != stamps->rend(); ++stamp) {
    const Stamp& one = stamp->second;
    if (one.covers && one.time && one.covers->value > first.value) return *since < *one.time;
  }
  return false;
}

}  // namespace exhibit::custody
