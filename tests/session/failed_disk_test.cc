// Goal: a process whose disk failed under a vault writes to that vault no more, and to others as before.
#include "vault/session/failed_disk.h"

#include "tests/support/check.h"

namespace exhibit::testing {
namespace {

TEST_CASE("after an error of the disk this process opens no writer of that store", "[session]") {
  const Result<int> failed = Fail(ErrorCode::kIo, "cannot sync");
  CHECK_FALSE(failed_disk::Noted<int>("/vaults/one/store", failed));
  const auto checked = failed_disk::Check("/vaults/other/../one/store");
  REQUIRE_FALSE(checked);
  CHECK(checked.error().code == ErrorCode::kIo);
  CHECK(failed_disk::Check("/vaults/two/store"));
}

TEST_CASE("an error that is none of the disk forbids nothing", "[session]") {
  for (const ErrorCode code : {ErrorCode::kBusy, ErrorCode::kDenied, ErrorCode::kTampered, ErrorCode::kInterrupted})
    failed_disk::Note("/vaults/three/store", {code, "no", {}});
  CHECK(failed_disk::Check("/vaults/three/store"));
  CHECK(failed_disk::Noted<int>("/vaults/three/store", 7) == 7);
}

}  // namespace
}  // namespace exhibit::testing
