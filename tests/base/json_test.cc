// Goal: JSON is written in one form and read as it was written, and what is not JSON within the limits is refused. Method:
// small values, every kind; the other library's opinion of what we wrote.
#include "vault/base/json.h"

#include <limits>
#include <nlohmann/json.hpp>

#include "tests/support/check.h"

namespace exhibit {
namespace {

using testing::Unwrap;

constexpr JsonLimits kLimits{.levels = 8, .members = 64};

Json Example() {
  Json json = {{"z", 1},
               {"a", {1, 2}},
               {"yes", true},
               {"none", Json()},
               {"below", -5},
               {"most", std::numeric_limits<std::uint64_t>::max()},
               {"least", std::numeric_limits<std::int64_t>::min()},
               {"text", std::string("\"\\\b\f\n\r\t\x01\x1f/\x7f\u00fc", 13)},
               {"words", std::vector<std::string>{"x", "y"}},
               {"list", Json::List()},
               {"object", Json::Object()}};
  json["in"] = {{"deep", {{"er", "x"}}}};
  json["in"]["more"].push_back({{"u", 1}, {"v", "w"}});
  return json;
}

TEST_CASE("a value is written in the order in which it was made", "[json]") {
  CHECK(Json({{"z", 1}, {"a", {1, 2}}, {"no", false}}).Dump() == R"({"z":1,"a":[1,2],"no":false})");
  CHECK(Json({{"a", {1, Json::Object()}}, {"e", Json::List()}}).Dump(2) ==
        "{\n  \"a\": [\n    1,\n    {}\n  ],\n  \"e\": []\n}");
  CHECK(Json().Dump() == "null");
  CHECK(Json::List({{"x", "y"}}).Dump() == R"([["x","y"]])");
  CHECK(Json({"x", "y", "z"}).Dump() == R"(["x","y","z"])");
}

TEST_CASE("the other library reads and writes the same", "[json]") {
  for (const int indentation : {-1, 0, 2}) {
    const std::string text = Example().Dump(indentation);
    CAPTURE(text);
    CHECK(nlohmann::ordered_json::parse(text).dump(indentation) == text);
  }
}

TEST_CASE("what was written is read back, and written the same again", "[json]") {
  const std::string text = Example().Dump();
  const Json again = Unwrap(Json::ParseObject(text, kLimits));
  CHECK(again.Dump() == text);
  REQUIRE(again.Find("most") != nullptr);
  CHECK(again.Find("most")->Unsigned() == std::numeric_limits<std::uint64_t>::max());
  CHECK_FALSE(again.Find("most")->Signed());
  CHECK(again.Find("least")->Signed() == std::numeric_limits<std::int64_t>::min());
  CHECK_FALSE(again.Find("least")->Unsigned());
  CHECK(again.Find("z")->Signed() == 1);
  CHECK(again.Find("yes")->IsTrue());
  CHECK(again.Find("words")->Elements().size() == 2);
  CHECK(again.Find("text")->Text()->size() == 13);
  CHECK(again.Find("nothing") == nullptr);
  CHECK(again.Find("z")->Find("z") == nullptr);
  CHECK(again.Find("z")->Elements().empty());
  CHECK(again.Find("z")->Text() == nullptr);
}

TEST_CASE("a number that is not whole is kept as its text", "[json]") {
  for (const std::string text : {R"({"n":-2.50})", R"({"n":1e300})", R"({"n":18446744073709551616})"}) {
    CAPTURE(text);
    const Json json = Unwrap(Json::ParseObject(text, kLimits));
    CHECK_FALSE(json.Find("n")->Unsigned());
    CHECK_FALSE(json.Find("n")->Signed());
    CHECK(json.Dump() == text);
  }
  CHECK_FALSE(Unwrap(Json::ParseObject(R"({"n":-0})", kLimits)).Find("n")->Unsigned());
}

TEST_CASE("of members of one name the last counts", "[json]") {
  CHECK(Unwrap(Json::ParseObject(R"({"a":1,"b":2,"a":{"c":3}})", kLimits)).Dump() == R"({"a":{"c":3},"b":2})");
}

TEST_CASE("what is no object of JSON within the limits is refused", "[json]") {
  for (const std::string_view text :
       {"", "1", "[1]", "null", "\"a\"", "{", "{}x", "{}{}", "{\"a\":}", "{\"a\":1,}", "{a:1}", "{\"a\":01}",
        "{\"a\":\"\xff\"}", "{\"a\":\"\n\"}", "{\"a\":\"\\ud800\"}", "{\"a\":NaN}", "{\"a\":1e400}", "// x\n{}",
        "\xef\xbb\xbf{}x"}) {
    CAPTURE(text);
    CHECK_FAILS(Json::ParseObject(text, kLimits), ErrorCode::kInvalid, "not a JSON object");
  }
  CHECK_FAILS(Json::ParseObject(R"({"a":{"a":{"a":1}}})", {.levels = 2, .members = 64}), ErrorCode::kInvalid, "level");
}

TEST_CASE("text that is not UTF-8 is written with U+FFFD", "[json]") {
  CHECK(Json({{"a\xff", "\xc3("}}).Dump() == "{\"a\xef\xbf\xbd\":\"\xef\xbf\xbd(\"}");
}

}  // namespace
}  // namespace exhibit
