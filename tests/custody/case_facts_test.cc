// Goal: what is recorded of a case's dates has one form, later records supersede earlier ones date by date, and the
// day when notice is due follows. Method: there and back; each rule broken alone.
#include "vault/custody/case_facts.h"

#include "tests/support/check.h"

namespace exhibit::custody {
namespace {

using testing::Unwrap;

Moment At(std::string_view text) { return Unwrap(ParseTime(text)); }

}  // namespace

TEST_CASE("a record of a case comes back from its fields", "[case]") {
  const CaseFacts full{"IR-2025-014",
                       {{CaseDate::kOccurred, At("2025-02-18T02:03:00Z")}, {CaseDate::kNotified, At("2025-03-22")}},
                       60,
                       {{At("2025-02-19T03:00Z"), "first ransom message"}},
                       {CaseDate::kOccurred, CaseDate::kContained}};
  const FieldList fields = Unwrap(FieldList::Make(Unwrap(FieldsOf(full))));
  CHECK(CaseFactsIn(Unwrap(FieldList::ParseWhole(fields.Lines()))) == full);
  CHECK(*fields.Find("occurred")->Text() == "2025-02-18T02:03:00Z");
  CHECK(CaseFactsIn(fields.Without({"events"})).events.empty());
  for (const CaseDate date :
       {CaseDate::kOccurred, CaseDate::kDiscovered, CaseDate::kContained, CaseDate::kReported, CaseDate::kNotified}) {
    CHECK(Unwrap(CaseDateFromText(ToText(date))) == date);
  }
  CHECK_FAILS(CaseDateFromText("found"), ErrorCode::kInvalid, "\"found\" is no date of a case");
}

TEST_CASE("what a record may not say is not written, and what has another form is not read", "[case]") {
  CaseFacts facts;
  facts.notice_days = kMaxNoticeDays + 1;
  CHECK_FAILS(FieldsOf(facts), ErrorCode::kInvalid, "1 to 3650");
  facts.notice_days = 1;
  facts.events.assign(kMaxCaseEvents + 1, {At("2025-02-19"), "x"});
  CHECK_FAILS(FieldsOf(facts), ErrorCode::kInvalid, "more than 32");
  const FieldList odd = Unwrap(
      FieldList::Make({{"occurred", FieldValue::Number(1)},
                       {"notice-days", "many"},
                       {"events", FieldValue(FieldValue::Array{FieldValue("x"), FieldValue(FieldValue::Object{})})},
                       {"forget", FieldValue(FieldValue::Array{FieldValue("found")})}}));
  CHECK(CaseFactsIn(odd) == CaseFacts());
}

TEST_CASE("later records supersede earlier ones date by date", "[case]") {
  CaseFacts known;
  CHECK(known.NoticeDue() == std::nullopt);
  known.Supersede({{},
                   {{CaseDate::kOccurred, At("2025-02-18")}, {CaseDate::kDiscovered, At("2025-02-21")}},
                   {},
                   {{At("2025-02-19"), "a"}}});
  CHECK(known.NoticeDue() == At("2025-04-22"));
  known.Supersede({{}, {{CaseDate::kDiscovered, At("2025-02-20")}}, {}, {{At("2025-02-18"), "b"}}});
  CHECK(known.NoticeDue() == At("2025-04-21"));
  CHECK(known.dates.at(CaseDate::kOccurred) == At("2025-02-18"));
  CHECK(known.events.size() == 2);
  known.Supersede({{}, {}, 30});
  CHECK(known.NoticeDue() == At("2025-03-22"));
  // What is forgotten and named anew in one record holds anew.
  known.Supersede(
      {{}, {{CaseDate::kOccurred, At("2025-02-17")}}, {}, {}, {CaseDate::kOccurred, CaseDate::kDiscovered}});
  CHECK(known.dates.at(CaseDate::kOccurred) == At("2025-02-17"));
  CHECK(known.NoticeDue() == std::nullopt);
}

}  // namespace exhibit::custody
