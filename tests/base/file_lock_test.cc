// Goal: one holder at a time, who is named in the words of what it does; who waits gets its turn.
// Method: several locks of one process, which exclude each other as those of several do.
#include "vault/base/file_lock.h"

#include <unistd.h>

#include <atomic>
#include <chrono>
#include <fstream>
#include <optional>
#include <string>
#include <thread>

#include "tests/support/catch.h"
#include "tests/support/check.h"
#include "tests/support/older_linux.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/vectors.h"

namespace exhibit {
namespace {

using std::chrono::milliseconds;
using testing::HoldsOnOlderLinux;
using testing::TemporaryFolder;
using testing::Unwrap;

constexpr milliseconds kNotAtAll(0);
constexpr LockPurpose kPainting{"is painting this wall", "come back when it is dry"};

TEST_CASE("a lock that another has is busy, in the caller's words, with the process and the file", "[base]") {
  const TemporaryFolder folder;
  const auto path = folder.path() / "LOCK";
  CHECK_FALSE(LookAtLock(path).is_held);
  {
    const FileLock held = Unwrap(FileLock::Acquire(path, kPainting, kNotAtAll));
    CHECK(LookAtLock(path).is_held);
    const auto refused = FileLock::Acquire(path, kPainting, kNotAtAll);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == ErrorCode::kBusy);
    CHECK(refused.error().message == "another process (process " + std::to_string(::getpid()) +
                                         ") is painting this wall: " + path.native() + " is locked");
    CHECK(refused.error().hint == "come back when it is dry");
    CHECK(FileLock::CheckPlace(path));  // the place can be written, whoever holds it
  }
  const LockSign before = LookAtLock(path);
  CHECK_FALSE(before.is_held);
  std::this_thread::sleep_for(milliseconds(20));  // longer than a tick of a file's clock
  { const FileLock again = Unwrap(FileLock::Acquire(path, kPainting, kNotAtAll)); }
  CHECK(LookAtLock(path) != before);
}

TEST_CASE("where the system has no locks of open files, two exclude each other all the same", "[base]") {
  const TemporaryFolder folder;
  const auto path = folder.path() / "LOCK";
  const std::optional<bool> exclude = HoldsOnOlderLinux([&] {
    {
      const auto held = FileLock::Acquire(path, kPainting, kNotAtAll);
      const auto refused = FileLock::Acquire(path, kPainting, kNotAtAll);
      if (!held || refused || refused.error().code != ErrorCode::kBusy) return false;
    }
    return static_cast<bool>(FileLock::Acquire(path, kPainting, std::nullopt));
  });
  SKIP_WITHOUT(exclude, "this system allows no seccomp filter");
  CHECK(*exclude);
}

TEST_CASE("who waits for a lock stops when it is asked to", "[base]") {
  const TemporaryFolder folder;
  const auto path = folder.path() / "LOCK";
  const FileLock held = Unwrap(FileLock::Acquire(path, kPainting, kNotAtAll));
  const std::atomic<bool> interrupted{true};
  const auto stopped = FileLock::Acquire(path, kPainting, std::chrono::hours(1), &interrupted);
  REQUIRE_FALSE(stopped);
  CHECK(stopped.error().code == ErrorCode::kInterrupted);
}

TEST_CASE("the number of a holder is shown only if it is one", "[base]") {
  const TemporaryFolder folder;
  const auto path = folder.path() / "LOCK";
  const FileLock held = Unwrap(FileLock::Acquire(path, kPainting, kNotAtAll));
  for (const std::string text : {"", "12\x1b[31m", "123456789012345678901234567890"}) {
    std::ofstream(path, std::ios::binary | std::ios::trunc) << text;
    const auto refused = FileLock::Acquire(path, kPainting, kNotAtAll);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().message.starts_with("another process is painting"));
  }
}

TEST_CASE("who has patience gets the lock when it is free, and who has none left is told", "[base]") {
  const TemporaryFolder folder;
  const auto path = folder.path() / "LOCK";
  for (const std::optional<milliseconds> patience :
       {std::optional<milliseconds>(60'000), std::optional<milliseconds>()}) {
    std::optional<FileLock> held = Unwrap(FileLock::Acquire(path, kPainting, kNotAtAll));
    CHECK_FAILS(FileLock::Acquire(path, kPainting, milliseconds(60)), ErrorCode::kBusy, "is painting");
    std::atomic<bool> is_free{false};
    std::thread holder([&] {
      std::this_thread::sleep_for(milliseconds(30));
      is_free = true;
      held.reset();
    });
    const auto got = FileLock::Acquire(path, kPainting, patience);
    CHECK(got);
    CHECK(is_free);
    holder.join();
  }
}

TEST_CASE("a folder is locked for one, and those who replace files in it take turns", "[base]") {
  const TemporaryFolder folder;
  {
    const FileLock held = Unwrap(FileLock::AcquireFolder(folder.path(), kPainting));
    CHECK_FAILS(FileLock::AcquireFolder(folder.path(), kPainting), ErrorCode::kBusy, "is painting this wall: ");
  }
  CHECK(FileLock::AcquireFolder(folder.path(), kPainting));
  CHECK_FAILS(FileLock::AcquireFolder(folder.path() / "absent", kPainting), ErrorCode::kNotFound, "absent");
  const FileLock without = FileLock::AwaitFolder(folder.path() / "absent");

  std::atomic<int> inside{0};
  std::atomic<bool> met{false};
  const auto work = [&] {
    for (int i = 0; i < 200; ++i) {
      const FileLock turn = FileLock::AwaitFolder(folder.path());
      if (++inside > 1) met = true;
      --inside;
    }
  };
  std::thread other(work);
  work();
  other.join();
  CHECK_FALSE(met);
}

TEST_CASE("a link in the place of a lock is not followed", "[base]") {
  const TemporaryFolder folder;
  const auto target = folder.path() / "target";
  std::filesystem::create_symlink(target, folder.path() / "LOCK");
  CHECK_FALSE(FileLock::Acquire(folder.path() / "LOCK", kPainting, kNotAtAll));
  CHECK_FALSE(FileLock::CheckPlace(folder.path() / "LOCK"));
  CHECK(IsAbsent(target));
}

TEST_CASE("bytes are read from any place of a file, fewer only at its end", "[base]") {
  const TemporaryFolder folder;
  const auto path = folder.path() / "file";
  std::ofstream(path) << "0123456789";
  const FileDescriptor file = Unwrap(OpenForReading(path));
  Bytes piece(4);
  CHECK(Unwrap(ReadFullAt(file, 3, piece, path)) == 4);
  CHECK(TextOf(piece) == "3456");
  CHECK(Unwrap(ReadFullAt(file, 8, piece, path)) == 2);
  CHECK(TextOf(piece) == "8956");
  CHECK(Unwrap(ReadFullAt(file, 10, piece, path)) == 0);
  CHECK(Unwrap(ReadFullAt(file, 0, piece, path)) == 4);  // where others read changes nothing
  const FileDescriptor as_folder = Unwrap(OpenForReading(folder.path()));
  CHECK_FAILS(ReadFullAt(as_folder, 0, piece, folder.path()), ErrorCode::kInvalid, "is a folder");
}

}  // namespace
}  // namespace exhibit
