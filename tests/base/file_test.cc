// Goal: nothing is overwritten but where the name says so, and what is replaced is replaced at one
// stroke. Method: files in a folder of the test's own.
#include "vault/base/file.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <string>

#include "tests/support/catch.h"
#include "tests/support/check.h"
#include "tests/support/temporary_folder.h"

namespace exhibit {
namespace {

namespace fs = std::filesystem;
using testing::Unwrap;

class InFolder {
 protected:
  fs::path At(std::string_view name) const { return folder_ / name; }
  void Put(std::string_view name, std::string_view text) const {
    REQUIRE_OK(WriteNewFile(At(name), ViewOf(text), 0600));
  }
  std::string Text(std::string_view name) const { return ToText(Unwrap(ReadFile(At(name), 1 << 20))); }
  static mode_t ModeOf(const fs::path& path) {
    struct stat status = {};
    REQUIRE(::lstat(path.c_str(), &status) == 0);
    return status.st_mode & 07777;
  }

  const testing::TemporaryFolder temporary_;
  const fs::path folder_ = temporary_.path();
};

TEST_CASE_METHOD(InFolder, "a new file holds what was written, with the mode asked for", "[base]") {
  Put("head", "one");
  CHECK(Text("head") == "one");
  CHECK(ModeOf(At("head")) == 0600);
}

TEST_CASE_METHOD(InFolder, "a file that could not be written whole is not left behind", "[base]") {
  // The nearest thing to a full disk that needs no disk of its own.
  rlimit before = {};
  REQUIRE(::getrlimit(RLIMIT_FSIZE, &before) == 0);
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  const rlimit small = {1000, before.rlim_max};
  REQUIRE(::setrlimit(RLIMIT_FSIZE, &small) == 0);
  const auto written = WriteNewFile(At("key"), Bytes(2000, 'k'), 0600);
  REQUIRE(::setrlimit(RLIMIT_FSIZE, &before) == 0);
  std::signal(SIGXFSZ, handler);
  CHECK_FAILS(written, ErrorCode::kIo, "key: File too large");
  CHECK_FALSE(fs::exists(At("key")));
  Put("key", "whole");
}

TEST_CASE("a full and a failing disk come with what to do", "[base]") {
  CHECK(SystemError("write", "/x", ENOSPC).hint == kHintDiskFull);
  CHECK(SystemError("sync", "/x", EIO).hint == kHintDiskFails);
  CHECK(SystemError("open", "/x", ENOENT).hint.empty());
  // Told of one file among many as what could not be read, an error keeps its message alone.
  for (const int number : {EMFILE, ENFILE})
    CHECK(SystemError("open", "/x", number).message ==
          "open /x: too many open files: raise the limit (`ulimit -n`), or close other programs");
}

TEST_CASE_METHOD(InFolder, "no folder is made where a file is, nor below one", "[base]") {
  Put("file", "x");
  CHECK_FAILS(CreateFolders(At("file")), ErrorCode::kInvalid, "file is no folder");
  CHECK_FAILS(CreateFolders(At("file/below")), ErrorCode::kInvalid, "file is no folder");
  REQUIRE_OK(CreateFolders(At("some/where")));
  REQUIRE_OK(CreateFolders(At("some/where")));
}

TEST_CASE_METHOD(InFolder, "a finished folder takes its name, but not that of a full one", "[base]") {
  fs::create_directories(At("making"));
  Put("making/file", "content");
  fs::create_directories(At("empty"));
  REQUIRE_OK(RenameFolder(At("making"), At("empty")));
  CHECK(Text("empty/file") == "content");
  fs::create_directories(At("again"));
  CHECK_FAILS(RenameFolder(At("again"), At("empty")), ErrorCode::kIo, "rename to");
  CHECK(Text("empty/file") == "content");
}

TEST_CASE_METHOD(InFolder, "a file that is there is not written again", "[base]") {
  Put("head", "one");
  CHECK_FAILS(WriteNewFile(At("head"), ViewOf("two"), 0600), ErrorCode::kExists, "is there already");
  CHECK_FAILS(CreateNew(At("head"), 0600), ErrorCode::kExists, At("head").string());
  CHECK(Text("head") == "one");
}

TEST_CASE_METHOD(InFolder, "a link that points nowhere counts as there", "[base]") {
  fs::create_symlink(At("target"), At("link"));
  CHECK_FAILS(CreateNew(At("link"), 0600), ErrorCode::kExists, "is there already");
  CHECK_FALSE(fs::exists(At("target")));
}

TEST_CASE_METHOD(InFolder, "a file is replaced as a whole, with no other file left", "[base]") {
  REQUIRE_OK(ReplaceFile(At("head"), ViewOf("a long first version"), 0600));
  CHECK(Text("head") == "a long first version");
  REQUIRE_OK(ReplaceFile(At("head"), ViewOf("two"), 0640));
  CHECK(Text("head") == "two");
  CHECK(ModeOf(At("head")) == 0640);
  CHECK(std::distance(fs::directory_iterator(folder_), fs::directory_iterator()) == 1);
}

TEST_CASE_METHOD(InFolder, "who has the old file open keeps reading the old one", "[base]") {
  Put("head", "old");
  const FileDescriptor open = Unwrap(OpenForReading(At("head")));
  REQUIRE_OK(ReplaceFile(At("head"), ViewOf("new"), 0600));
  Bytes bytes(16);
  bytes.resize(Unwrap(ReadFull(open, bytes, At("head"))));
  CHECK(ToText(bytes) == "old");
  CHECK(Text("head") == "new");
}

TEST_CASE_METHOD(InFolder, "what a crash left behind does not stand in the way of a replacement", "[base]") {
  Put("head", "old");
  Put("head.new", "half of a new o");
  REQUIRE_OK(ReplaceFile(At("head"), ViewOf("new"), 0600));
  CHECK(Text("head") == "new");
  CHECK_FALSE(fs::exists(At("head.new")));
}

TEST_CASE_METHOD(InFolder, "a replacement that fails leaves the old file", "[base]") {
  Put("head", "old");
  fs::create_directory(At("head.new"));
  CHECK_FALSE(ReplaceFile(At("head"), ViewOf("new"), 0600));
  CHECK(Text("head") == "old");
  CHECK_FAILS(ReplaceFile(At("none") / "head", ViewOf("new"), 0600), ErrorCode::kNotFound, "create ");
}

TEST_CASE_METHOD(InFolder, "a replacement does not follow a link planted at its temporary name", "[base]") {
  Put("victim", "untouched");
  fs::create_symlink(At("victim"), At("head.new"));
  REQUIRE_OK(ReplaceFile(At("head"), ViewOf("new"), 0600));
  CHECK(Text("victim") == "untouched");
  CHECK(Text("head") == "new");
}

TEST_CASE_METHOD(InFolder, "a file is read up to its limit and refused above it", "[base]") {
  Put("ten", "0123456789");
  CHECK(ToText(Unwrap(ReadFile(At("ten"), 10))) == "0123456789");
  CHECK_FAILS(ReadFile(At("ten"), 9), ErrorCode::kInvalid, "longer than the 9 bytes");
  CHECK_FAILS(ReadFile("/dev/zero", 100'000), ErrorCode::kInvalid, "longer than the 100000 bytes");
  Put("empty", "");
  CHECK(Unwrap(ReadFile(At("empty"), 0)).empty());
  const std::string pieces(3 * 65536, 'x');
  Put("pieces", pieces);
  CHECK(Text("pieces") == pieces);
}

TEST_CASE("a wait that a signal ended is an interruption, whatever was waited for", "[base]") {
  const Error error = SystemError("open", "fifo", EINTR);
  CHECK(error.code == ErrorCode::kInterrupted);
  CHECK(error.message == "open fifo: interrupted");
}

TEST_CASE_METHOD(InFolder, "a file that is not there is not found, and named", "[base]") {
  CHECK_FAILS(ReadFile(At("none"), 10), ErrorCode::kNotFound, At("none").string());
  CHECK_FAILS(OpenForReading(At("none")), ErrorCode::kNotFound, "none does not exist");
  CHECK_FAILS(SyncFolder(At("none")), ErrorCode::kNotFound, "none does not exist");
  CHECK_FAILS(ReadFile(folder_, 10), ErrorCode::kInvalid, "is a folder, and a file is needed here");
}

TEST_CASE_METHOD(InFolder, "opening does not follow a link and does not wait for a FIFO", "[base]") {
  Put("file", "text");
  fs::create_symlink(At("file"), At("link"));
  CHECK_FAILS(OpenForReading(At("link")), ErrorCode::kInvalid, "open ");
  REQUIRE(::mkfifo(At("fifo").c_str(), 0600) == 0);
  CHECK(OpenForReading(At("fifo")).has_value());
}

TEST_CASE_METHOD(InFolder, "reading gives fewer bytes only at the end", "[base]") {
  Put("file", "0123456789");
  const FileDescriptor file = Unwrap(OpenForReading(At("file")));
  Bytes bytes(7);
  CHECK(Unwrap(ReadFull(file, bytes, At("file"))) == 7);
  CHECK(ToText(bytes) == "0123456");
  CHECK(Unwrap(ReadFull(file, bytes, At("file"))) == 3);
  CHECK(Unwrap(ReadFull(file, bytes, At("file"))) == 0);
}

TEST_CASE_METHOD(InFolder, "reading and writing where it is not permitted says so", "[base]") {
  Put("file", "text");
  const FileDescriptor reading = Unwrap(OpenForReading(At("file")));
  CHECK_FAILS(WriteFull(reading, ViewOf("more"), At("file")), ErrorCode::kIo, "write ");
  const FileDescriptor writing = Unwrap(CreateNew(At("other"), 0600));
  Bytes bytes(4);
  CHECK_FAILS(ReadFull(writing, bytes, At("other")), ErrorCode::kIo, "read ");
}

TEST_CASE_METHOD(InFolder, "folders are created with those above them, for their owner only", "[base]") {
  REQUIRE_OK(CreateFolders(At("a") / "b" / "c"));
  CHECK(ModeOf(At("a")) == 0700);
  CHECK(ModeOf(At("a") / "b" / "c") == 0700);
  REQUIRE_OK(CreateFolders(At("a") / "b" / "c"));
  Put("file", "text");
  CHECK_FALSE(CreateFolders(At("file") / "below"));
}

TEST_CASE_METHOD(InFolder, "a folder is synced with all that is in it, whatever that is", "[base]") {
  REQUIRE_OK(CreateFolders(At("a/b")));
  REQUIRE_OK(WriteNewFile(At("a/b/file"), ViewOf("x"), 0600));
  fs::create_symlink("nowhere", At("a/link"));
  REQUIRE(::mkfifo(At("a/fifo").c_str(), 0600) == 0);
  REQUIRE_OK(SyncEach(At("a")));
  const TreeSync sync = Unwrap(TreeSync::Begin(At("a")));
  REQUIRE_OK(WriteNewFile(At("a/b/later"), ViewOf("y"), 0600));
  REQUIRE_OK(sync.Finish());
}

TEST_CASE_METHOD(InFolder, "a folder that is not there cannot be synced, and is named", "[base]") {
  CHECK_FAILS(SyncEach(At("none")), ErrorCode::kNotFound, "none");
  CHECK_FAILS(TreeSync::Begin(At("none")), ErrorCode::kNotFound, "none");
}

TEST_CASE("an error of the system becomes the code that says what to do", "[base]") {
  CHECK(SystemError("open", "x", ENOENT).code == ErrorCode::kNotFound);
  CHECK(SystemError("open", "x", EEXIST).code == ErrorCode::kExists);
  for (const int refused : {EACCES, EPERM}) {
    const Error error = SystemError("open", "/x/y", refused);
    CHECK(error.code == ErrorCode::kPermission);
    CHECK(error.message == "no permission to read /x/y");
    CHECK(error.hint.starts_with("/ belongs to root (mode "));  // the innermost that can be seen
  }
  CHECK(SystemError("write", "x", EROFS).code == ErrorCode::kPermission);
  CHECK(SystemError("write", "x", EROFS).message == "write x: it is on a read-only medium");
  CHECK(SystemError("open", "x", ENOSPC).code == ErrorCode::kIo);
  CHECK(SystemError("open", "a\nb", ENOSPC).message == "open a\\nb: No space left on device");
}

TEST_CASE("a descriptor is closed once, by whoever holds it last", "[base]") {
  int number = -1;
  {
    FileDescriptor first(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    number = first.get();
    FileDescriptor second = std::move(first);
    CHECK_FALSE(first);  // NOLINT(bugprone-use-after-move): moved from means empty
    CHECK(second.get() == number);
    FileDescriptor third;
    CHECK_FALSE(third);
    third = std::move(second);
    CHECK(::fcntl(number, F_GETFD) != -1);
  }
  CHECK(::fcntl(number, F_GETFD) == -1);
}

}  // namespace
}  // namespace exhibit
