// Goal: what a user names comes in whole, in one order, and nothing else does. Method: folders of the
// test's own with every type of file that can be made without being root, and things that change
// under the walk.
#include "vault/intake/walk.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>

#include "tests/support/check.h"
#include "tests/support/vault_fixture.h"
#include "tests/support/without_rights.h"
#include "vault/intake/file_source.h"

namespace exhibit::intake {
namespace {

namespace fs = std::filesystem;
using testing::Unwrap;
using testing::WithoutRights;
using testing::WriteText;

class Walking {
 protected:
  fs::path At(const fs::path& name) const { return folder_.path() / name; }
  void Put(const fs::path& name) const { WriteText(At(name), "text"); }

  // Walks, and keeps what came of it.
  Result<void> Go(const fs::path& start, const WalkOptions& options = {}) {
    return Walk(
        start, options,
        [&](Found thing) {
          found_.push_back(std::move(thing));
          return Result<void>();
        },
        [&](Refused thing) { refused_.push_back(std::move(thing)); });
  }
  // The paths found, relative to the test's folder.
  std::vector<std::string> FoundNames() const {
    std::vector<std::string> names;
    for (const Found& thing : found_) {
      names.push_back(thing.path.native().substr(folder_.path().native().size() + 1));
    }
    return names;
  }
  WalkOptions Excluding(const fs::path& name) const {
    struct ::stat status {};
    REQUIRE(::stat(At(name).c_str(), &status) == 0);
    WalkOptions options;
    options.excluded.insert({status.st_dev, status.st_ino});
    return options;
  }
  void CheckRefused(const fs::path& path, ErrorCode code, std::string_view words) const {
    REQUIRE(refused_.size() == 1);
    INFO(refused_[0].reason.message);
    CHECK(refused_[0].path == path);
    CHECK(refused_[0].reason.code == code);
    CHECK(refused_[0].reason.message.find(words) != std::string::npos);
  }

