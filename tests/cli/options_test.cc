// Goal: seconds on the command line are what a person writes, and nothing that arithmetic stumbles over.
#include "cli/options.h"

#include "tests/support/check.h"

namespace exhibit::cli {
namespace {

TEST_CASE("seconds are digits, with a fraction or without, up to a year", "[cli]") {
  const std::pair<std::string_view, std::int64_t> rows[] = {
      {"0", 0},
      {"3", 3000},
      {"0.5", 500},
      {"1.25", 1250},
      {"0.0009", 0},
      {"007.1", 7100},
      {"86400", 86400000},
      {"2.9999", 2999},
      {"31622400", 31622400000},
  };
  for (const auto& [text, milliseconds] : rows) {
    CAPTURE(text);
    const auto parsed = ParseSeconds(text);
    REQUIRE(parsed);
    CHECK(parsed->count() == milliseconds);
  }
}

TEST_CASE("what is no number of seconds is refused", "[cli]") {
  for (const std::string_view text : {"",
                                      "nan",
                                      "NaN",
                                      "inf",
                                      "-inf",
                                      "infinity",
                                      "-1",
                                      "+1",
                                      "-0",
                                      "1e3",
                                      "1e300",
                                      "0x10",
                                      ".5",
                                      "5.",
                                      "1.2.3",
                                      "1,5",
                                      " 1",
                                      "1 ",
                                      "1s",
                                      "1'000",
                                      "31622401",
                                      "999999999",
                                      "99999999999999999999",
                                      "0.0000000001"}) {
    CAPTURE(text);
    CHECK_FALSE(ParseSeconds(text));
  }
}

}  // namespace
}  // namespace exhibit::cli
