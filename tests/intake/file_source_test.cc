// Goal: what is read is the file that was looked at, and a change meanwhile is noticed. Method: files
// that are replaced, grow, or are rewritten between the steps.
#include "vault/intake/file_source.h"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <fstream>
#include <future>

#include "tests/support/check.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/text_file.h"

namespace exhibit::intake {
namespace {

namespace fs = std::filesystem;
using testing::Unwrap;
using testing::WriteText;

class Reading {
 protected:
  fs::path At(std::string_view name) const { return folder_.path() / name; }
  static struct ::stat StatusOf(const fs::path& path) {
    struct ::stat status {};
    REQUIRE(::lstat(path.c_str(), &status) == 0);
    return status;
  }
  static std::string ReadAll(FileSource& source) {
    std::string all;
    Bytes buffer(7);
    for (;;) {
      const std::size_t got = Unwrap(source.Read(buffer));
      Append(all, ByteView(buffer).first(got));
      if (got < buffer.size()) return all;
    }
  }

  testing::TemporaryFolder folder_;
};

TEST_CASE_METHOD(Reading, "a file is read to its end, and did not change", "[intake]") {
  for (const std::string_view text : {"", "1234567", "twelve bytes"}) {
    WriteText(At("file"), text);
    FileSource source = Unwrap(FileSource::Open(At("file"), StatusOf(At("file"))));
    CHECK(ReadAll(source) == text);
    CHECK_FALSE(Unwrap(source.Changed()));
  }
}

TEST_CASE_METHOD(Reading, "a file that was put in the place of the one looked at is not read", "[intake]") {
  WriteText(At("file"), "evidence");
  const struct ::stat status = StatusOf(At("file"));
  WriteText(At("other"), "forgery!");
  fs::rename(At("other"), At("file"));
  CHECK_FAILS(FileSource::Open(At("file"), status), ErrorCode::kInvalid, "another file was put in its place");
}

TEST_CASE_METHOD(Reading, "a link or a pipe in its place is not followed and not waited for", "[intake]") {
  WriteText(At("file"), "evidence");
  const struct ::stat status = StatusOf(At("file"));
  fs::rename(At("file"), At("moved"));
  fs::create_symlink("moved", At("file"));
  CHECK_FAILS(FileSource::Open(At("file"), status), ErrorCode::kInvalid, "open ");
  fs::remove(At("file"));
  REQUIRE(::mkfifo(At("file").c_str(), 0600) == 0);
  CHECK_FAILS(FileSource::Open(At("file"), status), ErrorCode::kInvalid, "another file was put in its place");
}

TEST_CASE_METHOD(Reading, "a file that is gone is not found, by name", "[intake]") {
  WriteText(At("gone\x1b"), "evidence");
  const struct ::stat status = StatusOf(At("gone\x1b"));
  fs::remove(At("gone\x1b"));
  CHECK_FAILS(FileSource::Open(At("gone\x1b"), status), ErrorCode::kNotFound, "gone\\x1b does not exist");
}

TEST_CASE_METHOD(Reading, "a file that grows while it is read has changed", "[intake]") {
  WriteText(At("file"), "evidence");
  FileSource source = Unwrap(FileSource::Open(At("file"), StatusOf(At("file"))));
  std::ofstream(At("file"), std::ios::app) << " and more";
  CHECK(ReadAll(source) == "evidence and more");
  CHECK(Unwrap(source.Changed()));
}

TEST_CASE_METHOD(Reading, "a file that had fewer bytes when it was opened than when it was found has changed",
                 "[intake]") {
  WriteText(At("file"), "evidence");
  const struct ::stat found = StatusOf(At("file"));
  WriteText(At("file"), "");
  FileSource emptied = Unwrap(FileSource::Open(At("file"), found));
  CHECK(ReadAll(emptied).empty());
  CHECK(Unwrap(emptied.Changed()));
}

TEST_CASE_METHOD(Reading, "a file that grew between finding and opening is read as it is then", "[intake]") {
  WriteText(At("file"), "evidence");
  const struct ::stat found = StatusOf(At("file"));
  WriteText(At("file"), "evidence and more");
  FileSource grown = Unwrap(FileSource::Open(At("file"), found));
  CHECK(ReadAll(grown) == "evidence and more");
  CHECK_FALSE(Unwrap(grown.Changed()));
  CHECK(grown.status().st_size == 17);
}

TEST_CASE_METHOD(Reading, "a file of the same size and mtime, but written since, has changed", "[intake]") {
  WriteText(At("file"), "evidence");
  const struct ::stat status = StatusOf(At("file"));
  FileSource source = Unwrap(FileSource::Open(At("file"), status));
  // The clock of the file system has a step; the write must fall behind it.
  do {
    std::ofstream(At("file"), std::ios::in | std::ios::out) << "forgery!";
  } while (StatusOf(At("file")).st_ctim.tv_nsec == status.st_ctim.tv_nsec);
  const timespec times[2] = {status.st_atim, status.st_mtim};
  REQUIRE(::utimensat(AT_FDCWD, At("file").c_str(), times, 0) == 0);
  CHECK(Unwrap(source.Changed()));
}

TEST_CASE_METHOD(Reading, "a stream is read to its end and does not count as changed", "[intake]") {
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  FileDescriptor writer(ends[1]);
  REQUIRE_OK(WriteFull(writer, ViewOf("from a pipe"), "pipe"));
  writer = FileDescriptor();
  FileSource source = FileSource::FromDescriptor(FileDescriptor(ends[0]), "standard input", nullptr);
  CHECK(ReadAll(source) == "from a pipe");
  CHECK_FALSE(Unwrap(source.Changed()));
  CHECK_FALSE(source.cut());
}

TEST_CASE_METHOD(Reading, "who waits for an idle stream can be interrupted, and keeps what came", "[intake]") {
  int ends[2];
  REQUIRE(::pipe2(ends, GENERATE(0, O_NONBLOCK)) == 0);
  const FileDescriptor writer(ends[1]);
  REQUIRE_OK(WriteFull(writer, ViewOf("a beginning and more"), "pipe"));
  std::atomic<bool> interrupted{false};
  FileSource source = FileSource::FromDescriptor(FileDescriptor(ends[0]), "standard input", &interrupted);
  Bytes buffer(11);
  CHECK(Unwrap(source.Read(buffer)) == 11);
  auto more = std::async(std::launch::async, [&] { return source.Read(buffer); });
  // The rest is read before anybody is interrupted.
  int unread = 1;
  while (unread > 0) REQUIRE(::ioctl(ends[0], FIONREAD, &unread) == 0);
  interrupted = true;
  CHECK(Unwrap(more.get()) == 9);
  CHECK(TextOf(ByteView(buffer).first(9)) == " and more");
  REQUIRE(source.cut());
  CHECK(source.cut()->code == ErrorCode::kInterrupted);
}

TEST_CASE_METHOD(Reading, "a stream that cannot be read ends, and says why by the name it was given", "[intake]") {
  FileSource source =
      FileSource::FromDescriptor(FileDescriptor(::open(folder_.path().c_str(), O_RDONLY)), "standard input", nullptr);
  Bytes buffer(1);
  CHECK(Unwrap(source.Read(buffer)) == 0);
  REQUIRE(source.cut());
  CHECK(source.cut()->message == "standard input is a folder, and a file is needed here");
}

}  // namespace
}  // namespace exhibit::intake
