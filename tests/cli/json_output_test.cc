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

}  // namespace
}  // namespace exhibit::cli
