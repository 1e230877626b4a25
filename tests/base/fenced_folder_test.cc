// Goal: nothing is written outside of the folder and nothing in it is replaced, whoever changes it meanwhile. Method: each thing
// that somebody may put on the way of a file, and a folder that becomes a link while the file is written.
#include "vault/base/fenced_folder.h"

#include <sys/stat.h>

#include <fstream>

#include "tests/support/catch.h"
#include "tests/support/check.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/text_file.h"

namespace exhibit::testing {
namespace {

namespace fs = std::filesystem;

struct Fenced {
  TemporaryFolder above;
  fs::path outside = above.path() / "outside";
  fs::path target = above.path() / "target";
  FencedFolder folder;

  Fenced() : folder(Unwrap(FencedFolder::Make(target))) { fs::create_directory(outside); }
  FencedFolder::File Begin(const std::vector<std::string>& parts) {
    auto file = Unwrap(folder.Begin(parts));
    REQUIRE_OK(file.Write(ViewOf(std::string_view("one"))));
    return file;
  }
};

}  // namespace

TEST_CASE("a file has its name when it is finished and not before, with its looks", "[base]") {
  Fenced fenced;
  {
    auto file = fenced.Begin({"a", "b", "file"});
    CHECK_FALSE(fs::exists(fenced.target / "a/b/file"));
    CHECK(Unwrap(file.Finish({.mode = 06751, .modified = timespec{1'700'000'000, 123'456'789}, .accessed = {}})) ==
          FencedFolder::Taken::kAll);
  }
  REQUIRE_OK(fenced.folder.Sync());
  struct ::stat status {};
  REQUIRE(::stat((fenced.target / "a/b/file").c_str(), &status) == 0);
  CHECK(ReadText(fenced.target / "a/b/file") == "one");
  CHECK((status.st_mode & 07777) == 0751);
  CHECK(status.st_mtim.tv_sec == 1'700'000'000);
  CHECK(status.st_mtim.tv_nsec == 123'456'789);
  CHECK((fs::status(fenced.target / "a").permissions() & fs::perms::mask) == fs::perms::owner_all);
  CHECK((fs::status(fenced.target).permissions() & fs::perms::mask) == fs::perms::owner_all);
}

TEST_CASE("a file that is given up is gone", "[base]") {
  Fenced fenced;
  { const auto file = fenced.Begin({"file"}); }
  CHECK(fs::is_empty(fenced.target));
  fenced.folder.RemoveIfEmpty();
  CHECK_FALSE(fs::exists(fenced.target));
}

TEST_CASE("nothing that is there is replaced", "[base]") {
  Fenced fenced;
  WriteText(fenced.outside / "secret", "theirs");
  const fs::path place = fenced.target / "file";
  SECTION("a file") { WriteText(place, "theirs"); }
  SECTION("a link to a file") { fs::create_symlink(fenced.outside / "secret", place); }
  SECTION("a link to nowhere") { fs::create_symlink(fenced.outside / "new", place); }
  SECTION("a folder") { fs::create_directory(place); }
  auto file = fenced.Begin({"file"});
  CHECK_FAILS(file.Finish({}), ErrorCode::kExists, "file");
  CHECK(ReadText(fenced.outside / "secret") == "theirs");
  CHECK_FALSE(fs::exists(fenced.outside / "new"));
}

TEST_CASE("no link on the way is followed", "[base]") {
  Fenced fenced;
  fs::create_directory_symlink(fenced.outside, fenced.target / "a");
  CHECK_FAILS(fenced.folder.Begin({"a", "file"}), ErrorCode::kInvalid, "is no folder");
  WriteText(fenced.target / "b", "a file");
  CHECK_FAILS(fenced.folder.Begin({"b", "file"}), ErrorCode::kInvalid, "is no folder");
  CHECK(fs::is_empty(fenced.outside));
}

TEST_CASE("a folder that is swapped for a link meanwhile leads nowhere", "[base]") {
  Fenced fenced;
  auto file = fenced.Begin({"a", "file"});
  fs::rename(fenced.target / "a", fenced.target / "moved");
  fs::create_directory_symlink(fenced.outside, fenced.target / "a");
  REQUIRE_OK(file.Finish({}));
  CHECK(ReadText(fenced.target / "moved/file") == "one");
  CHECK(fs::is_empty(fenced.outside));
}

TEST_CASE("the folder itself must be new", "[base]") {
  const TemporaryFolder above;
  CHECK_FAILS(FencedFolder::Make(above.path()), ErrorCode::kExists, "is there already");
  fs::create_directory_symlink(above.path() / "nowhere", above.path() / "link");
  CHECK_FAILS(FencedFolder::Make(above.path() / "link"), ErrorCode::kExists, "is there already");
  CHECK_FAILS(FencedFolder::Make(above.path() / "no/folder"), ErrorCode::kNotFound, "create folder");
}

}  // namespace exhibit::testing
