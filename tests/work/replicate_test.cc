// Goal: a copy is the same log in any store; another history is refused; what the log says is destroyed is not in it; nobody
// adds to it by mistake.
// Method: vaults in memory, on disk and in buckets, copied into each of these; what the copy gives is compared with the vault
// byte for byte.
#include "vault/work/replicate.h"

#include "tests/support/noise.h"
#include "tests/work/replicate_fixture.h"
#include "vault/session/recovery_key.h"
#include "vault/store/folder_sums.h"
#include "vault/work/reseal.h"
#include "vault/work/shred.h"

namespace exhibit::testing {
namespace {

namespace fs = std::filesystem;
using Fault = store::MemoryDisk::Fault;
using Kind = work::ReplicaPlace::Kind;

}  // namespace

TEST_CASE_METHOD(ReplicateOnDisk, "a copy is the same log, from every store to every store", "[replicate]") {
  Add({{"large", Noise(2'500'000)}});  // several blocks
  for (const auto& first : Copies(path() / "first")) {
    const auto done = Unwrap(Replicate(*first));
    CHECK(done.before.value == 0);
    CHECK(done.entries == 6);
    CHECK(done.checkpoints == 5);
    CHECK(done.sealed_files == 6);
    CHECK(done.payload_bytes > 2'500'000);
    CHECK(done.remarks.empty());
    CheckWhole(*first);
    for (const auto& second : Copies(path() / "second" / first->folder().filename())) {
      REQUIRE_OK(Replicate(*first, *second));
      CheckWhole(*second);
    }
  }
}

TEST_CASE_METHOD(ReplicateFixture, "what is new is copied, and nothing twice", "[replicate]") {
  for (const auto& copy : Copies(path() / "copies")) {
    const auto size = Unwrap(OpenReader())->head().size;
    REQUIRE_OK(Replicate(*copy));
    auto again = Unwrap(Replicate(*copy));
    CHECK(again.before == size);
    CHECK(again.entries + again.checkpoints + again.sealed_files == 0);
    Add({{"d", "four"}});
    Act(custody::Note{}, {{"text", "seen again"}});
    again = Unwrap(Replicate(*copy));
    CHECK(again.entries == 2);
    CHECK(again.checkpoints == 2);
    CheckWhole(*copy);
  }
}

TEST_CASE_METHOD(ReplicateFixture, "a copy has what is sealed to readers, and no key that signs or labels",
                 "[replicate]") {
  const OnDisk copy(path() / "copy");
  REQUIRE_OK(Replicate(copy));
  std::vector<std::string> names;
  for (const auto& file : fs::directory_iterator(copy.folder() / "keys")) names.push_back(file.path().filename());
  std::ranges::sort(names);
  CHECK(names == std::vector<std::string>{"SHA256SUMS", "reader.age", "recovery.age"});
  CHECK(Unwrap(store::FolderSums(copy.folder() / "keys").Check()).empty());
  CHECK_FALSE(fs::exists(path() / ".copy.copying"));
  const auto writer = VaultWriter::Open(
      {.folder = copy.folder(), .custodian_key = key(), .opening = {.pins = {}, .engine = &copy.engine()}},
      NoPassphrase, pool());
  REQUIRE_FALSE(writer);
  CHECK(writer.error().code == ErrorCode::kNotFound);
  CHECK(writer.error().hint.find("exhibit replicate") != std::string::npos);
}

TEST_CASE_METHOD(ReplicateFixture, "what was shredded goes in the copy, and is not copied", "[replicate][shred]") {
  const auto shred = [&] {
    auto writer = Unwrap(OpenWriterAs(key(), custody::Shred::kForm));
    REQUIRE_OK(work::Shred(*writer, {custody::Shred{Unwrap(custody::ItemSet::Parse("1-2"))}, {{"reason", "over"}}}));
  };
  const auto earlier = Copies(path() / "earlier");
  for (const auto& copy : earlier) REQUIRE_OK(Replicate(*copy));
  shred();
  Add({{"e", "five"}});
  for (const auto& copy : earlier) {
    const auto done = Unwrap(Replicate(*copy));
    CHECK(done.destroyed == 2);
    CheckWhole(*copy);
  }
  for (const auto& copy : Copies(path() / "later")) {
    const auto done = Unwrap(Replicate(*copy));
    CHECK(done.destroyed == 0);
    CHECK(done.sealed_files == 5);  // the genesis', c's, the note's, the shred entry's, e's
    CheckWhole(*copy);
  }
}

TEST_CASE_METHOD(ReplicateFixture, "headers that were made anew come with, and those that were destroyed do not",
                 "[replicate][reseal]") {
  const auto earlier = Copies(path() / "earlier");
  for (const auto& copy : earlier) REQUIRE_OK(Replicate(*copy));
  const auto reseal = [&](auto how) {
    const VaultKeys keys = VaultKey();
    const work::ResealRequest request{.keys = keys,
                                      .readers = {{seal::RecipientText(VaultReaderRecipient()), "Carol"}},
                                      .fields = {{"reason", "test"}}};
    auto writer = Unwrap(OpenWriterAs(key(), custody::Reseal::kForm));
    REQUIRE_OK(how(*writer, request));
  };
  reseal(
      [&](VaultWriter& writer, const work::ResealRequest& request) { return work::Reseal(writer, request, pool()); });
  for (const auto& copy : earlier) {
    REQUIRE_OK(Replicate(*copy));
    CheckWhole(*copy);
  }
  reseal([&](VaultWriter& writer, const work::ResealRequest& request) {
    return work::DestroyEarlierHeaders(writer, request, pool());
  });
  for (const auto& copy : earlier) {
    const auto done = Unwrap(Replicate(*copy));
    CHECK(done.destroyed > 0);
    CheckWhole(*copy);
  }
  for (const auto& copy : Copies(path() / "later")) {
    REQUIRE_OK(Replicate(*copy));
    CheckWhole(*copy);
  }
}

TEST_CASE_METHOD(ReplicateFixture, "another history, another vault and another place are refused", "[replicate]") {
  const OnDisk copy(path() / "copy");
  REQUIRE_OK(Replicate(copy));
  SECTION("the copy is ahead") {
    const OnDisk ahead(path() / "ahead");
    Add({{"d", "four"}});
    REQUIRE_OK(Replicate(ahead));
    AsStranger([&] {
      const auto done = Unwrap(Replicate(copy, ahead));
      CHECK(done.is_ahead);
      CHECK(done.head.size.value == 6);
      CHECK(done.entries == 0);
    });
  }
  SECTION("a fork") {
    // The copy got the keys by hand, and both were added to.
    for (const std::string_view name : {"log.key", "label.key"})
      fs::copy_file(vault() / "keys" / name, copy.folder() / "keys" / name);
    const auto add_there = [&](std::string_view reason) {
      auto writer = Unwrap(VaultWriter::Open({.folder = copy.folder(),
                                              .custodian_key = key(),
                                              .act = custody::Note::kForm,
                                              .opening = {.pins = {}, .engine = &copy.engine()}},
                                             NoPassphrase, pool()));
      REQUIRE_OK(writer->CommitAct({custody::Note{}, {{"text", std::string(reason)}}}));
    };
    AsStranger([&] { add_there("there"); });
    Add({{"d", "four"}});
    const Bytes before = Unwrap(ReadFile(VaultPaths(copy.folder()).head, 65'535));
    CHECK_FAILS(Replicate(copy), ErrorCode::kTampered, "the copy has another history of this vault");
    CHECK(Unwrap(ReadFile(VaultPaths(copy.folder()).head, 65'535)) == before);
    AsStranger([&] { add_there("and on"); });
    CHECK_FAILS(Replicate(copy), ErrorCode::kTampered, "the copy has another history of this vault");
  }
  SECTION("another vault of the same origin") {
    const fs::path other = path() / "other";
    AsStranger([&] {
      const store::RocksEngine rocks;
      Make({other, path() / "other.key", {VaultReaderRecipient()}, rocks});
    });
    CHECK_FAILS(Replicate(OnDisk(other)), ErrorCode::kTampered, "another vault of the same origin");
  }
  SECTION("something else, and places in one another") {
    fs::create_directories(path() / "full/of");
    CHECK_FAILS(Replicate(OnDisk(path() / "full")), ErrorCode::kExists, "is no vault");
    CHECK_FAILS(Replicate(OnDisk(vault() / "within")), ErrorCode::kInvalid, "in one another");
    CHECK_FAILS(Replicate(OnDisk(path())), ErrorCode::kInvalid, "in one another");
    CHECK_FAILS(Replicate(OnDisk(vault())), ErrorCode::kInvalid, "is the vault that is to be copied");
    CHECK_FAILS(Replicate(OnDisk("/")), ErrorCode::kInvalid, "names no folder");
  }
  SECTION("the copy lost its end") {
    const InMemory other(path() / "lost");
    REQUIRE_OK(Replicate(other));
    const InMemory emptied(path() / "lost");
    CHECK_FAILS(Replicate(emptied), ErrorCode::kTampered, "the copy has a head, and no entry");
  }
  AsStranger([&] { CheckVerifies(copy); });
}

TEST_CASE_METHOD(ReplicateFixture, "of a vault that is damaged nothing is shown that does not hold", "[replicate]") {
  const InMemory copy(path() / "copy");
  REQUIRE_OK(Replicate(copy));
  Add({{"d", "four"}});
  const auto before = Unwrap(ReadFile(VaultPaths(copy.folder()).head, 65'535));
  SECTION("its log does not verify") {
    disk().FailAt([](std::string_view call) { return call == "read an entry"; }, Fault::kChanged);
    const auto done = Replicate(copy);
    REQUIRE(disk().HasFailed());
    CHECK_FALSE(done);
  }
  SECTION("a sealed file is another one") {
    disk().FailAt([](std::string_view call) { return call == "read a sealed file"; }, Fault::kChanged);
    CHECK_FAILS(Replicate(copy), ErrorCode::kTampered, "entry 5: ");
    REQUIRE(disk().HasFailed());
  }
  SECTION("a sealed file is gone") {
    REQUIRE_OK(Unwrap(Opening().engine->Open(VaultPaths(vault()).store))->DestroySealedFile({5}));
    CHECK_FAILS(Replicate(copy), ErrorCode::kTampered, "entry 5: ");
  }
  CHECK(Unwrap(ReadFile(VaultPaths(copy.folder()).head, 65'535)) == before);
  AsStranger([&] { CheckVerifies(copy); });
}

TEST_CASE_METHOD(ReplicateFixture, "cosigned checkpoints come with, and the copy keeps its own", "[replicate]") {
  const OnDisk copy(path() / "copy");
  const VaultPaths from(vault());
  const VaultPaths to(copy.folder());
  const std::string head(TextOf(Unwrap(OpenReader())->head_note()));
  const auto cosigned = [&](const VaultPaths& paths, std::string_view name) {
    const auto witness = tlog::SigningKey::Generate(Unwrap(tlog::KeyName::Parse(name)));
    const auto note = Unwrap(tlog::SignedNote::Parse(head));
    const Bytes by_witness = Unwrap(tlog::SignNote(note.text(), witness));
    const std::string line(TextOf(by_witness).substr(note.text().size() + 1));
    const std::string file = std::to_string(Unwrap(OpenReader())->head().size.value);
    fs::create_directories(paths.cosigned);
    REQUIRE_OK(store::FolderSums(paths.cosigned).Allow(file, ViewOf(head + line)));
    WriteText(paths.cosigned / file, head + line);
    return line;
  };
  const std::string first = cosigned(from, "witness.example/a");
  WriteText(from.cosigned / "7", "not a checkpoint");
  auto done = Unwrap(Replicate(copy));
  CHECK(done.cosigned == 1);
  CHECK(done.remarks.size() == 1);
  const std::string second = cosigned(to, "witness.example/b");
  done = Unwrap(Replicate(copy));
  CHECK(done.cosigned == 1);
  CHECK(ReadText(to.cosigned / "5") == head + second + first);
  CHECK(Unwrap(Replicate(copy)).cosigned == 0);
}

TEST_CASE_METHOD(ReplicateFixture, "a vault that moves is added to there, and here no more", "[replicate][move]") {
  const OnDisk copy(path() / "copy");
  work::ReplicateJob job = JobTo(copy);
  job.writing = work::ReplicateJob::Writing::kMovesThere;
  SECTION("while nobody adds") {
    const auto writer = Unwrap(OpenWriter());
    CHECK_FAILS(work::Replicate(job, pool()), ErrorCode::kBusy, "is writing to this vault");
    CHECK_FALSE(fs::exists(copy.folder()));
    return;
  }
  SECTION("once a replacement of keys is ended") {
    WriteText(VaultPaths(vault()).next_log_key, "half");
    CHECK_FAILS(work::Replicate(job, pool()), ErrorCode::kInvalid, "a replacement of a key was cut short");
    return;
  }
  SECTION("from a copy nothing moves") {
    REQUIRE_OK(work::Replicate(job, pool()));
    const OnDisk third(path() / "third");
    work::ReplicateJob next = JobTo(third);
    next.open_source = [&] { return OpenReader(); };
    next.writing = work::ReplicateJob::Writing::kMovesThere;
    CHECK_FAILS(work::Replicate(next, pool()), ErrorCode::kNotFound, "neither the vault nor the copy");
    return;
  }
  const auto done = Unwrap(work::Replicate(job, pool()));
  CHECK(done.moved_keys == 2);
  CHECK_FALSE(fs::exists(VaultPaths(vault()).log_key));
  CHECK_FALSE(fs::exists(VaultPaths(vault()).label_key));
  CHECK(Unwrap(store::FolderSums(VaultPaths(vault()).keys).Check()).empty());
  CHECK(Unwrap(store::FolderSums(VaultPaths(copy.folder()).keys).Check()).empty());
  CHECK_FALSE(OpenWriter());
  // Once more, as after a kill: it is done.
  CHECK(Unwrap(work::Replicate(job, pool())).moved_keys == 0);
  {
    auto writer = Unwrap(VaultWriter::Open({.folder = copy.folder(),
                                            .custodian_key = key(),
                                            .act = custody::Note::kForm,
                                            .opening = {.pins = {}, .engine = &copy.engine()}},
                                           NoPassphrase, pool()));
    REQUIRE_OK(writer->CommitAct({custody::Note{}, {{"text", "there"}}}));
  }
  CheckVerifies(copy);
  // And back: what was here is the copy now, and is brought up to date.
  work::ReplicateJob back;
  back.open_source = [&] { return Open(copy); };
  back.source = copy.folder();
  back.source_engine = &copy.engine();
  back.to = {Kind::kElsewhere, vault(), "the vault", Opening().engine};
  back.writing = work::ReplicateJob::Writing::kMovesThere;
  CHECK(Unwrap(work::Replicate(back, pool())).entries == 1);
  Add({{"d", "four"}});
}

TEST_CASE_METHOD(ReplicateFixture, "who asks to stop is heard, and nothing new is shown", "[replicate]") {
  const OnDisk copy(path() / "copy");
  std::atomic<bool> stop{true};
  work::ReplicateJob job = JobTo(copy);
  job.interrupted = &stop;
  CHECK_FAILS(work::Replicate(job, pool()), ErrorCode::kInterrupted, "interrupted");
  CHECK_FALSE(fs::exists(copy.folder()));
  stop = false;
  REQUIRE_OK(work::Replicate(job, pool()));
  CheckWhole(copy);
}

}  // namespace exhibit::testing
