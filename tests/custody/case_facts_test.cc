// Goal: what is recorded of a case's dates has one form, later records supersede earlier ones date by date, and the
// day when notice is due follows. Method: exact bytes there and back; each rule of the form broken alone.
#include "vault/custody/case_facts.h"

#include "tests/support/check.h"

namespace exhibit::custody {
namespace {

using testing::Unwrap;

constexpr std::string_view kFull =
    R"({"v":1,"case":"IR-2025-014","occurred":"2025-02-18T02:03:00.000Z","discovered":"2025-02-20T00:00:00.000Z",)"
    R"("contained":"2025-02-21T00:00:00.000Z","reported":"2025-02-22T00:00:00.000Z","notified":"2025-03-22T00:00:00.000Z",)"
    R"("notice_days":60,"events":[{"time":"2025-02-19T03:00:00.000Z","what":"first ransom message"}],)"
    R"("forget":["occurred","contained"]})"
    "\n";

Moment At(std::string_view text) { return Unwrap(ParseTime(text)); }

}  // namespace

TEST_CASE("a record of a case comes back to its bytes", "[case]") {
  const CaseFacts full = Unwrap(DecodeCaseFacts(kFull));
  CHECK(EncodeCaseFacts(full) == kFull);
  CHECK(full.case_number == "IR-2025-014");
  CHECK(full.dates.at(CaseDate::kDiscovered) == At("2025-02-20"));
  CHECK(full.events == std::vector<CaseEvent>{{At("2025-02-19T03:00Z"), "first ransom message"}});
  CHECK(full.forget == std::vector{CaseDate::kOccurred, CaseDate::kContained});
  const CaseFacts bare = Unwrap(DecodeCaseFacts("{\"v\":1}\n"));
  CHECK(bare == CaseFacts());
  for (const CaseDate date :
       {CaseDate::kOccurred, CaseDate::kDiscovered, CaseDate::kContained, CaseDate::kReported, CaseDate::kNotified}) {
    CHECK(Unwrap(CaseDateFromText(ToText(date))) == date);
  }
  CHECK_FAILS(CaseDateFromText("found"), ErrorCode::kInvalid, "\"found\" is no date of a case");
}

TEST_CASE("a record of another form is refused", "[case]") {
  const auto replaced = [](std::string_view what, std::string_view by) {
    std::string text(kFull);
    const std::size_t at = text.find(what);
    REQUIRE(at != std::string::npos);
    return text.replace(at, what.size(), by);
  };
  const std::vector<std::pair<std::string, std::string>> bad = {
      {"", "JSON"},
      {"[]\n", "not a JSON object"},
      {"{}\n", "\"v\" is not a whole number"},
      {"{\"v\":2}\n", "version 2 is not known"},
      {"{\"v\":1}", "not in the one form"},
      {"{\"v\": 1}\n", "not in the one form"},
      {"{\"v\":1,\"colour\":\"red\"}\n", "not in the one form"},
      {"{\"v\":1,\"notice_days\":0}\n", "\"notice_days\" is not 1 to 3650"},
      {"{\"v\":1,\"notice_days\":3651}\n", "\"notice_days\" is not 1 to 3650"},
      {"{\"v\":1,\"notice_days\":-1}\n", "\"notice_days\" is not a whole number"},
      {"{\"v\":1,\"case\":\"\"}\n", "\"case\" is not 1 to 256"},
      {"{\"v\":1,\"occurred\":\"2025-02-18\"}\n", "\"occurred\": "},
      {"{\"v\":1,\"events\":[]}\n", "not in the one form"},
      {"{\"v\":1,\"forget\":[\"found\"]}\n", "\"found\" is no date of a case"},
      {"{\"v\":1,\"forget\":[\"contained\",\"occurred\"]}\n", "\"forget\" is not in order"},
      {replaced("first ransom message", "a\\nb"), "\"what\" is not 1 to 1024"},
      {replaced("\"what\"", "\"why\""), "\"what\" is not a string"},
  };
  for (const auto& [text, words] : bad) {
    CAPTURE(text);
    const auto read = DecodeCaseFacts(text);
    REQUIRE_FALSE(read);
    INFO(read.error().message);
    CHECK(read.error().message.find(words) != std::string::npos);
  }
  CaseFacts many;
  many.events.assign(kMaxCaseEvents, {At("2025-02-19"), "x"});
  REQUIRE_OK(DecodeCaseFacts(EncodeCaseFacts(many)));
  many.events.push_back({At("2025-02-19"), "x"});
  CHECK_FAILS(DecodeCaseFacts(EncodeCaseFacts(many)), ErrorCode::kInvalid, "more than 32");
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
