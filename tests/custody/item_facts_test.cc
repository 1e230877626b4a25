// Goal: what is known of an item has one writing and one reading as fields, and what is withheld, or has another form, is
// missing and nothing else. Method: there and back, withheld key by key, and each value of another form alone.
#include "vault/custody/item_facts.h"

#include "tests/support/check.h"
#include "vault/custody/field_forms.h"

namespace exhibit::custody {
namespace {

using testing::Unwrap;

Moment At(std::string_view text) { return Unwrap(ParseTime(text)); }
FileTime FileAt(std::string_view text) { return Unwrap(ParseFileTime(text)); }

template <typename Digest>
Digest Filled(std::uint8_t byte) {
  return *Digest::From(Bytes(Digest::kSize, byte));
}

// All that can be known.
ItemFacts Everything() {
  ItemFacts facts;
  facts.state = ItemState{false, true, Claims::kDiffer, true, ContentPlace::kElsewhere};
  facts.sha256 = Filled<crypto::Sha256Digest>(1);
  facts.size = kMaxOriginalBytes;
  facts.sha512 = Filled<crypto::Sha512Digest>(2);
  facts.sha1 = Filled<crypto::Sha1Digest>(3);
  facts.md5 = Filled<crypto::Md5Digest>(4);
  facts.name = "n\xff.log";
  facts.path = "/var/log/n\xff.log";
  facts.source = "MEDSRV-04";
  facts.cases = {"IR-1", "IR-2"};
  facts.kind = Kind::kRansomMessage;
  facts.description = "found on the desktop";
  facts.tags = {"b", "a"};
  facts.file_type = FileType::kSymbolicLink;
  facts.link_target = "\xfe";
  facts.times = {FileAt("2026-11-25T19:12:46.135412776Z"), {}, FileAt("1601-01-01T00:00:00.000000001Z"), {}};
  facts.system = {
      1000,        100, "root", "g\xff", "0644", UINT64_MAX, "8:1", 2, {{"user.a", "\xff\x00"}, {"user.b", ""}},
      "user::rw-", true};
  facts.acquired = {At("2026-11-26T01:02:03Z"), "Alice Examiner", "copy", -12};
  facts.tool = ToolFacts{"exhibit 0.1.0", Filled<crypto::Sha256Digest>(5)};
  facts.claimed = {{DigestAlgorithm::kMd5, Bytes(16, 6), true}, {DigestAlgorithm::kSha512, Bytes(64, 7), false}};
  facts.partial = PartialFacts{"producer-failed", 7, -9};
  facts.retain_until = At("2032-11-26T00:00:00Z");
  facts.parts = PartsSummary{PartsBy::kBlocks, 8, Filled<tlog::RootHash>(8)};
  facts.count = 3;
  return facts;
}

}  // namespace

TEST_CASE("what is known of an item comes back from its fields", "[item_facts]") {
  const ItemFacts full = Everything();
  const FieldList fields = Unwrap(FieldList::Make(FieldsOf(full)));
  REQUIRE_OK(CheckFieldForms("item", fields));
  CHECK(ItemFactsIn(Unwrap(FieldList::ParseWhole(fields.Lines()))) == full);
  CHECK(FieldsOf(ItemFacts()).empty());
}

TEST_CASE("of what is withheld nothing is known, and all else still is", "[item_facts]") {
  const FieldList fields = Unwrap(FieldList::Make(FieldsOf(Everything())));
  for (const FieldPlace& place : fields.places()) {
    CAPTURE(place.key.text());
    std::vector<std::string_view> others;
    for (const FieldPlace& other : fields.places()) {
      if (other.key.text() != place.key.text()) others.push_back(other.key.text());
    }
    const auto told = FieldsOf(ItemFactsIn(fields.Without({place.key.text()})));
    CHECK(told.size() == others.size());
    CHECK(FieldsOf(ItemFactsIn(fields.Without(others))).size() == 1);
  }
}

TEST_CASE("a value has the form that docs/FORMAT.md says", "[item_facts]") {
  ItemFacts facts = Everything();
  const FieldList fields = Unwrap(FieldList::Make(FieldsOf(facts)));
  const auto line_of = [&](std::string_view key) {
    const auto place = std::ranges::find_if(fields.places(), [&](const FieldPlace& one) { return one.key == key; });
    return place->line->bytes().substr(36);  // after the salt
  };
  CHECK(line_of("name") == "\"name\",{\"base64\":\"bv8ubG9n\"}]\n");
  CHECK(line_of("case") == "\"case\",[\"IR-1\",\"IR-2\"]]\n");
  CHECK(line_of("times") ==
        "\"times\",{\"modified\":\"2026-11-25T19:12:46.135412776Z\",\"changed\":null,"
        "\"accessed\":\"1601-01-01T00:00:00.000000001Z\",\"born\":null}]\n");
  CHECK(line_of("acquired") ==
        "\"acquired\",{\"at\":\"2026-11-26T01:02:03Z\",\"by\":\"Alice Examiner\","
        "\"method\":\"copy\",\"offset_ms\":-12}]\n");
  CHECK(line_of("partial") == "\"partial\",{\"why\":\"producer-failed\",\"bytes\":7,\"exit\":-9}]\n");
  facts.cases = {"IR-1"};
  CHECK(*Unwrap(FieldList::Make(FieldsOf(facts))).Find("case")->Text() == "IR-1");
}

TEST_CASE("what has another form is not known", "[item_facts]") {
  using Array = FieldValue::Array;
  using Object = FieldValue::Object;
  const FieldList odd = Unwrap(FieldList::Make({
      {"kind", "letter"},
      {"tags", FieldValue(Array{FieldValue::Number(1)})},
      {"times", FieldValue(Object{{"modified", "yesterday"}, {"born", FieldValue::Number(0)}})},
      {"system",
       FieldValue(Object{
           {"uid", FieldValue::Number(-1)}, {"inode", "12"}, {"xattrs", FieldValue(Array{FieldValue("user.a")})}})},
      {"acquired", FieldValue(Object{{"at", "2026-11-26"}})},
      {"tool", "exhibit"},
      {"claimed", FieldValue(Array{FieldValue(Object{{"algorithm", "md5"}, {"value", "00"}}), FieldValue("x")})},
      {"partial", FieldValue(Object{{"why", "cut"}})},
      {"retain-until", "2032-11-26T00:00:00.000Z"},
      {"count", FieldValue::Number(-1)},
  }));
  CHECK(ItemFactsIn(odd) == ItemFacts());
}

TEST_CASE("what is not whole says how, in words", "[item_facts]") {
  CHECK(InWords({"unreadable", 90, {}}, 100) == "has gaps: 10 of its 100 bytes could not be read");
  CHECK(InWords({"unreadable", 90, {}}, {}) == "has gaps: 90 bytes of it could be read");
  CHECK(InWords({"producer-failed", 5, 3}, 5) == "the program that made it failed (with exit status 3) after 5 bytes");
  CHECK(InWords({"interrupted", 5, {}}, 5) == "cut short (interrupted) after 5 bytes");
}

TEST_CASE("times that no field can write are told as seconds", "[item_facts]") {
  ItemFacts facts;
  facts.times.modified = FileAt("2026-11-25T19:12:46.135412776Z");
  facts.times.beyond = {{"accessed", "253402300800.000000001"}, {"changed", "-9223372036854775808.000000000"}};
  const FieldList fields = Unwrap(FieldList::Make(FieldsOf(facts)));
  CHECK(fields.Tells("times-beyond"));
  CHECK(ItemFactsIn(fields) == facts);
  CHECK(FitsField(FileAt("9999-12-31T23:59:59.999999999Z")));
  CHECK_FALSE(FitsField({253'402'300'800, 0}));
  CHECK(FitsField(FileAt("0000-01-01T00:00:00.000000000Z")));
  CHECK_FALSE(FitsField({-62'167'219'201, 999'999'999}));
}

TEST_CASE("a time of a file has nine digits of its second, and one spelling", "[item_facts]") {
  CHECK(FormatFileTime({0, 1}) == "1970-01-01T00:00:00.000000001Z");
  CHECK(FormatFileTime({-1, 999'999'999}) == "1969-12-31T23:59:59.999999999Z");
  CHECK(FormatFileTime({INT64_MIN, 5}) == "0000-01-01T00:00:00.000000000Z");
  CHECK(FormatFileTime({INT64_MAX, 5}) == "9999-12-31T23:59:59.999999999Z");
  CHECK(FileAt("1969-12-31T23:59:59.999999999Z") == FileTime{-1, 999'999'999});
  for (const std::string_view text :
       {"2026-11-25T19:12:46Z", "2026-11-25T19:12:46.135Z", "2026-11-25T19:12:46.135412776+",
        "2026-11-25 19:12:46.135412776Z", "2026-02-30T19:12:46.135412776Z", "2026-11-25T19:12:46.13541277xZ", ""}) {
    CAPTURE(text);
    CHECK_FAILS(ParseFileTime(text), ErrorCode::kInvalid, "2026-11-25T19:12:46.135412776Z");
  }
}

}  // namespace exhibit::custody
