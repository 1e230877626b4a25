#include "cli/people.h"

#include <algorithm>
#include <set>

#include "cli/item_acts.h"
#include "vault/base/format.h"
#include "vault/base/text.h"

namespace exhibit::cli {
namespace {

// The entries that admitted a key, or put one in another's place: they say whose it is.
std::set<tlog::Sequence> Admissions(const custody::Facts& facts) {
  std::set<tlog::Sequence> entries(facts.recoveries.begin(), facts.recoveries.end());
  for (const auto& [actor, member] : *facts.members) entries.insert(member.since);
  return entries;
}

}  // namespace

Result<People> People::Read(const VaultReader& vault, const custody::State& state,
                            const std::optional<VaultKeys>& keys) {
  People people;
  people.handles_ = state.facts().handles;
  for (const tlog::Sequence at : Admissions(state.facts())) {
    TRY(const custody::SignedEntry entry, vault.Entry(at));
    TRY(const auto fields, ReadFieldsIf(vault, state, entry, keys));
    people.told_.Learn(entry.parsed(), fields ? &*fields : nullptr);
    auto told = fields ? custody::PersonFactsIn(*fields) : std::nullopt;
    if (told && told->person && told->name) people.persons_.insert_or_assign(*told->person, std::move(*told));
  }
  return people;
}

const custody::PersonFacts* People::Find(custody::Person person) const {
  const auto found = persons_.find(person);
  return found == persons_.end() ? nullptr : &found->second;
}

std::string People::NameOf(const custody::Actor& actor) const {
  const auto person = handles_.find(std::string(actor.name()));
  const custody::PersonFacts* const told = person == handles_.end() ? nullptr : Find(person->second);
  return Printable(told != nullptr ? *told->name : told_.NameOf(actor));
}

std::string People::NameOf(custody::Person person) const {
  const custody::PersonFacts* const told = Find(person);
  return custody::NameOf(person) + (told == nullptr ? "" : Format(" ({})", Printable(*told->name)));
}

bool People::IsCalled(const custody::Actor& actor, custody::Person person, const tlog::Origin& origin,
                      const std::string& word) const {
  const custody::PersonFacts* const told = Find(person);
  if (told != nullptr && told->name && *told->name == word) return true;
  const std::string whole = Format("{}/{}", origin.text(), word);
  return actor.text() == word || actor.text() == whole || actor.name() == word || actor.name() == whole ||
         Format("{}", person.number) == word;
}

std::vector<custody::Person> People::FindByName(const custody::State& state, const std::string& name) const {
  std::vector<custody::Person> found;
  for (const custody::Person person : state.facts().Present()) {
    const custody::PersonFacts* const told = Find(person);
    if (told != nullptr && *told->name == name) found.push_back(person);
  }
  return found;
}

std::string NextHandle(const custody::State& state) {
  std::uint64_t highest = 0;
  for (const auto& [handle, person] : state.facts().handles)
    highest = std::max(highest, custody::HandleNumber(handle, state.origin()).value_or(0));
  return custody::HandleOf(state.origin(), highest + 1);
}

}  // namespace exhibit::cli
