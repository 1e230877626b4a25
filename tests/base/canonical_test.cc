// Goal: JSON has one form, and what is read is written again to the same bytes. Method: each spelling beside the one.
#include "vault/base/canonical.h"

#include "tests/support/check.h"
#include "vault/base/canonical_form.h"

using namespace exhibit;
using namespace exhibit::testing;

namespace {

struct Point {
  std::uint64_t x = 0;
  std::optional<bool> on;
  std::string name;
  static constexpr auto kMembers =
      std::tuple(Member{"x", &Point::x}, Member{"on", &Point::on}, Member{"name", &Point::name});
};
struct Line {
  Point from;
  Point to;
  static constexpr auto kMembers = std::tuple(Member{"from", &Line::from}, Among{&Line::to});
};

template <typename Value>
Result<Value> Read(std::string_view text) {
  CanonicalReader in(text);
  TRY(Value value, Form<Value>::Read(in));
  TRY_VOID(in.End());
  return value;
}
template <typename Value>
std::string Written(const Value& value) {
  CanonicalWriter out;
  Form<Value>::Write(out, value);
  return std::move(out).Take();
}

}  // namespace

TEST_CASE("a struct with a table is read, written and listed by it", "[canonical]") {
  for (const std::string text : {R"({"x":1,"on":true,"name":"a"})", R"({"x":0,"name":""})"}) {
    CHECK(Written(Unwrap(Read<Point>(text))) == text);
  }
  CHECK(MemberNames<Point>() == std::vector<MemberName>{{"x", false}, {"on", true}, {"name", false}});
  const std::string line = R"({"from":{"x":1,"name":"a"},"x":2,"on":false,"name":"b"})";
  CHECK(Written(Unwrap(Read<Line>(line))) == line);
}

TEST_CASE("every other spelling of an object is refused, and the message names the member", "[canonical]") {
  const std::vector<std::pair<std::string, std::string>> rows = {
      {R"({"x": 1,"name":"a"})", "\"x\": is no whole number"},
      {R"({ "x":1,"name":"a"})", "\"x\" must come at byte 1"},
      {R"({"name":"a","x":1})", "\"x\" must come"},
      {R"({"x":1,"x":1,"name":"a"})", "\"name\" must come"},
      {R"({"x":1,"name":"a","more":1})", "\"}\" must come"},
      {R"({"x":1,"on":null,"name":"a"})", "\"on\": is neither true nor false"},
      {R"({"x":1,,"name":"a"})", "\"name\" must come"},
      {R"({,"x":1,"name":"a"})", "\"x\" must come"},
      {R"({"x":1,"name":"a",})", "must come"},
      {R"({"x":1,"name":"a"} )", "where it ends"},
      {R"({"x":1,"name":1})", "\"name\": is no text"},
      {R"({"\u0078":1,"name":"a"})", "\"x\" must come"},
      {R"([1])", "must come at byte 0"},
      {"", "must come at byte 0"}};
  for (const auto& [text, words] : rows) {
    CAPTURE(text);
    CHECK_FAILS(Read<Point>(text), ErrorCode::kInvalid, words);
  }
}

TEST_CASE("numbers and texts have one spelling", "[canonical]") {
  for (const std::string text : {"0", "7", "9007199254740991"})
    CHECK(Written(Unwrap(Read<std::uint64_t>(text))) == text);
  for (const std::string text :
       {"", "-1", "+1", "01", "00", "1.0", "1e1", "0x1", "9007199254740992", "99999999999999999999999", "1 "}) {
    CAPTURE(text);
    CHECK_FALSE(Read<std::uint64_t>(text));
  }
  std::string all;
  for (char c = 1; c < 0x7f; ++c) all += c;
  all += '\x7f';
  all.append(1, '\0').append("é漢😀");
  CHECK(Unwrap(Read<std::string>(Written(all))) == all);
  for (const std::string text : {R"("\a")", R"("\/")", R"("\u0061")", R"("\u0008")", R"("\u000A")", R"("\u001F")",
                                 R"("\u00")", R"("\ud83d")", R"("\)", R"("a)", "\"\t\"", "\"\x80\"", "\"\xc0\xaf\"",
                                 "\"\xed\xa0\x80\"", "\"\xf4\x90\x80\x80\"", "\"a\\n\x80\"", "'a'"}) {
    CAPTURE(text);
    CHECK_FALSE(Read<std::string>(text));
  }
}

TEST_CASE("what is passed over has the one form, too", "[canonical]") {
  const auto skips = [](std::string_view text) {
    CanonicalReader in(text);
    return in.SkipValue().has_value() && in.AtEnd();
  };
  for (const std::string text : {"{}", "[]", R"({"a":[1,{"b":null}],"c":"x"})", "-1", "[[],[]]"}) CHECK(skips(text));
  for (const std::string text : {"", "{,}", "[1,]", "[1 ]", R"({"a":1,"a":2})", R"({"a"})", "[", "]", "{]", "[}", "1.5",
                                 "nulL", R"({"a":1,})", "[,]"}) {
    CAPTURE(text);
    CHECK_FALSE(skips(text));
  }
  CHECK(skips(std::string(kMaxSkippedDepth, '[') + std::string(kMaxSkippedDepth, ']')));
  CHECK_FALSE(skips(std::string(kMaxSkippedDepth + 1, '[') + std::string(kMaxSkippedDepth + 1, ']')));
}
