// Goal: a folder is there whole or not at all, and nothing that stood there is touched. Method: each
// thing that may stand at the target, and each way of naming it.
#include "vault/base/new_folder.h"

#include <fstream>

#include "tests/support/catch.h"
#include "tests/support/check.h"
#include "tests/support/temporary_folder.h"

namespace exhibit {
namespace {

namespace fs = std::filesystem;
using testing::TemporaryFolder;
using testing::Unwrap;

constexpr NewFolder::Rules kRules = {.suffix = ".partial"};

std::size_t CountIn(const fs::path& folder) {
  return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
}

TEST_CASE("a new folder has its final name when it is finished and not before", "[base]") {
  const TemporaryFolder above;
  const fs::path target = above.path() / GENERATE("bundle", "bundle/");
  {
    NewFolder made = Unwrap(NewFolder::Make(target, kRules));
    CHECK(made.path().native().starts_with((above.path() / "bundle.partial-").native()));
    CHECK((fs::status(made.path()).permissions() & fs::perms::mask) == fs::perms::owner_all);
    std::ofstream(made.path() / "file") << "x";
    CHECK_FALSE(fs::exists(above.path() / "bundle"));
    REQUIRE_OK(made.Finish());
  }
  CHECK(fs::exists(above.path() / "bundle/file"));
  CHECK(CountIn(above.path()) == 1);
}

TEST_CASE("a new folder that is not finished is gone", "[base]") {
  const TemporaryFolder above;
  {
    NewFolder made = Unwrap(NewFolder::Make(above.path() / "vault", {.prefix = ".", .suffix = ".making"}));
    CHECK(made.path().filename().native().starts_with(".vault.making-"));
    std::ofstream(made.path() / "file") << "x";
    const NewFolder moved = std::move(made);
  }
  CHECK(CountIn(above.path()) == 0);
}

TEST_CASE("an empty folder may be replaced where that is asked for, and nothing else", "[base]") {
  const TemporaryFolder above;
  const fs::path target = above.path() / "vault";
  const NewFolder::Rules if_empty = {.existing = NewFolder::Existing::kReplaceIfEmpty, .suffix = ".making"};
  SECTION("an empty folder") {
    fs::create_directory(target);
    CHECK_FAILS(NewFolder::Make(target, kRules), ErrorCode::kExists, "is there already");
    REQUIRE_OK(Unwrap(NewFolder::Make(target, if_empty)).Finish());
  }
  SECTION("a folder with something in it") {
    fs::create_directories(target / "mine");
    CHECK_FAILS(NewFolder::Make(target, if_empty), ErrorCode::kExists, "is not an empty folder");
    CHECK(fs::exists(target / "mine"));
  }
  SECTION("a file") {
    std::ofstream(target) << "mine";
    CHECK_FAILS(NewFolder::Make(target, if_empty), ErrorCode::kExists, "is not an empty folder");
    CHECK(fs::file_size(target) == 4);
  }
  SECTION("a link to nothing") {
    fs::create_symlink(above.path() / "elsewhere", target);
    CHECK_FAILS(NewFolder::Make(target, if_empty), ErrorCode::kExists, "is there already");
    CHECK_FALSE(fs::exists(above.path() / "elsewhere"));
  }
  CHECK(CountIn(above.path()) == 1);
}

TEST_CASE("whether a folder could be made is told without making it", "[base]") {
  const TemporaryFolder folder;
  REQUIRE_OK(NewFolder::MayMake(folder.path() / "new", {}));
  CHECK(std::filesystem::is_empty(folder.path()));
  CHECK_FAILS(NewFolder::MayMake(folder.path(), {}), ErrorCode::kExists, "is there already");
  CHECK_FAILS(NewFolder::MayMake("/", {}), ErrorCode::kInvalid, "names no folder");
}

TEST_CASE("a folder without a name of its own or a place is refused", "[base]") {
  const TemporaryFolder above;
  for (const fs::path& target : {fs::path("/"), above.path() / ".", above.path() / ".."}) {
    CAPTURE(target);
    CHECK_FAILS(NewFolder::Make(target, kRules), ErrorCode::kInvalid, "names no folder that could be made");
  }
  CHECK_FAILS(NewFolder::Make(above.path() / "none" / "target", kRules), ErrorCode::kNotFound, "create folder");
}

}  // namespace
}  // namespace exhibit
