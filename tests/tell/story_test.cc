// Goal: each act is one line of words that says what is public, what its fields tell, and that the rest is sealed or
// withheld. Method: entries with and without their fields.
#include "vault/tell/story.h"

#include "tests/custody/custody_log.h"
#include "tests/support/check.h"
#include "vault/custody/item_facts.h"

namespace exhibit::testing {
namespace {

using custody::FieldList;
using custody::FieldValue;

FieldList Fields(std::vector<FieldList::Item> items) { return Unwrap(FieldList::Make(std::move(items))); }

// The line of a next entry with this body and these fields, or none.
std::string Line(custody::EntryBody body, std::vector<FieldList::Item> fields = {},
                 const tell::People* people = nullptr) {
  static const CustodyLog log;
  const custody::Entry entry = log.Draft(std::move(body), "k1");
  if (fields.empty()) return tell::Describe(entry, nullptr, people);
  const FieldList list = Fields(std::move(fields));
  return tell::Describe(entry, &list, people);
}

}  // namespace

TEST_CASE("an act is told with what its fields tell, and without them it says that they are sealed", "[story]") {
  const custody::Hold hold{Items("1-2,4")};
  CHECK(Line(hold) == "held 1-2, 4 (the rest is sealed)");
  CHECK(Line(hold, {{"authority", "12 Cv 3"}, {"reason", "a suit"}}) == "held 1-2, 4: a suit (authority: 12 Cv 3)");
  CHECK(Line(custody::Access{}) == "read, proven or exported (the rest is sealed)");
  CHECK(Line(custody::Access{}, {{"act", "read"}, {"items", "3"}, {"purpose", "triage"}}) == "read 3: triage");
  CHECK(Line(custody::Access{}, {{"act", "export"}, {"items", "3"}, {"purpose", "suit"}}) == "exported 3, plain: suit");
  CHECK(Line(custody::Access{},
             {{"act", "export"}, {"items", "3"}, {"recipients", FieldValue(FieldValue::Array{FieldValue("age1x")})}}) ==
        "exported 3 to 1 recipient");
  CHECK(Line(custody::Access{},
             {{"act", "exported"}, {"export", FieldValue::Number(7)}, {"checked", FieldValue::Bool(false)}}) ==
        "the export of entry 7 is written; its items were not opened");
  CHECK(Line(custody::Access{}, {{"act", "export-failed"}, {"export", FieldValue::Number(7)}, {"why", "disk-full"}}) ==
        "the export of entry 7 failed: disk-full");
  CHECK(Line(custody::Note{}, {{"items", "2"}, {"text", "it is a log"}, {"kind", "log"}}) ==
        "noted on 2: it is a log (said anew: kind)");
  CHECK(Line(custody::Omission{}, {{"count", FieldValue::Number(2)}}) == "2 inputs were not taken in");
  CHECK(Line(custody::ReaderChange{},
             {{"reader-1", FieldValue(FieldValue::Object{{"recipient", "age1x"}, {"name", "Alice"}})},
              {"reader-2", FieldValue(FieldValue::Object{{"recipient", "age1y"}})}}) ==
        "the vault's key was sealed anew to Alice, age1y");
}

TEST_CASE("of what is withheld, the keys are named", "[story]") {
  const CustodyLog log;
  const custody::Entry entry = log.Draft(custody::Hold{Items("1")}, "k1");
  const FieldList told = Fields({{"authority", "12 Cv 3"}, {"reason", "a suit"}}).Without({"authority"});
  CHECK(tell::Describe(entry, &told) == "held 1: a suit (withheld: authority)");
  // The seed is never told, so nobody withholds it.
  const FieldList item = Fields({{"name", "a"}, {"parts-seed", std::string(64, '0')}}).Without({"parts-seed"});
  CHECK(tell::Describe(log.Draft(CustodyLog::AnItem(), "k1"), &item) == "taken in: a");
}

TEST_CASE("an item says what is not ordinary of it", "[story]") {
  custody::ItemFacts facts;
  facts.name = "auth.log";
  facts.state = custody::ItemState{};
  CHECK(Line(CustodyLog::AnItem(), custody::FieldsOf(facts)) == "taken in: auth.log");
  facts.state = custody::ItemState{false, true, custody::Claims::kDiffer, true, custody::ContentPlace::kElsewhere};
  facts.partial = custody::PartialFacts{"producer-failed", 3, 1};
  CHECK(Line(CustodyLog::AnItem(), custody::FieldsOf(facts)) ==
        "taken in: auth.log; the program that made it failed (with exit status 1) after 3 bytes; it changed while it "
        "was read; A DIGEST THAT WAS CLAIMED "
        "DIFFERS; "
        "made of another item; its content is kept elsewhere");
}

TEST_CASE("people are called by their names where those are told", "[story]") {
  CustodyLog log;
  const std::vector<FieldList::Item> bob = {
      {"custodian", custody::FieldOf({custody::Person{2}, "Bob Analyst", "Acme IR"})}, {"reason", "joins"}};
  CHECK(Line(CustodyLog::AdmitOf("k2", 2), bob) == "admitted: Bob Analyst (Acme IR), person 2, " +
                                                       std::string(tell::ShortHandle(CustodyLog::Actor("k2").text())) +
                                                       ", as custodian: joins");
  log.Add(CustodyLog::AdmitOf("k2", 2));
  const custody::Transfer transfer = log.Accepted("k1", "k2");
  CHECK(Line(transfer, {{"items", "1"}, {"purpose", "analysis"}, {"location", "Boston"}}) ==
        "handed over from k1 to k2 1: analysis; at Boston");
  tell::People people;
  people.Learn(log.entries()[0].parsed(), nullptr);
  const FieldList fields = Fields(bob);
  people.Learn(log.entries()[1].parsed(), &fields);
  CHECK(Line(transfer, {}, &people) == "handed over from k1 to Bob Analyst (Acme IR) (the rest is sealed)");
  CHECK(people.Find(CustodyLog::Actor("k1"))->person == custody::Person{1});
  CHECK(people.NameOf(CustodyLog::Actor("k2b")) == "Bob Analyst");  // another key of the handle
  CHECK(people.NameOf(CustodyLog::Actor("recovery")) == "recovery");
  CHECK(people.Find(CustodyLog::Actor("recovery")) == nullptr);
}

TEST_CASE("text of an entry is made printable", "[story]") {
  CHECK(Line(custody::Hold{Items("1")}, {{"reason", "a\x1b[31m\u202e"}}) == "held 1: a\\x1b[31m\\u{202e}");
}

TEST_CASE("an entry names items in public or in its fields, as far as they are told", "[story]") {
  const CustodyLog log;
  const FieldList fields = Fields({{"act", "read"}, {"items", "3,5"}});
  const custody::Entry access = log.Draft(custody::Access{}, "k1");
  CHECK(tell::ItemsNamedBy(access, &fields) == Items("3,5").ranges());
  const FieldList withheld = fields.Without({"items"});
  CHECK(tell::ItemsNamedBy(access, &withheld).empty());
  CHECK(tell::ItemsNamedBy(access, nullptr).empty());
  CHECK(tell::ItemsNamedBy(log.Draft(custody::Hold{Items("1-2")}, "k1"), nullptr) == Items("1-2").ranges());
  CHECK(tell::WordOf(access, &fields) == "read");
  CHECK(tell::WordOf(access, nullptr) == "access");
}

}  // namespace exhibit::testing
