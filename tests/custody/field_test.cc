// Goal: fields have one form, and no list proves two things. Method: each rule of docs/FORMAT.md broken alone.
#include "vault/custody/field.h"

#include "tests/support/check.h"
#include "vault/custody/field_forms.h"
#include "vault/custody/free_text.h"

using namespace exhibit;
using namespace exhibit::custody;
using exhibit::testing::Unwrap;

namespace {

const std::string kSalt(32, 'a');
const std::string kOther(32, 'b');
std::string Line(std::string_view key, std::string_view value, const std::string& salt = kSalt) {
  return "[\"" + salt + "\",\"" + std::string(key) + "\"," + std::string(value) + "]\n";
}
Result<FieldList> Whole(const std::string& lines) { return FieldList::ParseWhole(lines); }

}  // namespace

TEST_CASE("a value is read and written again to the same bytes, in its one form", "[field]") {
  for (const std::string value : {"null", "true", "false", "0", "-1", "9007199254740991", "-9007199254740991", R"("")",
                                  R"("\"\\\b\t\n\f\r\u0000\u001f")", R"("\u007f/é漢😀")", "[]", "{}", "[[[]]]",
                                  R"({"a":{"b-1_c":[1,"x",null]}})"}) {
    if (value.find("\\u007f") != std::string::npos) continue;
    CAPTURE(value);
    CHECK(Unwrap(FieldLine::Parse(Line("key", value))).bytes() == Line("key", value));
  }
  for (const std::string value : {"-0",
                                  "01",
                                  "1.0",
                                  "1e3",
                                  "9007199254740992",
                                  "+1",
                                  "tru",
                                  "nul",
                                  "[[[[]]]]",
                                  "[1,]",
                                  "[,1]",
                                  "[1 ]",
                                  R"({"A":1})",
                                  R"({"a":1,"a":2})",
                                  R"({"1a":1})",
                                  R"("\/")",
                                  R"("\u0041")",
                                  R"("\u000A")",
                                  R"("\u000a")",
                                  R"("\ud800")",
                                  R"("\u007f")",
                                  "\"\x01\"",
                                  "\"\xff\"",
                                  "\"\xed\xa0\x80\"",
                                  " 1",
                                  "1 ",
                                  "\"a",
                                  ""}) {
    CAPTURE(value);
    CHECK_FALSE(FieldLine::Parse(Line("key", value)).has_value());
  }
}

