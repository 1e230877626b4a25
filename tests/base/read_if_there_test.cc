// Goal: a file that is not there is nothing, and one that cannot be read is an error.
#include "vault/base/read_if_there.h"

#include "tests/support/check.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/text_file.h"

namespace exhibit {
namespace {

TEST_CASE("a file is read if it is there", "[file]") {
  const testing::TemporaryFolder folder;
  const auto path = folder.path() / "one";
  CHECK_FALSE(testing::Unwrap(ReadIfThere(path, 4)));
  testing::WriteText(path, "text");
  CHECK(TextOf(*testing::Unwrap(ReadIfThere(path, 4))) == "text");
  CHECK_FAILS(ReadIfThere(path, 3), ErrorCode::kInvalid, "");
  CHECK_FAILS(ReadIfThere(folder.path(), 4), ErrorCode::kInvalid, "");
}

}  // namespace
}  // namespace exhibit
