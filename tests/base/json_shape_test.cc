// Goal: hostile JSON is refused before a parser works on it, and ours never is. Method: shapes at
// the limits and one past them, and brackets that are text.
#include "vault/base/json_shape.h"

#include "tests/support/catch.h"
#include "tests/support/check.h"

namespace exhibit {
namespace {

constexpr JsonLimits kLimits{.levels = 3, .members = 2};

TEST_CASE("JSON within the limits passes", "[base]") {
  for (const std::string_view json : {"", "1", "{}", "[[[]]]", R"({"a":1,"b":2})",
                                      R"([{"a":1,"b":2},{"a":1,"b":2},{"c":{}}])", R"([[],[],[],[[],[]]])"}) {
    CAPTURE(json);
    CHECK(CheckJsonShape(json, kLimits));
  }
}

TEST_CASE("a level or a member too many is refused", "[base]") {
  for (const std::string_view json : {"[[[[", "[[[[]]]]", R"({"a":{"b":{"c":{}}}})", R"([{"a":[{}]}])"}) {
    CAPTURE(json);
    CHECK_FAILS(CheckJsonShape(json, kLimits), ErrorCode::kInvalid, "nested deeper than 3 levels");
  }
  for (const std::string_view json :
       {R"({"a":1,"a":1,"a":1})", R"({"a":{"b":1,"c":1},"d":1,"e":1)", R"([{},{"a":1,"b":1,"c":1}])"}) {
    CAPTURE(json);
    CHECK_FAILS(CheckJsonShape(json, kLimits), ErrorCode::kInvalid, "an object has more than 2 members");
  }
}

TEST_CASE("brackets and colons in strings are text", "[base]") {
  CHECK(CheckJsonShape(R"({"[[[[[[":"::::::{{{{"})", kLimits));
  CHECK(CheckJsonShape(R"(["\"[[[[[[", "\\"])", kLimits));
  CHECK_FAILS(CheckJsonShape(R"(["\\",[[[]]]])", kLimits), ErrorCode::kInvalid, "nested deeper");
}

TEST_CASE("what is no JSON is looked at without a crash", "[base]") {
  for (const std::string_view text : {"]]]]", "}", ":::::", "\"", "\"\\", "{\"a\\", "\xff\xfe"}) {
    CAPTURE(text);
    CHECK(CheckJsonShape(text, kLimits));
  }
  CHECK_FAILS(CheckJsonShape(std::string(1'000'000, '['), kLimits), ErrorCode::kInvalid, "nested");
}

}  // namespace
}  // namespace exhibit
