// Goal: nothing that was acknowledged can be lost or taken back unseen, and what was not acknowledged
// leaves nothing visible.
// Method: real stores on the real disk, damaged as a disk or an intruder would; every byte of the
// write-ahead log in turn. (Kills of the real program are in end_to_end/.)
#include <rocksdb/db.h>

#include "tests/support/vault_fixture.h"
#include "vault/store/kept_heads.h"
#include "vault/store/rocks_options.h"
#include "vault/store/rocks_store.h"
#include "vault/store/rocks_versions.h"

namespace exhibit::testing {
namespace {

namespace fs = std::filesystem;
using verify::Depth;

std::vector<fs::path> FilesEndingIn(const fs::path& folder, std::string_view ending) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    if (entry.path().native().ends_with(ending) && fs::file_size(entry.path()) > 0) files.push_back(entry.path());
  }
  std::ranges::sort(files);
  return files;
}

void Copy(const fs::path& from, const fs::path& to) {
  fs::remove_all(to);
  fs::copy(from, to, fs::copy_options::recursive);
}

}  // namespace

TEST_CASE_METHOD(VaultOnDisk, "each flipped byte of the write-ahead log is an error or changes nothing", "[store]") {
  Add({{"a.log", "first"}});
  Add({{"b.log", "second"}});
  const auto logs = FilesEndingIn(vault() / "store", ".log");
  REQUIRE_FALSE(logs.empty());
  std::size_t refused = 0;
  for (const fs::path& log : logs) {
    const std::string good = ReadText(log);
    for (std::size_t at = 0; at < good.size(); ++at) {
      std::string bad = good;
      bad[at] = static_cast<char>(bad[at] ^ 0x10);
      WriteText(log, bad);
      CAPTURE(log, at);
      const auto reader = OpenReader();
      if (!reader) {
        ++refused;
        continue;
      }
      // It opened: then all that was acknowledged is there and right.
      REQUIRE((*reader)->head().size.value == 3);
      REQUIRE(VerifySource(**reader, Depth::kContent).ok());
    }
    WriteText(log, good);
  }
  CHECK(refused > 0);
  CHECK(Verify(Depth::kContent).ok());
}

TEST_CASE_METHOD(VaultOnDisk, "a damaged log is not touched by trying to add to it", "[store]") {
  Add({{"a.log", "first"}});
  const auto logs = FilesEndingIn(vault() / "store", ".log");
  REQUIRE_FALSE(logs.empty());
  std::string bytes = ReadText(logs.back());
  bytes.resize(bytes.size() / 2);
  WriteText(logs.back(), bytes);
  std::map<fs::path, std::string> before;
  for (const auto& file : FilesEndingIn(vault() / "store", "")) before[file] = ReadText(file);
  CHECK_FAILS(OpenWriter(), ErrorCode::kTampered, "the log has lost its end");
  std::map<fs::path, std::string> after;
  for (const auto& file : FilesEndingIn(vault() / "store", "")) after[file] = ReadText(file);
  CHECK((before == after));
}

TEST_CASE_METHOD(VaultOnDisk, "a vault rolled back to an older copy is refused by who saw more", "[store]") {
  Add({{"a.log", "first"}});
  Copy(vault(), path() / "old");
  Add({{"b.log", "second"}});
  Copy(path() / "old", vault());
  CHECK_FAILS(OpenReader(), ErrorCode::kTampered, "rolled back");
  CHECK_FAILS(OpenWriter(), ErrorCode::kTampered, "rolled back");
  // Somebody who never saw it cannot know, and is told so.
  UseState("another-user");
  const auto reader = Unwrap(OpenReader());
  REQUIRE(reader->remarks().size() == 1);
  CHECK(reader->remarks()[0].find("first time") != std::string::npos);
}

TEST_CASE_METHOD(VaultOnDisk, "two histories of one vault are told apart", "[store]") {
  Add({{"a.log", "first"}});
  Copy(vault(), path() / "fork");
  Add({{"b.log", "second"}});
  // The fork grows elsewhere, past the one that was seen here.
  const fs::path seen = path() / "seen";
  Copy(vault(), seen);
  Copy(path() / "fork", vault());
  UseState("elsewhere");
  Add({{"c.log", "other"}, {"d.log", "more"}});
  UseState("state");
  CHECK_FAILS(OpenReader(), ErrorCode::kTampered, "not the one that was seen before");
}

TEST_CASE_METHOD(VaultOnDisk, "a head file that is missing or foreign is refused", "[store]") {
  Add({{"a.log", "first"}});
  const std::string head = ReadText(vault() / "HEAD");
  fs::remove(vault() / "HEAD");
  CHECK_FAILS(OpenReader(), ErrorCode::kTampered, "is missing");
  WriteText(vault() / "HEAD", "test.example/vault\n9\n" + std::string(43, 'A') + "=\n\n\xE2\x80\x94 x AAAAAAA=\n");
  CHECK_FAILS(OpenReader(), ErrorCode::kTampered, "does not hold a head");
  WriteText(vault() / "HEAD", head);
  REQUIRE_OK(OpenReader());
}

