#include "vault/custody/person_facts.h"

#include "vault/base/format.h"

namespace exhibit::custody {
namespace {

void AddText(FieldValue::Object& object, std::string_view key, const std::optional<std::string>& text) {
  if (text) object.emplace_back(std::string(key), FieldValue(*text));
}

std::optional<std::string> TextIn(const FieldValue& value, std::string_view key) {
  const FieldValue* const member = value.Find(key);
  return member != nullptr && member->Text() != nullptr ? std::optional(*member->Text()) : std::nullopt;
}

std::string ReaderKey(std::size_t number) { return Format("reader-{}", number); }

}  // namespace

FieldValue FieldOf(const PersonFacts& facts) {
  FieldValue::Object object;
  if (facts.person) {
    object.emplace_back("person", FieldValue::Number(static_cast<std::int64_t>(facts.person->number)));
  }
  AddText(object, "name", facts.name);
  AddText(object, "organisation", facts.organisation);
  AddText(object, "contact", facts.contact);
  return {std::move(object)};
}

PersonFacts PersonFactsIn(const FieldValue& value) {
  PersonFacts facts;
  const FieldValue* const person = value.Find("person");
  if (person != nullptr && person->Number() != nullptr && *person->Number() > 0) {
    facts.person = Person{static_cast<std::uint64_t>(*person->Number())};
  }
  facts.name = TextIn(value, "name");
  facts.organisation = TextIn(value, "organisation");
  facts.contact = TextIn(value, "contact");
  return facts;
}

std::optional<PersonFacts> PersonFactsIn(const FieldList& fields, std::string_view key) {
  const FieldValue* const value = fields.Find(key);
  return value == nullptr ? std::nullopt : std::optional(PersonFactsIn(*value));
}

std::vector<FieldList::Item> FieldsOf(const std::vector<ReaderFacts>& readers) {
  EXHIBIT_ASSERT(readers.size() <= kMaxReaders);
  std::vector<FieldList::Item> fields;
  for (const ReaderFacts& reader : readers) {
    FieldValue::Object object = {{"recipient", FieldValue(reader.recipient)}};
    AddText(object, "name", reader.name);
    fields.emplace_back(ReaderKey(fields.size() + 1), FieldValue(std::move(object)));
  }
  return fields;
}

std::vector<ReaderFacts> ReaderFactsIn(const FieldList& fields) {
  std::vector<ReaderFacts> readers;
  for (std::size_t number = 1; number <= kMaxReaders; ++number) {
    const FieldValue* const value = fields.Find(ReaderKey(number));
    if (value == nullptr) continue;
    if (auto recipient = TextIn(*value, "recipient"))
      readers.push_back({std::move(*recipient), TextIn(*value, "name")});
  }
  return readers;
}

}  // namespace exhibit::custody
