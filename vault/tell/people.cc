#include "vault/tell/people.h"

#include "vault/base/format.h"
#include "vault/base/text.h"

namespace exhibit::tell {
namespace {

// Whom an entry admits; null for none.
const custody::Custodian* AdmittedBy(const custody::Entry& entry) {
  if (const auto* const genesis = std::get_if<custody::Genesis>(&entry.body)) return &genesis->custodian;
  if (const auto* const admit = std::get_if<custody::Admit>(&entry.body)) return &admit->custodian;
  if (const auto* const recovery = std::get_if<custody::Recovery>(&entry.body)) return &recovery->custodian;
  return nullptr;
}

}  // namespace

std::string_view ShortHandle(std::string_view name) {
  const std::size_t slash = name.rfind('/');
  return slash == std::string_view::npos ? name : name.substr(slash + 1);
}

void People::Learn(const custody::Entry& entry, const custody::FieldList* fields) {
  const custody::Custodian* const admitted = AdmittedBy(entry);
  if (admitted == nullptr) return;
  Known known{admitted->person};
  if (fields != nullptr) known.facts = custody::PersonFactsIn(*fields).value_or(custody::PersonFacts());
  by_handle_.insert_or_assign(std::string(custody::ActorOf(admitted->key).name()), std::move(known));
}

const People::Known* People::Find(const custody::Actor& actor) const {
  const auto found = by_handle_.find(actor.name());
  return found == by_handle_.end() ? nullptr : &found->second;
}

std::string People::NameOf(const custody::Actor& actor) const {
  const Known* const known = Find(actor);
  if (known != nullptr && known->facts.name) return *known->facts.name;
  return std::string(ShortHandle(actor.name()));
}

std::string People::Shown(const custody::Actor& actor) const {
  const Known* const known = Find(actor);
  const std::string name = Printable(NameOf(actor));
  if (known == nullptr || !known->facts.name || !known->facts.organisation) return name;
  return Format("{} ({})", name, Printable(*known->facts.organisation));
}

}  // namespace exhibit::tell
