// Goal: a message reads as its form says. Method: each kind of value that messages have.
#include "vault/base/format.h"

#include "tests/support/catch.h"

namespace exhibit {
namespace {

struct Number {
  std::uint64_t value = 0;
};

TEST_CASE("a number with a type of its own is formatted as a number, and text as it is", "[base]") {
  const std::string name = "auth.log";
  CHECK(Format("entry {} of {}", Number{7}, name) == "entry 7 of auth.log");
  CHECK(Format("{} to {}", Number{0}, Number{18'446'744'073'709'551'615U}) == "0 to 18446744073709551615");
  CHECK(Format("{}, {}", std::string_view("a"), "b") == "a, b");
  CHECK(Format("{{\"count\":{}}}", -1) == "{\"count\":-1}");
  CHECK(Format("nothing") == "nothing");
}

TEST_CASE("a byte is formatted as a number, and braces in a value are no form", "[base]") {
  CHECK(Format("{}", std::uint8_t{65}) == "65");
  CHECK(Format("{}", "{}") == "{}");
}

}  // namespace
}  // namespace exhibit
