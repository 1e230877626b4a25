// Goal: a bundle tells what belongs to its items and to who might act, and no other's story; which fields it tells is what
// writer.h says.
#include "tests/bundle/bundle_fixture.h"
#include "vault/custody/field_forms.h"

namespace exhibit::testing {
namespace {

// 1, 2  items               3  a custodian is admitted      4  a hold of 1
// 5     a hold of 1 and 2   6  a note on 2                  7  a note on 1 and 2
struct StoryFixture : BundleFixture {
  StoryFixture() {
    Admit(2);
    Act(custody::Hold{Set("1")}, {{"authority", "a court"}});
    Act(custody::Hold{Set("1-2")});
    Act(custody::Note{}, {{"items", "2"}, {"text", "of the second wave"}});
    Act(custody::Note{}, {{"items", "1-2"}, {"text", "both"}});
  }
  static custody::ItemSet Set(std::string_view text) { return Unwrap(custody::ItemSet::Parse(text)); }
};

std::vector<std::uint64_t> Numbers(const std::vector<tlog::Sequence>& positions) {
  std::vector<std::uint64_t> numbers;
  for (const tlog::Sequence at : positions) numbers.push_back(at.value);
  return numbers;
}

std::vector<std::string> ToldOf(const custody::FieldList& fields) {
  std::vector<std::string> keys;
  for (const custody::FieldPlace& place : fields.places()) {
    if (place.line) keys.push_back(place.key.text());
  }
  return keys;
}

}  // namespace

TEST_CASE_METHOD(StoryFixture, "an item goes with its own story and with who might act, and no other's", "[bundle]") {
  using Told = std::vector<std::uint64_t>;
  SECTION("the first") {
    const auto report = Check(Export("first", {{1}}));
    CHECK(report.ok());
    CHECK(Numbers(companion.order) == Told{0, 1, 3, 4, 8, 9});
    CHECK(report.not_here == std::vector<tlog::SequenceRange>{{{2}, {2}}, {{5}, {7}}});
  }
  SECTION("the second") {
    CHECK(Check(Export("second", {{2}})).ok());
    CHECK(Numbers(companion.order) == Told{0, 2, 3, 6, 8, 9});
  }
  SECTION("both") {
    CHECK(Check(Export("both", {{1}, {2}})).ok());
    CHECK(Numbers(companion.order) == Told{0, 1, 2, 3, 4, 5, 6, 7, 8, 9});
    CHECK(Numbers(companion.items) == Told{1, 2});
  }
  SECTION("in a sealed bundle without notes, whose items are sealed") {
    CHECK(Check(Export("sealed", {{1}, {2}}, {VaultReaderRecipient()})).ok());
    CHECK(Numbers(companion.order) == Told{0, 1, 2, 3, 4, 5, 8, 9});
  }
}

TEST_CASE_METHOD(StoryFixture, "of a plain bundle's items all fields are told but what is withheld", "[bundle]") {
  using Keys = std::vector<std::string>;
  ExportRequest request{path() / "plain", {{1}}};
  SECTION("all") {
    REQUIRE_OK(ExportFrom(*reader, request));
    CHECK(ToldOf(companion.fields.at({1})) == Keys{"name", "path", "sha256", "size", "source", "state"});
    CHECK(ReadText(request.target / "log/files") == "1  fs01/logs/a.log\n");
    CHECK(ToldOf(companion.fields.at({4})) == Keys{"authority"});
    CHECK(companion.fields.at({8}).Tells("purpose"));
  }
  SECTION("without its path, and so under its number") {
    request.withhold = {"path", "name", "kind"};
    REQUIRE_OK(ExportFrom(*reader, request));
    CHECK(ToldOf(companion.fields.at({1})) == Keys{"sha256", "size", "source", "state"});
    CHECK(companion.fields.at({1}).Withholds("path"));
    // The file has the name that it may have; nobody who reads the bundle learns it otherwise.
    CHECK(ReadText(request.target / "log/files") == "1  1\n");
    for (const std::string& name : FilesOf(request.target)) {
      CAPTURE(name);
      CHECK(name.find("a.log") == std::string::npos);
      CHECK(ReadText(request.target / name).find("a.log") == std::string::npos);
    }
  }
  SECTION("not without what must be told") {
    for (const char* const key : {"sha256", "size", "state"}) {
      request.withhold = {key};
      CHECK_FAILS(ExportFrom(*reader, request), ErrorCode::kInvalid, "must be told");
    }
  }
}

TEST_CASE_METHOD(StoryFixture, "a sealed bundle tells of the export what must be told, and of items nothing",
                 "[bundle]") {
  using Keys = std::vector<std::string>;
  Export("sealed", {{1}}, {VaultReaderRecipient()});
  REQUIRE(companion.fields.size() == 2);
  CHECK(ToldOf(companion.fields.at({8})) == Keys{"act", "recipients"});
  CHECK(ToldOf(companion.fields.at({9})) == Keys{"act", "checked", "export", "manifest"});
}

TEST_CASE_METHOD(BundleFixture, "an item whose original is elsewhere is told, and has no file", "[bundle]") {
  custody::ItemFacts facts = FactsOf("");
  facts.sha256 = crypto::Sha256(ViewOf("kept in a safe"));
  facts.size = 14;
  facts.state->content = custody::ContentPlace::kElsewhere;
  const tlog::Sequence elsewhere = AddItem("", facts);
  reader = Unwrap(OpenReader());
  const auto folder = Export("plain", {{1}, elsewhere});
  CHECK(ReadText(folder / "log/files") == "1  fs01/logs/a.log\n");
  const auto report = Check(folder);
  INFO(Everything(report));
  CHECK(report.ok());
  CHECK(report.evidence == 1);
}

TEST_CASE_METHOD(BundleFixture, "what was shredded is not handed over, and what lies beside it is", "[bundle]") {
  Act(custody::Shred{Unwrap(custody::ItemSet::Parse("2"))});
  reader = Unwrap(OpenReader());
  CHECK_FAILS(ExportFrom(*reader, {path() / "none", {{2}}}), ErrorCode::kInvalid, "item 2 was shredded under entry 3");
  CheckNothingAt(path() / "none");
  CHECK(Check(Export("plain", {{1}})).ok());
}

}  // namespace exhibit::testing