TEST_CASE_METHOD(VaultOnDisk, "a reader does not keep an older head over a newer one", "[store]") {
  Add({{"a.log", "first"}});
  const store::HeadFile kept(path() / "heads" / "vault");
  const Bytes old_head = ToBytes(ViewOf("old"));
  const Bytes new_head = ToBytes(ViewOf("new"));
  REQUIRE_OK(kept.ReplaceIfStill(std::nullopt, old_head));
  REQUIRE_OK(kept.Replace(new_head));
  // One that read the old head before the new one was kept.
  REQUIRE_OK(kept.ReplaceIfStill(old_head, old_head));
  CHECK(Unwrap(kept.Read()) == new_head);
}

TEST_CASE_METHOD(VaultOnDisk, "a checkpoint that a power cut took is recorded again", "[store]") {
  Add({{"a.log", "first"}});
  // It is the last record of the log, and the only one that is not synced.
  const auto logs = FilesEndingIn(vault() / "store", ".log");
  REQUIRE_FALSE(logs.empty());
  fs::resize_file(logs.back(), fs::file_size(logs.back()) - 10);
  const std::string head = ReadText(vault() / "HEAD");
  const auto size = Unwrap(OpenReader())->head().size;
  const auto writer = Unwrap(OpenWriter());
  const auto store = Unwrap(store::RocksEngine().OpenForReading(vault() / "store"));
  CHECK(TextOf(Unwrap(store->ReadCheckpoint(size))) == head);
}

TEST_CASE("a failing disk below a folder with \"lock\" in its name is not taken for a busy vault", "[store]") {
  const auto error = store::ErrorOf(
      rocksdb::Status::IOError("While appending to file: /cases/blockchain/store/000012.log", "Input/output error"),
      "append");
  CHECK(error.code == ErrorCode::kIo);
  CHECK(error.hint == kHintDiskFails);
  CHECK(store::ErrorOf(rocksdb::Status::NoSpace("/cases/blockchain/x"), "append").hint == kHintDiskFull);
  CHECK(store::ErrorOf(rocksdb::Status::IOError("While lock file: /x/LOCK", "busy"), "open").code == ErrorCode::kBusy);
}

TEST_CASE_METHOD(VaultOnDisk, "a store that is behind its head is refused", "[store]") {
  Add({{"a.log", "first"}});
  const fs::path old_store = path() / "old-store";
  Copy(vault() / "store", old_store);
  Add({{"b.log", "second"}});
  Copy(old_store, vault() / "store");
  CHECK_FAILS(OpenReader(), ErrorCode::kTampered, "lost its end");
}

TEST_CASE_METHOD(VaultOnDisk, "only one writes at a time, and readers go on beside", "[store]") {
  Add({{"a.log", "first"}});
  const auto writer = Unwrap(OpenWriter());
  CHECK_FAILS(OpenWriter(), ErrorCode::kBusy, "is writing to this vault");
  CHECK(Verify(Depth::kContent).ok());
}

TEST_CASE_METHOD(VaultOnDisk, "a store of a newer version is refused with its number", "[store]") {
  const fs::path folder = path() / "newer";
  Unwrap(store::RocksEngine().Create(folder));
  {
    store::OpenedDatabase opened{};
    REQUIRE(rocksdb::DB::Open({}, folder.native(), &opened).ok());
    const auto database = store::Own(std::move(opened));
    std::string format;
    REQUIRE(database->Get({}, "format", &format).ok());
    CHECK(format == "exhibit-store 3");
    REQUIRE(database->Put({}, "format", "exhibit-store 99").ok());
  }
  // Of the database's own disk; ours keeps none.
  for (const fs::path& file : FilesEndingIn(folder, "")) {
    if (file.filename().native().starts_with("OPTIONS-")) fs::remove(file);
  }
  CHECK_FAILS(store::RocksEngine().OpenForReading(folder), ErrorCode::kUnsupported, "\"exhibit-store 99\"");
  CHECK_FAILS(store::RocksEngine().Open(folder), ErrorCode::kUnsupported, "\"exhibit-store 99\"");
}

TEST_CASE_METHOD(VaultOnDisk, "what was staged and no entry names is gone with the next writer", "[store]") {
  Add({{"a.log", "first"}});
  const fs::path pack = vault() / "store" / "packs" / "000001";
  const auto size = fs::file_size(pack);
  SECTION("with the stage itself") {
    const auto writer = Unwrap(OpenWriter());
    {
      const auto stage = Unwrap(writer->NewStage());
      Unwrap(stage->Begin(Bytes(168, 1)));
      Unwrap(stage->Put(Bytes(1000, 7)));
      Unwrap(stage->End({}, "the layout line\n"));
      Unwrap(stage->Sync());
      CHECK(fs::file_size(pack) == size + 1168);
    }
    CHECK(fs::file_size(pack) == size);
  }
  SECTION("after a kill") {
    std::string bytes = ReadText(pack);
    WriteText(pack, bytes + std::string(1000, 'x'));
    const auto report = Verify(Depth::kContent);
    CHECK(report.ok());
    REQUIRE(report.remarks.size() == 1);
    CHECK(report.remarks.front().find("1000 bytes that no entry names") != std::string::npos);
    Unwrap(OpenWriter());
    CHECK(fs::file_size(pack) == size);
  }
  CHECK(Verify(Depth::kContent).ok());
  CHECK(Verify(Depth::kContent).remarks.empty());
}

}  // namespace exhibit::testing
