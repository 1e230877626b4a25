// Goal: machines get JSON, whatever bytes the evidence holds.
#include "cli/json_output.h"

#include "tests/cli/child.h"
#include "tests/support/check.h"

namespace exhibit::cli {
namespace {

using testing::InChild;

TEST_CASE("JSON keeps the order of its keys and ends its last line", "[cli]") {
  const auto ended = InChild([] {
    PrintJson({{"z", 1}, {"a", {1, 2}}});
    return 0;
  });
  CHECK(ended.output == "{\n  \"z\": 1,\n  \"a\": [\n    1,\n    2\n  ]\n}\n");
  CHECK(ended.errors.empty());
}

TEST_CASE("text that is not UTF-8 is shown with U+FFFD, and controls are escaped", "[cli]") {
  const auto ended = InChild([] {
    PrintJson({{"name", "a\xff\x1b[2J"}});
    return 0;
  });
  CHECK(ended.status == 0);
  CHECK(ended.output == "{\n  \"name\": \"a\xef\xbf\xbd\\u001b[2J\"\n}\n");
}

TEST_CASE("what would rewrite a terminal is escaped in every form of JSON, keys too", "[cli]") {
  const auto ended = InChild([] {
    PrintJson({{"k\u202e",
                {"\xc2\x9b"
                 "2J",
                 "\x7f", "\u2028", "\ufeff", "\U000e0041", "\xed\xa0\x80"}}});
    JsonListPrinter rows;
    rows.Add({{"name", "\u2066x"}});
    rows.Finish();
    return 0;
  });
  CHECK(ended.output ==
        "{\n  \"k\\u202e\": [\n    \"\\u009b2J\",\n    \"\\u007f\",\n    \"\\u2028\",\n    \"\\ufeff\",\n    "
        "\"\\udb40\\udc41\",\n"
        "    \"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"\n  ]\n}\n[\n  {\n    \"name\": \"\\u2066x\"\n  }\n]\n");
}

}  // namespace
}  // namespace exhibit::cli
