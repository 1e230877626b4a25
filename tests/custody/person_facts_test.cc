// Goal: fields say who people are in one form, and what has another form is told by nobody. Method: facts written and read
// again, and values of other forms.
#include "vault/custody/person_facts.h"

#include "tests/support/check.h"

namespace exhibit::custody {
namespace {

using testing::Unwrap;
using Object = FieldValue::Object;

FieldList ListOf(std::vector<FieldList::Item> items) { return Unwrap(FieldList::Make(std::move(items))); }

TEST_CASE("a person is written and read again, with what is known alone", "[person]") {
  const PersonFacts alice{Person{1}, "Alice Examiner", "Acme IR", "alice@example.org"};
  CHECK(FieldOf(alice) == FieldValue(Object{{"person", FieldValue::Number(1)},
                                            {"name", "Alice Examiner"},
                                            {"organisation", "Acme IR"},
                                            {"contact", "alice@example.org"}}));
  const PersonFacts bob{.name = "Bob"};
  CHECK(FieldOf(bob) == FieldValue(Object{{"name", "Bob"}}));
  for (const PersonFacts& one : {alice, bob}) CHECK(PersonFactsIn(FieldOf(one)) == one);
  CHECK(PersonFactsIn(ListOf({{"custodian", FieldOf(alice)}})) == alice);
  CHECK(PersonFactsIn(ListOf({{"received-by", FieldOf(bob)}}), kReceivedByField) == bob);
  CHECK_FALSE(PersonFactsIn(ListOf({{"reason", "text"}})));
}

TEST_CASE("what has another form is left out", "[person]") {
  CHECK(PersonFactsIn(FieldValue("Alice")) == PersonFacts{});
  CHECK(PersonFactsIn(Object{{"person", "1"}, {"name", FieldValue::Number(7)}, {"contact", "room 3"}}) ==
        PersonFacts{.contact = "room 3"});
  CHECK_FALSE(PersonFactsIn(Object{{"person", FieldValue::Number(0)}}).person);
}

TEST_CASE("readers are numbered from 1, up to as many as there may be", "[person]") {
  std::vector<ReaderFacts> readers = {{"age1carol", "Carol"}, {"age1dan", std::nullopt}};
  const FieldList two = ListOf(FieldsOf(readers));
  CHECK(two.Tells("reader-1"));
  CHECK(two.Tells("reader-2"));
  CHECK(ReaderFactsIn(two) == readers);
  CHECK(ReaderFactsIn(two.Without({"reader-1"})) == std::vector<ReaderFacts>{readers[1]});
  readers.resize(kMaxReaders, {"age1more", std::nullopt});
  CHECK(ReaderFactsIn(ListOf(FieldsOf(readers))) == readers);
  CHECK(ReaderFactsIn(ListOf({{"reader-1", "age1carol"}, {"reader-2", Object{{"name", "Dan"}}}})).empty());
}

}  // namespace
}  // namespace exhibit::custody