  testing::TemporaryFolder folder_;
  std::vector<Found> found_;
  std::vector<Refused> refused_;
};

using Names = std::vector<std::string>;

TEST_CASE_METHOD(Walking, "a file is found by the path it was named with", "[intake]") {
  WriteText(At("auth.log"), "12345");
  REQUIRE_OK(Go(At("auth.log")));
  REQUIRE(found_.size() == 1);
  CHECK(found_[0].path == At("auth.log"));
  CHECK(found_[0].type == custody::FileType::kRegular);
  CHECK(found_[0].status.st_size == 5);
  CHECK(refused_.empty());
}

TEST_CASE_METHOD(Walking, "a folder is gone through in the byte order of names, folders where they stand", "[intake]") {
  for (const char* const name : {"d/b", "d/B", "d/a/z", "d/a/y/x", "d/a.txt", "d/\xc3\xa9", "d/~", "d/\xff", "d/ "}) {
    Put(name);
  }
  fs::create_directory(At("d/empty"));
  REQUIRE_OK(Go(At("d")));
  CHECK(FoundNames() == Names{"d/ ", "d/B", "d/a/y/x", "d/a/z", "d/a.txt", "d/b", "d/~", "d/\xc3\xa9", "d/\xff"});
  CHECK(refused_.empty());
}

TEST_CASE_METHOD(Walking, "names are raw bytes: line feeds, escapes and leading dots come back as they are",
                 "[intake]") {
  const Names hostile = {"d/\x1b[2J", "d/-rf", "d/...", "d/.hidden", "d/a\nb"};
  for (const std::string& name : hostile) Put(name);
  REQUIRE_OK(Go(At("d")));
  CHECK(FoundNames() == hostile);
}

TEST_CASE_METHOD(Walking, "links are things themselves, wherever they point", "[intake]") {
  Put("outside/secret");
  Put("d/file");
  fs::create_symlink(At("outside"), At("d/folder-link"));
  fs::create_symlink("file", At("d/file-link"));
  fs::create_symlink("gone\xff", At("d/dangling"));
  fs::create_symlink(".", At("d/loop"));
  REQUIRE_OK(Go(At("d")));
  CHECK(FoundNames() == Names{"d/dangling", "d/file", "d/file-link", "d/folder-link", "d/loop"});
  CHECK(found_[0].type == custody::FileType::kSymbolicLink);
  CHECK(found_[0].link_target == "gone\xff");
  CHECK(found_[1].link_target.empty());
  CHECK(found_[3].link_target == At("outside").native());
  CHECK(found_[4].link_target == ".");
}

TEST_CASE_METHOD(Walking, "a link that somebody names is meant for what it leads to", "[intake]") {
  Put("folder/file");
  fs::create_symlink("folder", At("link"));
  fs::create_symlink("folder/file", At("to-file"));
  fs::create_symlink("nothing", At("to-nothing"));
  const Start folder = Unwrap(FindStart(At("link")));
  CHECK(folder.followed == "folder");
  CHECK(folder.is_folder);
  REQUIRE_OK(Go(folder.path));
  CHECK(FoundNames() == Names{"link/file"});
  found_.clear();
  const Start file = Unwrap(FindStart(At("to-file")));
  CHECK(file.followed == "folder/file");
  REQUIRE_OK(Go(file.path));
  REQUIRE(FoundNames() == Names{"folder/file"});
  CHECK(found_[0].type == custody::FileType::kRegular);
  found_.clear();
  REQUIRE_OK(Go(Unwrap(FindStart(At("to-nothing"))).path));
  REQUIRE(FoundNames() == Names{"to-nothing"});
  CHECK(found_[0].type == custody::FileType::kSymbolicLink);
  CHECK(Unwrap(FindStart(At("folder"))).followed.empty());
}

TEST_CASE_METHOD(Walking, "a name that leads nowhere is said, with the folder that was looked in", "[intake]") {
  CHECK_FAILS(FindStart(At("gone\x1b.log")), ErrorCode::kNotFound, "gone\\x1b.log does not exist");
  CHECK_FAILS(FindStart("no-such-file"), ErrorCode::kNotFound, "(looked in /");
  CHECK(FindStart(At("*.log")).error().hint.find("pattern") != std::string::npos);
}

TEST_CASE_METHOD(Walking, "what is not there is refused by name, and is not an error of the walk", "[intake]") {
  REQUIRE_OK(Go(At("gone\x1b.log")));
  CHECK(found_.empty());
  CheckRefused(At("gone\x1b.log"), ErrorCode::kNotFound, "gone\\x1b.log does not exist");
}

TEST_CASE_METHOD(Walking, "a pipe is refused by name, with the way to read it, and the rest comes in", "[intake]") {
  Put("d/a");
  REQUIRE(::mkfifo(At("d/pipe").c_str(), 0600) == 0);
  Put("d/z");
  REQUIRE_OK(Go(At("d")));
  CHECK(FoundNames() == Names{"d/a", "d/z"});
  CheckRefused(At("d/pipe"), ErrorCode::kInvalid, "d/pipe is a pipe");
  CHECK(refused_[0].reason.hint.find("exhibit add -") != std::string::npos);
}

TEST_CASE_METHOD(Walking, "a socket is refused by name", "[intake]") {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string path = At("s").native();
  REQUIRE(path.size() < sizeof address.sun_path);
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  const FileDescriptor socket(::socket(AF_UNIX, SOCK_STREAM, 0));
  REQUIRE(::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
  REQUIRE_OK(Go(At("s")));
  CHECK(found_.empty());
  CheckRefused(At("s"), ErrorCode::kInvalid, "is a socket");
}

TEST_CASE_METHOD(Walking, "a character device is refused even where block devices are taken", "[intake]") {
  WalkOptions options;
  options.devices = Devices::kTakeBlockDevices;
  REQUIRE_OK(Go("/dev/null", options));
  CHECK(found_.empty());
  CheckRefused("/dev/null", ErrorCode::kInvalid, "/dev/null is a character device");
}

TEST_CASE_METHOD(Walking, "the vault below what is added is passed over", "[intake]") {
  Put("d/a");
  Put("d/vault/store/CURRENT");
  Put("d/z");
  REQUIRE_OK(Go(At("d"), Excluding("d/vault")));
  CHECK(FoundNames() == Names{"d/a", "d/z"});
  CHECK(refused_.empty());
}

TEST_CASE_METHOD(Walking, "the vault itself, named as evidence, is refused and not passed over", "[intake]") {
  Put("vault/store/CURRENT");
  REQUIRE_OK(Go(At("vault"), Excluding("vault")));
  CHECK(found_.empty());
  CheckRefused(At("vault"), ErrorCode::kInvalid, "is the vault itself, or in it");
}

TEST_CASE_METHOD(Walking, "what is in the vault is refused like the vault itself", "[intake]") {
  Put("vault/store/CURRENT");
  for (const char* const inside : {"vault/store", "vault/store/CURRENT"}) {
    refused_.clear();
    REQUIRE_OK(Go(At(inside), Excluding("vault")));
    CHECK(found_.empty());
    CheckRefused(At(inside), ErrorCode::kInvalid, "is the vault itself, or in it");
  }
}

TEST_CASE_METHOD(Walking, "the vault is known through another name as well", "[intake]") {
  Put("vault/store/CURRENT");
  fs::create_symlink("vault", At("other"));
  REQUIRE_OK(Go(At("other/"), Excluding("vault")));
  CHECK(found_.empty());
  CheckRefused(At("other/"), ErrorCode::kInvalid, "is the vault itself, or in it");
}

TEST_CASE_METHOD(Walking, "a tree deeper than any stack of calls should be is gone through", "[intake]") {
  fs::path deep = "d";
  fs::create_directory(At(deep));
  for (int level = 0; level < 1000; ++level) {
    deep /= "x";
    fs::create_directory(At(deep));
  }
  REQUIRE_OK(WriteNewFile(At(deep / "bottom"), ViewOf("text"), 0600));
  Put("d/y");
  REQUIRE_OK(Go(At("d")));
  CHECK(FoundNames() == Names{(deep / "bottom").native(), "d/y"});
}

TEST_CASE_METHOD(Walking, "a path longer than the system takes at once is gone through, and its files are read",
                 "[intake]") {
  // Made step by step, as an intruder would: no single path reaches the bottom.
  const std::string long_name(255, 'n');
  const FileDescriptor start(::open(folder_.path().c_str(), O_RDONLY | O_DIRECTORY));
  int here = ::dup(start.get());
  for (int level = 0; level < 20; ++level) {
    REQUIRE(::mkdirat(here, long_name.c_str(), 0700) == 0);
    const int next = ::openat(here, long_name.c_str(), O_RDONLY | O_DIRECTORY);
    ::close(here);
    here = next;
  }
  const int bottom = ::openat(here, "bottom", O_WRONLY | O_CREAT, 0600);
  CHECK(::write(bottom, "deep", 4) == 4);
  ::close(bottom);
  CHECK(::symlinkat("target", here, "link") == 0);
  ::close(here);
  Put("z");
  REQUIRE_OK(Go(folder_.path()));
  CHECK(refused_.empty());
  REQUIRE(found_.size() == 3);
  CHECK(found_[0].path.native().size() > 5000);
  CHECK(found_[1].link_target == "target");
  auto source = Unwrap(FileSource::Open(found_[0].path, found_[0].status));
  Bytes content(8);
  CHECK(Unwrap(source.Read(content)) == 4);
  CHECK_FALSE(Unwrap(source.Changed()));
  CHECK_FALSE(source.WouldReadLess());
  // remove_all goes by path as well: shorten the tree first.
  const std::string command = "rm -rf '" + (folder_.path() / long_name).native() + "'";
  CHECK(std::system(command.c_str()) == 0);
}

TEST_CASE_METHOD(Walking, "a folder that may not be read is refused by name, and the rest comes in", "[intake]") {
  Put("d/a");
  Put("d/closed/file");
  Put("d/z");
  fs::permissions(folder_.path(), fs::perms(0755));
  fs::permissions(At("d/closed"), fs::perms(0));
  {
    const WithoutRights nobody;
    REQUIRE_OK(Go(At("d")));
  }
  fs::permissions(At("d/closed"), fs::perms(0700));
  CHECK(FoundNames() == Names{"d/a", "d/z"});
  CheckRefused(At("d/closed"), ErrorCode::kPermission, "no permission to read");
}

TEST_CASE_METHOD(Walking, "what vanishes during the walk is refused by name, what appears behind it is not seen",
                 "[intake]") {
  Put("d/a");
  Put("d/b");
  Put("d/c");
  REQUIRE_OK(Walk(
      At("d"), {},
      [&](Found thing) {
        if (thing.path == At("d/a")) {
          fs::remove(At("d/b"));
          Put("d/aa");
        }
        found_.push_back(std::move(thing));
        return Result<void>();
      },
      [&](Refused thing) { refused_.push_back(std::move(thing)); }));
  CHECK(FoundNames() == Names{"d/a", "d/c"});
  CheckRefused(At("d/b"), ErrorCode::kNotFound, "d/b does not exist");
}

TEST_CASE_METHOD(Walking, "an error of the one who takes things in ends the walk", "[intake]") {
  Put("d/a");
  Put("d/b");
  int calls = 0;
  const auto result = Walk(
      At("d"), {},
      [&](const Found&) -> Result<void> {
        ++calls;
        return Fail(ErrorCode::kIo, "disk full");
      },
      [](const Refused&) {});
  CHECK_FAILS(result, ErrorCode::kIo, "disk full");
  CHECK(calls == 1);
}

TEST_CASE_METHOD(Walking, "two walks of one folder give one order", "[intake]") {
  for (int i = 0; i < 500; ++i) Put("d/" + std::to_string(i * 7919 % 500));
  REQUIRE_OK(Go(At("d")));
  const Names first = FoundNames();
  CHECK(first.size() == 500);
  CHECK(std::ranges::is_sorted(first));
  found_.clear();
  REQUIRE_OK(Go(At("d")));
  CHECK(FoundNames() == first);
}

}  // namespace
}  // namespace exhibit::intake
