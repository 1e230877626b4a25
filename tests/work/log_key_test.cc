// Goal: the log's key is replaced whole or not at all, the old one is gone, and everybody who verifies follows.
// Method: a real vault before, between and behind; its key files as a crash at each step leaves them.
#include <sys/stat.h>

#include "tests/support/findings.h"
#include "tests/support/vault_fixture.h"
#include "vault/publish/folder_place.h"
#include "vault/publish/published_log.h"
#include "vault/publish/publisher.h"
#include "vault/tlog/stamped_checkpoint.h"
#include "vault/work/rotate_log_key.h"

namespace exhibit::testing {
namespace {

namespace fs = std::filesystem;
using verify::Depth;
using verify::KeptCheckpoint;

struct LogKeyFixture : VaultFixture {
  LogKeyFixture() { Add({{"a", "one"}}); }
  fs::path key_file() const { return vault() / "keys" / "log.key"; }
  fs::path next_file() const { return vault() / "keys" / "log.key.next"; }

  tlog::VerifierKey Rotate() {
    auto writer = Unwrap(OpenWriterAs(key(), custody::LogKeyChange::kForm));
    Unwrap(work::RotateLogKey(*writer, {.fields = {{"reason", "test"}}}));
    return writer->state().log_keys().present().ed25519;
  }
  Bytes Head() { return Unwrap(Unwrap(OpenReader())->ReadHead()); }
};

}  // namespace

TEST_CASE_METHOD(LogKeyFixture, "a new key signs from its entry on, and the old one is gone", "[log_key]") {
  const std::string old_secret = ReadText(key_file());
  const Bytes before = Head();
  const auto second = Rotate();
  CHECK(ReadText(key_file()) != old_secret);
  CHECK_FALSE(fs::exists(next_file()));
  const auto reader = Unwrap(OpenReader());
  CHECK(reader->head().size == tlog::TreeSize{3});
  REQUIRE_OK(tlog::OpenCheckpoint(Head(), second));
  CHECK(Verify(Depth::kContent).ok());
  Add({{"b", "two"}});
  const auto third = Rotate();
  Add({{"c", "three"}});
  const auto report = Verify(Depth::kContent);
  INFO((report.ok() ? "" : verify::Describe(report.findings.front())));
  CHECK(report.ok());
  CHECK(report.log_key == third);

  SECTION("what was kept before is extended, and is where the replay may begin") {
    verify::Options options;
    options.depth = Depth::kLog;
    options.kept = {{KeptCheckpoint::Use::kResume, "before", before}};
    const auto since = Unwrap(verify::Verify(*Unwrap(OpenReader()), options, pool()));
    CHECK(since.ok());
    CHECK(since.entries == 4);
  }
  SECTION("a copy without an index is followed through all keys") {
    const auto now = Unwrap(OpenReader());
    const auto place = Unwrap(publish::FolderPlace::Open(path() / "copy"));
    Unwrap(publish::Publish(*now, Unwrap(now->ReadLogKeys()), *place));
    const publish::FolderFiles files(path() / "copy");
    const auto log = Unwrap(publish::PublishedLog::Open(files));
    verify::Options options;
    options.depth = Depth::kLog;
    options.kept = {{KeptCheckpoint::Use::kCompare, "before", before}};
    const auto copied = Unwrap(verify::Verify(*log, options, pool()));
    INFO((copied.ok() ? "" : verify::Describe(copied.findings.front())));
    CHECK(copied.ok());
    CHECK(copied.log_key == third);
    CHECK(copied.extends.size() == 1);
    options.kept = {{KeptCheckpoint::Use::kResume, "before", before, std::vector<tlog::Sequence>()}};
    // Notes that name no rotation lead to no key; the whole is read.
    CHECK(Unwrap(verify::Verify(*log, options, pool())).ok());
    options.kept = {{KeptCheckpoint::Use::kResume, "now", Head(), copied.acts}};
    const auto resumed = Unwrap(verify::Verify(*log, options, pool()));
    CHECK(resumed.ok());
    CHECK(resumed.entries == 0);
  }
}

TEST_CASE_METHOD(LogKeyFixture,
                 "a thief of the old key signs nothing behind the rotation, of the new key nothing before",
                 "[log_key]") {
  fs::copy(key_file(), path() / "stolen-first");
  Rotate();
  Add({{"b", "two"}});
  const auto reader = Unwrap(OpenReader());
  const auto load = [](const fs::path& file) { return Unwrap(custody::LoadKey(file, NoPassphrase)); };
  const auto first = load(path() / "stolen-first");
  const auto second = load(key_file());
  const auto keys = Unwrap(reader->ReadLogKeys());
  tlog::Checkpoint forged = reader->head();
  CHECK_FAILS(keys.Open(Unwrap(tlog::SignCheckpoint(forged, first))), ErrorCode::kTampered, "is not signed by");
  forged.size = {2};
  CHECK_FAILS(keys.Open(Unwrap(tlog::SignCheckpoint(forged, second))), ErrorCode::kTampered, "is not signed by");
}

TEST_CASE_METHOD(LogKeyFixture, "a rotation that was cut short is undone or finished by the next writer", "[log_key]") {
  const std::string first = ReadText(key_file());
  SECTION("before its entry") {
    Unwrap(custody::SavePlainKey(next_file(),
                                 tlog::SigningKey::Generate(Unwrap(tlog::KeyName::Parse("test.example/vault")))));
    CHECK(Verify(Depth::kLog).ok());
    Add({{"b", "two"}});
    CHECK_FALSE(fs::exists(next_file()));
    CHECK(ReadText(key_file()) == first);
  }
  SECTION("while its key was written") {
    for (const std::string part : {"", "PRIVATE+KEY+test.exa"}) {
      WriteText(next_file().native() + ".new", part);
      Add({{"b", "two" + part}});
      CHECK_FALSE(fs::exists(next_file().native() + ".new"));
      CHECK(ReadText(key_file()) == first);
    }
    WriteText(next_file().native() + ".new", "PRIVATE+KEY+test.exa");
    Rotate();
    CHECK(ReadText(key_file()) != first);
    CHECK_FALSE(fs::exists(next_file().native() + ".new"));
  }
  SECTION("behind its entry, before the head") {
    const std::string old_head = ReadText(vault() / "HEAD");
    UseState("forgetful");
    Rotate();
    const std::string second = ReadText(key_file());
    fs::rename(key_file(), next_file());
    WriteText(key_file(), first);
    ::chmod(key_file().c_str(), 0600);
    WriteText(vault() / "HEAD", old_head);
    UseState("other");
    CHECK(Unwrap(OpenReader())->head().size == tlog::TreeSize{2});
    Add({{"b", "two"}});
    CHECK_FALSE(fs::exists(next_file()));
    CHECK(ReadText(key_file()) == second);
    CHECK(Verify(Depth::kContent).ok());
  }
  SECTION("before the old key was gone") {
    Rotate();
    const std::string second = ReadText(key_file());
    fs::rename(key_file(), next_file());
    WriteText(key_file(), first);
    ::chmod(key_file().c_str(), 0600);
    CHECK(Verify(Depth::kLog).ok());
    Add({{"b", "two"}});
    CHECK_FALSE(fs::exists(next_file()));
    CHECK(ReadText(key_file()) == second);
  }
  SECTION("in the middle of the old key's end") {
    Rotate();
    fs::rename(key_file(), next_file());
    WriteText(key_file(), std::string(first.size(), '\0'));
    ::chmod(key_file().c_str(), 0600);
    CHECK(Verify(Depth::kLog).ok());
    Add({{"b", "two"}});
    CHECK_FALSE(fs::exists(next_file()));
  }
  CHECK(Verify(Depth::kContent).ok());
}

}  // namespace exhibit::testing
