// Goal: a published copy is what the specification says, grows without a file ever changing, and shows every
// change that a stranger makes of it. Method: a real vault published while it grows; files changed one by one;
// a second history of the same keys.
#include "tests/support/findings.h"
#include "tests/support/vault_fixture.h"
#include "tests/support/without_rights.h"
#include "vault/publish/folder_place.h"
#include "vault/publish/published_log.h"
#include "vault/publish/publisher.h"
#include "vault/tlog/tile.h"

namespace exhibit::testing {
namespace {

namespace fs = std::filesystem;
using verify::Depth;
using verify::KeptCheckpoint;
using verify::Property;

struct PublishFixture : VaultFixture {
  using VaultFixture::VaultFixture;
  fs::path copy() const { return path() / "copy"; }
  Result<publish::Published> Publish(const fs::path& folder) {
    const auto reader = Unwrap(OpenReader());
    TRY(const auto place, publish::FolderPlace::Open(folder));
    return publish::Publish(*reader, Unwrap(reader->ReadLogKeys()), *place);
  }
  void AddMany(int count) {
    std::vector<std::pair<std::string, std::string>> items;
    for (int i = 0; i < count; ++i) items.emplace_back("n" + std::to_string(i), "x");
    Add(items);
  }
  verify::Report Check(const fs::path& folder, std::vector<KeptCheckpoint> kept = {}) {
    const publish::FolderFiles files(folder);
    const auto log = Unwrap(publish::PublishedLog::Open(files));
    verify::Options options;
    options.depth = Depth::kLog;
    options.kept = std::move(kept);
    return Unwrap(verify::Verify(*log, options, pool()));
  }
  // Of files that are elsewhere.
  Result<verify::Report> CheckElsewhere(const publish::Files& files) {
    TRY(const auto log, publish::PublishedLog::Open(files));
    verify::Options options;
    options.depth = Depth::kLog;
    return verify::Verify(*log, options, pool());
  }
  std::map<std::string, std::string> Contents(const fs::path& folder) const {
    std::map<std::string, std::string> files;
    for (const auto& file : fs::recursive_directory_iterator(folder)) {
      if (file.is_regular_file())
        files[file.path().lexically_relative(folder).generic_string()] = ReadText(file.path());
    }
    return files;
  }
};

struct PublishOnDisk : PublishFixture {
  PublishOnDisk() : PublishFixture(Keep::kOnDisk) {}
};

// A server whose answer for one file is what it should not be, for as many times as it is told.
class FailingFiles final : public publish::Files {
 public:
  using Answer = std::function<Result<Bytes>(Bytes)>;
  FailingFiles(const fs::path& root, std::string path, int times, Answer answer)
      : good_(root), path_(std::move(path)), times_(times), answer_(std::move(answer)) {}
  Place place() const override { return Place::kElsewhere; }
  std::chrono::milliseconds pause() const override { return std::chrono::milliseconds(0); }
  Result<Bytes> Read(std::string_view path, std::size_t limit_bytes) const override {
    ++asked_;
    TRY(Bytes bytes, good_.Read(path, limit_bytes));
    if (path != path_ || times_ == 0) return bytes;
    --times_;
    return answer_(std::move(bytes));
  }
  int asked() const { return asked_; }

