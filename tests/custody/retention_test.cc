// Goal: a rule of retention ends when its law says, also from a leap day.
#include "vault/custody/retention.h"

#include "tests/support/catch.h"
#include "tests/support/check.h"

namespace exhibit::testing {

TEST_CASE("HIPAA asks for six years", "[custody]") {
  const auto rule = Unwrap(custody::FindRetentionRule("hipaa"));
  const auto end = [&](std::string_view from) {
    return FormatTime(custody::EndOfRetention(rule, Unwrap(ParseTime(from))));
  };
  CHECK(end("2025-02-18T02:03:04.567Z") == "2031-02-18T02:03:04.567Z");
  CHECK(end("2024-02-29T23:59:59Z") == "2030-02-28T23:59:59.000Z");
  CHECK(end("1969-12-31T23:59:59.999Z") == "1975-12-31T23:59:59.999Z");
  CHECK_FAILS(custody::FindRetentionRule("forever"), ErrorCode::kInvalid, "unknown rule of retention");
}

}  // namespace exhibit::testing
