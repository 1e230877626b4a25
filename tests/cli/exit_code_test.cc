// Goal: the numbers that scripts depend on stay what they are.
#include "cli/exit_code.h"

#include "tests/support/check.h"

namespace exhibit::cli {
namespace {

TEST_CASE("each kind of error has the exit status that the documents name", "[cli]") {
  const std::pair<ErrorCode, int> table[] = {
      {ErrorCode::kInvalid, 1},    {ErrorCode::kNotFound, 1},    {ErrorCode::kExists, 1},
      {ErrorCode::kIo, 1},         {ErrorCode::kBusy, 4},        {ErrorCode::kDenied, 1},
      {ErrorCode::kTampered, 3},   {ErrorCode::kUnsupported, 1}, {ErrorCode::kInterrupted, 130},
      {ErrorCode::kPermission, 1}, {ErrorCode::kWrongKey, 6},
  };
  for (const auto& [code, status] : table) {
    CAPTURE(static_cast<int>(code));
    CHECK(static_cast<int>(ExitCodeOf(code)) == status);
  }
  CHECK(static_cast<int>(ExitCode::kOk) == 0);
  CHECK(static_cast<int>(ExitCode::kUsage) == 2);
  CHECK(static_cast<int>(ExitCode::kNotAnchored) == 5);
  CHECK(static_cast<int>(ExitCode::kOlder) == 7);
  CHECK(static_cast<int>(ExitCode::kNewerNeeded) == 8);
}

}  // namespace
}  // namespace exhibit::cli