 private:
  publish::FolderFiles good_;
  std::string path_;
  mutable std::atomic<int> times_;
  mutable std::atomic<int> asked_{0};
  Answer answer_;
};

}  // namespace

TEST_CASE_METHOD(PublishFixture, "what a server does not give is asked for twice, and is no finding", "[publish]") {
  AddMany(300);
  Unwrap(Publish(copy()));
  struct Row {
    std::string name;
    FailingFiles::Answer answer;
  };
  const std::vector<Row> rows = {
      {"out of order", [](Bytes) -> Result<Bytes> { return Fail(ErrorCode::kIo, "HTTP status 503"); }},
      {"not there", [](Bytes) -> Result<Bytes> { return Fail(ErrorCode::kNotFound, "HTTP status 404"); }},
      {"cut short", [](Bytes bytes) -> Result<Bytes> { return Bytes(bytes.begin(), bytes.end() - 1); }},
      {"cut to nothing", [](Bytes) -> Result<Bytes> { return Bytes(); }},
  };
  std::vector<std::string> names;
  for (const auto& [name, text] : Contents(copy())) names.push_back(name);
  CHECK(names.size() == 6);  // the checkpoint; two tiles, one above them; two bundles
  for (const Row& row : rows) {
    for (const std::string& name : names) {
      CAPTURE(row.name, name);
      const auto once = CheckElsewhere(FailingFiles(copy(), name, 1, row.answer));
      REQUIRE_OK(once);
      CHECK(once->ok());
      const FailingFiles always(copy(), name, 1000, row.answer);
      const auto report = CheckElsewhere(always);
      if (name == "checkpoint") {
        CHECK_FAILS(report, ErrorCode::kIo, "(asked twice)");
        CHECK(always.asked() == 2);
        continue;
      }
      REQUIRE_OK(report);
      CHECK_FALSE(report->ok());
      CHECK(report->findings.empty());
      REQUIRE(!report->undecided.empty());
      CHECK(report->undecided[0].find("(asked twice)") != std::string::npos);
      CHECK(report->undecided.size() <= 2);
    }
  }
  // What is whole and wrong is a finding wherever it comes from.
  for (const std::string& name : names) {
    if (name == "checkpoint") continue;
    CAPTURE(name);
    const auto report = CheckElsewhere(FailingFiles(copy(), name, 1000, [](Bytes bytes) -> Result<Bytes> {
      bytes.back() ^= 1;
      return bytes;
    }));
    REQUIRE_OK(report);
    CHECK(!report->findings.empty());
    CHECK(report->undecided.empty());
  }
}

TEST_CASE_METHOD(PublishFixture,
                 "a file of a folder that cannot be read is not missing, and one that is cut was changed",
                 "[publish]") {
  AddMany(2);
  Unwrap(Publish(copy()));
  const fs::path bundle = copy() / "tile/entries/000.p/3";
  const std::string whole = ReadText(bundle);
  fs::permissions(bundle, fs::perms::none);
  fs::permissions(path(), fs::perms(0755));
  verify::Report report;
  {
    const WithoutRights nobody;
    report = Check(copy());
  }
  INFO((report.findings.empty() ? "" : verify::Describe(report.findings.front())));
  CHECK(report.findings.empty());
  CHECK(report.undecided.size() == 1);
  fs::remove(bundle);
  report = Check(copy());
  CHECK(Names(report, Property::kGenesis));
  CHECK(report.undecided.empty());
  WriteText(bundle, whole.substr(0, whole.size() - 1));
  report = Check(copy());
  CHECK(!report.findings.empty());
  CHECK(report.undecided.empty());
}

TEST_CASE_METHOD(PublishFixture, "a copy grows file by file, and no file ever changes", "[publish]") {
  std::map<std::string, std::string> before;
  for (const int more : {0, 3, 0, 252, 1, 300}) {
    if (more > 0) AddMany(more);
    const auto done = Unwrap(Publish(copy()));
    auto now = Contents(copy());
    for (const auto& [name, text] : before) {
      if (name != "checkpoint") CHECK(now.at(name) == text);
    }
    const std::uint64_t size = done.checkpoint.size.value;
    CAPTURE(size);
    CHECK(now.at("checkpoint").find("\n" + std::to_string(size) + "\n") != std::string::npos);
    const std::uint64_t edge = size % 256;
    const std::string partial = edge == 0 ? "" : ".p/" + std::to_string(edge);
    const std::string index = "00" + std::to_string((size - 1) / 256);
    CHECK(now.at("tile/0/" + index + partial).size() == 32 * (edge == 0 ? 256 : edge));
    REQUIRE_OK(tlog::ParseEntryBundle(ViewOf(now.at("tile/entries/" + index + partial)),
                                      edge == 0 ? 256 : static_cast<std::uint32_t>(edge)));
    CHECK(now.contains("tile/1/000.p/" + std::to_string(size / 256)) == (size >= 256));
    if (more == 0 && !before.empty()) CHECK(done.files == 0);
    const auto report = Check(copy());
    INFO((report.ok() ? "" : verify::Describe(report.findings.front())));
    CHECK(report.ok());
    CHECK(report.entries == size);
    before = std::move(now);
  }
  // No copy of the log tells anything of the index.
  CHECK(Check(copy()).acts == std::vector<tlog::Sequence>{{0}});
}

TEST_CASE_METHOD(PublishFixture, "what was verified is not read again, and the partial files of then need not be there",
                 "[publish]") {
  AddMany(300);
  Unwrap(Publish(copy()));
  const Bytes then = ToBytes(ViewOf(ReadText(copy() / "checkpoint")));
  AddMany(250);
  Unwrap(Publish(copy()));
  fs::remove_all(copy() / "tile/0/001.p");
  fs::remove_all(copy() / "tile/entries/001.p");
  // Entry 0 is needed to begin with; nothing else of the first bundle is.
  const auto report = Check(copy(), {{KeptCheckpoint::Use::kResume, "then", then, std::vector<tlog::Sequence>()}});
  INFO((report.ok() ? "" : verify::Describe(report.findings.front())));
  CHECK(report.ok());
  CHECK(report.entries == 250);
  // Without notes of the acts there is no index to resume by, and the whole is read.
  const auto whole = Check(copy(), {{KeptCheckpoint::Use::kResume, "then", then}});
  CHECK(whole.ok());
  CHECK(whole.entries == 551);
  CHECK(whole.remarks.size() == 1);
}

TEST_CASE_METHOD(PublishFixture, "every changed byte of a copy is found", "[publish]") {
  AddMany(3);
  Unwrap(Publish(copy()));
  for (const auto& [name, text] : Contents(copy())) {
    for (std::size_t at = 0; at < text.size(); ++at) {
      std::string flipped = text;
      flipped[at] = static_cast<char>(flipped[at] ^ 0x01);
      WriteText(copy() / name, flipped);
      CAPTURE(name, at);
      const publish::FolderFiles files(copy());
      const auto log = publish::PublishedLog::Open(files);
      if (!log) {
        CHECK(name == "checkpoint");
        continue;
      }
      verify::Options options;
      options.depth = Depth::kLog;
      REQUIRE_FALSE(Unwrap(verify::Verify(**log, options, pool())).ok());
    }
    WriteText(copy() / name, text + "x");
    if (name != "checkpoint") CHECK_FALSE(Check(copy()).ok());
    WriteText(copy() / name, text);
  }
  CHECK(Check(copy()).ok());
  fs::remove(copy() / "tile/entries/000.p/4");
  CHECK(Names(Check(copy()), Property::kGenesis));
}

TEST_CASE_METHOD(PublishOnDisk, "two histories never meet in one copy, nor before one reader", "[publish]") {
  AddMany(2);
  fs::copy(vault(), path() / "older", fs::copy_options::recursive);
  AddMany(3);
  Unwrap(Publish(copy()));
  const Bytes seen = ToBytes(ViewOf(ReadText(copy() / "checkpoint")));
  const auto published = Contents(copy());
  fs::remove_all(vault());
  fs::rename(path() / "older", vault());
  UseState("another");

  SECTION("rolled back") { CHECK_FAILS(Publish(copy()), ErrorCode::kTampered, "rolled back"); }
  SECTION("another history") {
    Add({{"other", "y"}});
    AddMany(4);
    CHECK_FAILS(Publish(copy()), ErrorCode::kTampered, "not the one that was seen before");
    Unwrap(Publish(path() / "fork"));
    CHECK(Check(path() / "fork").ok());
    const auto report =
        Check(path() / "fork", {{KeptCheckpoint::Use::kResume, "seen", seen, std::vector<tlog::Sequence>()}});
    CHECK(Names(report, Property::kConsistency));
  }
  SECTION("another history without the checkpoint that shows it") {
    Add({{"other", "y"}});
    AddMany(2);  // as many as were published, so that the names of partial files are the same
    fs::remove(copy() / "checkpoint");
    CHECK_FAILS(Publish(copy()), ErrorCode::kTampered, "is there with other bytes");
    return;
  }
  CHECK(Contents(copy()) == published);
}

TEST_CASE_METHOD(PublishFixture, "a crash between leaves the old checkpoint over files that the next one goes on with",
                 "[publish]") {
  AddMany(2);
  Unwrap(Publish(copy()));
  const std::string old_checkpoint = ReadText(copy() / "checkpoint");
  AddMany(2);
  Unwrap(Publish(copy()));
  const auto whole = Contents(copy());
  // As if the power had gone before the checkpoint, and in the middle of a file.
  WriteText(copy() / "checkpoint", old_checkpoint);
  fs::remove(copy() / "tile/0/000.p/5");
  WriteText(copy() / "tile/0/000.p/5.new", "half");
  CHECK(Check(copy()).ok());
  Unwrap(Publish(copy()));
  CHECK(Contents(copy()) == whole);
}

TEST_CASE_METHOD(PublishFixture, "sizes that a stranger claims cost nothing", "[publish]") {
  AddMany(1);
  Unwrap(Publish(copy()));
  const auto stranger = tlog::SigningKey::Generate(Unwrap(tlog::KeyName::Parse("test.example/vault")));
  tlog::RootHash root;
  WriteText(copy() / "checkpoint",
            TextOf(Unwrap(tlog::SignCheckpoint(
                {Unwrap(tlog::Origin::Parse("test.example/vault")), {~std::uint64_t{0}}, root}, stranger))));
  const auto report = Check(copy());
  CHECK_FALSE(report.ok());
  CHECK(report.entries == 0);
}

}  // namespace exhibit::testing
