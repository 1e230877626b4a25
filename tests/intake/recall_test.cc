// Goal: what was added is passed over and nothing else is, whatever became of the process, the vault and the file; bytes that
// are there already are said to be. Method: an adder over a vault with a journal, and each way in which the two come to differ.
#include "vault/intake/recall.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <chrono>
#include <thread>

#include "tests/support/intake_input.h"
#include "tests/support/vault_fixture.h"
#include "vault/store/kept_heads.h"
#include "vault/work/add.h"

namespace exhibit::intake {
namespace {

namespace fs = std::filesystem;
using testing::InputOf;
using testing::Unwrap;
using testing::VaultOnDisk;
using testing::WriteText;

class Recalling : public VaultOnDisk {
 protected:
  struct Outcome {
    std::vector<Added> added;
    std::uint64_t known = 0;
  };
  // A file's change is remembered once the clock is past it.
  void Write(const fs::path& file, std::string_view text) const {
    WriteText(file, std::string(text));
    std::this_thread::sleep_for(std::chrono::milliseconds(60));
  }
  fs::path File(std::string_view name) const { return path() / "input" / name; }

  static Input Looked(const fs::path& file, const crypto::Sha256Digest& said) {
    Input input = InputOf(file);
    struct ::stat status {};
    REQUIRE(::lstat(file.c_str(), &status) == 0);
    input.look = FileLook::Of(file, status, said);
    return input;
  }
  Outcome Add(const std::vector<fs::path>& files, Known known = Known::kPassOver,
              const crypto::Sha256Digest& said = {}) {
    auto destination = std::make_unique<work::VaultDestination>(Unwrap(OpenWriter()));
    Journal journal = Unwrap(
        Journal::Open(Unwrap(store::UserJournalPath(destination->head().origin, destination->key().verifier().id())),
                      destination->key(), destination->sealer().vault().fingerprint));
    Outcome outcome;
    Adder::Options options;
    options.journal = &journal;
    options.known = known;
    Adder adder(
        std::move(destination), pool(), std::move(options), [&](const Added& added) { outcome.added.push_back(added); },
        [](const Refused&) {});
    for (const fs::path& file : files) REQUIRE_OK(adder.Add(Looked(file, said)));
    outcome.known = Unwrap(adder.Finish()).known;
    return outcome;
  }
};

TEST_CASE_METHOD(Recalling, "what was added is passed over, and what changed is added", "[journal]") {
  Write(File("a"), "one");
  Write(File("b"), "two");
  CHECK(Add({File("a")}).added.size() == 1);
  const Outcome again = Add({File("a"), File("b")});
  CHECK(again.known == 1);
  CHECK(again.added.size() == 1);
  CHECK(Add({File("a"), File("b")}).known == 2);
  // The same length, and another time.
  Write(File("a"), "ONE");
  CHECK(Add({File("a"), File("b")}).added.size() == 1);
  CHECK(Cat({3}) == "ONE");
  // The time that it had is given back to it; that it changed stays.
  struct ::stat status {};
  REQUIRE(::lstat(File("b").c_str(), &status) == 0);
  Write(File("b"), "TWO");
  const timespec times[2] = {status.st_atim, status.st_mtim};
  REQUIRE(::utimensat(AT_FDCWD, File("b").c_str(), times, 0) == 0);
  std::this_thread::sleep_for(std::chrono::milliseconds(60));
  CHECK(Add({File("b")}).added.size() == 1);
}

TEST_CASE_METHOD(Recalling, "without being asked, all is added again, and is said to have the same bytes",
                 "[journal]") {
  Write(File("a"), "one");
  Write(File("b"), "one");
  Write(File("empty"), "");
  const Outcome first = Add({File("a"), File("b"), File("empty"), File("empty")}, Known::kAddAgain);
  REQUIRE(first.added.size() == 4);
  CHECK_FALSE(first.added[0].same_as);
  CHECK(first.added[1].same_as == tlog::Sequence{1});
  CHECK_FALSE(first.added[3].same_as);
  const Outcome second = Add({File("b")}, Known::kAddAgain);
  REQUIRE(second.added.size() == 1);
  CHECK(second.added[0].same_as == tlog::Sequence{1});
}

TEST_CASE_METHOD(Recalling, "with other words said of it, a file is added again", "[journal]") {
  Write(File("a"), "one");
  Add({File("a")});
  CHECK(Add({File("a")}, Known::kPassOver, crypto::Sha256(ViewOf("case 2"))).added.size() == 1);
  CHECK(Add({File("a")}, Known::kPassOver, crypto::Sha256(ViewOf("case 2"))).known == 1);
}

TEST_CASE_METHOD(Recalling, "what a restored vault has no more is added again", "[journal]") {
  Write(File("a"), "one");
  Write(File("b"), "two");
  Add({File("a")});
  fs::copy(vault(), path() / "copy", fs::copy_options::recursive);
  Add({File("b")});
  fs::remove_all(vault());
  fs::rename(path() / "copy", vault());
  // The kept head would refuse the copy; the journal of the user stays.
  fs::remove_all(path() / "state/exhibit/heads");
  const Outcome again = Add({File("a"), File("b")});
  CHECK(again.known == 1);
  REQUIRE(again.added.size() == 1);
  CHECK_FALSE(again.added[0].same_as);
  CHECK(Cat({2}) == "two");
}

TEST_CASE_METHOD(Recalling, "another item in the place of a lost one is not taken for it", "[journal]") {
  Write(File("a"), "one");
  Write(File("b"), "two");
  fs::copy(vault(), path() / "copy", fs::copy_options::recursive);
  Add({File("a")});
  fs::remove_all(vault());
  fs::rename(path() / "copy", vault());
  fs::remove_all(path() / "state/exhibit/heads");
  Add({File("b")});
  CHECK(Add({File("a")}).added.size() == 1);
}

TEST_CASE_METHOD(Recalling, "what was noted and never committed is added", "[journal]") {
  Write(File("a"), "one");
  {
    const work::VaultDestination destination(Unwrap(OpenWriter()));
    Journal journal = Unwrap(
        Journal::Open(Unwrap(store::UserJournalPath(destination.head().origin, destination.key().verifier().id())),
                      destination.key(), destination.sealer().vault().fingerprint));
    Recall recall(&journal, destination);
    Ready ready{{custody::Item(),
                 Unwrap(destination.sealer().Seal(custody::FieldsOf(testing::FactsOf("one")), {}, ViewOf("one")))},
                testing::FactsOf("one"),
                Looked(File("a"), {}).look};
    std::vector<Ready> group;
    group.push_back(std::move(ready));
    REQUIRE_OK(recall.NoteGroup(group));
    CHECK_FALSE(recall.EntryOf(*group[0].look));
  }
  const Outcome after = Add({File("a")});
  REQUIRE(after.added.size() == 1);
  CHECK_FALSE(after.added[0].same_as);
}

TEST_CASE_METHOD(Recalling, "a file that changed a moment ago may change again unseen, and is not remembered",
                 "[journal]") {
  WriteText(File("a"), "one");
  struct ::stat status {};
  REQUIRE(::lstat(File("a").c_str(), &status) == 0);
  timespec now{};
  ::clock_gettime(CLOCK_REALTIME, &now);
  status.st_ctim = now;
  CHECK_FALSE(FileLook::Of(File("a"), status, {}));
  // Without parts of a second two of them are a moment.
  status.st_ctim = status.st_mtim = {now.tv_sec - 1, 0};
  CHECK_FALSE(FileLook::Of(File("a"), status, {}));
  status.st_ctim = status.st_mtim = {now.tv_sec - 3, 0};
  CHECK(FileLook::Of(File("a"), status, {}));
  status.st_ctim = {now.tv_sec - 3, 1};
  status.st_mtim = {std::int64_t{1} << 62, 0};  // somebody's joke
  CHECK(FileLook::Of(File("a"), status, {}));
  status.st_mode = S_IFBLK;
  CHECK_FALSE(FileLook::Of(File("a"), status, {}));
}

TEST_CASE_METHOD(Recalling, "the journal holds no name and no digest", "[journal]") {
  Write(File("patient-4711"), "one");
  Add({File("patient-4711")});
  const std::string digest(TextOf(crypto::Sha256(ViewOf("one")).view()));
  std::size_t files = 0;
  for (const auto& file : fs::directory_iterator(path() / "state/exhibit/journals")) {
    const std::string bytes = testing::ReadText(file.path());
    CHECK(bytes.find("4711") == std::string::npos);
    CHECK(bytes.find(digest.substr(0, 8)) == std::string::npos);
    ++files;
  }
  CHECK(files > 0);
}

}  // namespace
}  // namespace exhibit::intake