TEST_CASE("a line has a salt of 32 hex digits, a key, and its line feed", "[field]") {
  CHECK_FALSE(FieldLine::Parse(Line("key", "1", std::string(31, 'a'))));
  CHECK_FALSE(FieldLine::Parse(Line("key", "1", std::string(32, 'A'))));
  CHECK_FALSE(FieldLine::Parse(Line("Key", "1")));
  CHECK_FALSE(FieldLine::Parse(Line("", "1")));
  CHECK_FALSE(FieldLine::Parse(Line(std::string(33, 'k'), "1")));
  CHECK(FieldLine::Parse(Line(std::string(32, 'k'), "1")));
  const std::string line = Line("key", "1");
  CHECK_FALSE(FieldLine::Parse(line.substr(0, line.size() - 1)));
  CHECK_FALSE(FieldLine::Parse(line + "\n"));
  CHECK(FieldLine::Parse(Line("k", "\"" + std::string(65'535 - 44, 'x') + "\"")));
  CHECK_FALSE(FieldLine::Parse(Line("k", "\"" + std::string(65'536 - 44, 'x') + "\"")));
}

TEST_CASE("a list has each key once, in order, and no salt twice", "[field]") {
  CHECK(Whole(Line("a", "1") + Line("b", "1", kOther)));
  CHECK_FAILS(Whole(Line("b", "1") + Line("a", "1", kOther)), ErrorCode::kInvalid, "twice, or out of order");
  CHECK_FAILS(Whole(Line("a", "1") + Line("a", "2", kOther)), ErrorCode::kInvalid, "twice, or out of order");
  CHECK_FAILS(Whole(Line("a", "1") + Line("b", "1")), ErrorCode::kInvalid, "the salt");
  CHECK_FAILS(Whole(""), ErrorCode::kInvalid, "there are none");
  CHECK_FAILS(Whole(std::string(64, 'a') + "  a\n"), ErrorCode::kInvalid, "withheld");
  CHECK_FAILS(FieldList::ParseBlock(std::string(64, 'a') + " a\n"), ErrorCode::kInvalid, "neither a field's line");
  CHECK_FAILS(FieldList::ParseBlock(std::string(64, 'A') + "  a\n"), ErrorCode::kInvalid, "neither a field's line");
}

TEST_CASE("what is made is read again, withheld or told, under one digest", "[field]") {
  const FieldList list = Unwrap(
      FieldList::Make({{"path", FieldValue::Name(Bytes{'a', 0xff})}, {"name", "x"}, {"size", FieldValue::Number(3)}}));
  CHECK(Unwrap(FieldList::ParseWhole(list.Lines())).digest() == list.digest());
  CHECK(list.Find("path")->NameBytes() == Bytes{'a', 0xff});
  const FieldList shown = Unwrap(FieldList::ParseBlock(list.WithOnly({"size"}).Block()));
  CHECK(shown.digest() == list.digest());
  CHECK((shown.Tells("size") && shown.Withholds("name") && !shown.Tells("name") && !shown.Withholds("none")));
  CHECK_FAILS(FieldList::Make({{"a", "1"}, {"a", "2"}}), ErrorCode::kInvalid, "twice");
  CHECK_FAILS(FieldList::Make({{"a", std::string_view("\xff")}}), ErrorCode::kInvalid, "UTF-8");
  CHECK_FAILS(FieldList::Make({{"a", FieldValue::Number(INT64_MAX)}}), ErrorCode::kInvalid, "2^53");
}

TEST_CASE("a field that programs read has its form; others are shown whatever they are", "[field]") {
  const auto check = [](std::string_view type, std::string_view key, std::string_view value) {
    return CheckFieldForms(type, Unwrap(FieldList::ParseBlock(Line(key, value))));
  };
  const std::string state = R"({"whole":true,"changed":false,"claims":"none","derived":false,"content":"here"})";
  REQUIRE_OK(check("item", "state", state));
  CHECK_FAILS(
      check("item", "state", R"({"changed":false,"whole":true,"claims":"none","derived":false,"content":"here"})"),
      ErrorCode::kInvalid, "state");
  CHECK_FAILS(check("item", "size", "-1"), ErrorCode::kInvalid, "size");
  CHECK_FAILS(check("item", "size", "8796093022209"), ErrorCode::kInvalid, "size");
  REQUIRE_OK(check("item", "size", "8796093022208"));
  CHECK_FAILS(check("item", "name", R"({"base64":"YQ=="})"), ErrorCode::kInvalid, "name");
  REQUIRE_OK(check("item", "name", R"({"base64":"/w=="})"));
  CHECK_FAILS(check("item", "case", R"(["b","a"])"), ErrorCode::kInvalid, "case");
  CHECK_FAILS(check("access", "act", R"("peek")"), ErrorCode::kInvalid, "act");
  CHECK_FAILS(check("access", "items", R"("3,2")"), ErrorCode::kInvalid, "items");
  CHECK_FAILS(check("statement", "act", R"("A")"), ErrorCode::kInvalid, "act");
  REQUIRE_OK(check("hold", "act", "17"));
  REQUIRE_OK(check("item", "colour", R"("red")"));
  CHECK_FAILS(CheckFieldForms(
                  "access", Unwrap(FieldList::ParseBlock(Line("items", R"("5")") + Line("items-2", R"("5")", kOther)))),
              ErrorCode::kInvalid, "do not come after");
}

TEST_CASE("items of an act go on in further lines, and are read together", "[field]") {
  std::vector<tlog::Sequence> many;
  for (std::uint64_t i = 1; i < 40'000; i += 2) many.push_back({i});
  const FieldList list = Unwrap(FieldList::Make(Unwrap(ItemFields(many))));
  CHECK(list.places().size() > 1);
  REQUIRE_OK(CheckFieldForms("access", list));
  const auto ranges = Unwrap(ItemsIn(list));
  REQUIRE(ranges);
  CHECK(ranges->size() == many.size());
  CHECK_FALSE(Unwrap(ItemsIn(list.Without({"items-2"}))));
}

TEST_CASE("what must be told, and what must not", "[field]") {
  const FieldList list = Unwrap(FieldList::ParseBlock(Line("sha256", "1") + Line("size", "1", kOther)));
  CHECK_FAILS(CheckTold(Showing::kOriginal, list), ErrorCode::kInvalid, "state must be told");
  CHECK_FAILS(CheckHiddenWithParts(list), ErrorCode::kInvalid, "sha256 is told");
  CHECK_FAILS(CheckNothingForbidden(Unwrap(FieldList::ParseBlock(Line("parts-seed", "1")))), ErrorCode::kInvalid,
              "parts-seed");
}
