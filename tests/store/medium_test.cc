// Goal: a flipped bit anywhere in a vault's folder is reported, or means nothing and is listed here as such.
// Method: a vault with all that a vault may hold (runs, logs, packs, keys, cosignatures); single bits of each of its
// files are flipped, all of them in short files and a spread in long ones, and the vault is verified by somebody else.
#include "tests/support/vault_fixture.h"
#include "vault/store/folder_sums.h"
#include "vault/store/rocks_runs.h"

namespace exhibit::testing {
namespace {

namespace fs = std::filesystem;
using verify::Depth;

struct MediumFixture : VaultOnDisk {
  MediumFixture() {
    Add({{"a.log", "one\n"}, {"b.log", std::string(3000, 'b')}});
    // Commands enough for logs to become a run, and for a log of their own after it.
    for (std::size_t command = 0; command < store::kMostLogs + 3; ++command) {
      Act(custody::Hold{Unwrap(custody::ItemSet::Parse("1"))});
    }
    const store::FolderSums cosigned(vault() / "cosigned");
    const Bytes head = Unwrap(Unwrap(OpenReader())->ReadHead());
    Unwrap(cosigned.Allow("2", head));
    WriteText(vault() / "cosigned" / "2", TextOf(head));
    Unwrap(cosigned.Settle("2"));
  }
  // Whether anything is said: that it does not open, a finding, or a remark that was not made before.
  bool IsReported(std::size_t usual_remarks) {
    const auto reader = OpenReader();
    if (!reader) return true;
    verify::Options options;
    options.depth = Depth::kSealed;
    const auto report = Unwrap(verify::Verify(**reader, options, pool()));
    return !report.ok() || report.remarks.size() != usual_remarks;
  }
  std::vector<fs::path> Files() const {
    std::vector<fs::path> files;
    for (const auto& entry : fs::recursive_directory_iterator(vault())) {
      if (entry.is_regular_file() && entry.file_size() > 0) files.push_back(entry.path());
    }
    std::ranges::sort(files);
    return files;
  }
};

// The process number of the last writer; the database's name for itself.
bool MeansNothing(const fs::path& file) { return file.filename() == "LOCK" || file.filename() == "IDENTITY"; }

}  // namespace

TEST_CASE_METHOD(MediumFixture, "a flipped bit in any file of the vault is reported", "[medium]") {
  const auto usual = Verify(Depth::kSealed);
  REQUIRE(usual.ok());
  std::map<std::string, int> kinds;
  std::uint64_t chance = 20261129;
  for (const fs::path& file : Files()) {
    if (MeansNothing(file)) continue;
    const std::string good = ReadText(file);
    ++kinds[file.extension().native()];
    const std::size_t tries = std::min<std::size_t>(good.size(), file.extension() == ".log" ? 4 : 60);
    for (std::size_t i = 0; i < tries; ++i) {
      chance = chance * 6364136223846793005U + 1442695040888963407U;
      const std::size_t at = good.size() == tries ? i : (chance >> 20) % good.size();
      std::string bad = good;
      bad[at] = static_cast<char>(bad[at] ^ (1 << (chance >> 61)));
      WriteText(file, bad);
      CAPTURE(file, at);
      REQUIRE(IsReported(usual.remarks.size()));
    }
    // The end of a file is where footers are, and records that may be taken for torn ones.
    for (std::size_t back = 1; back <= std::min<std::size_t>(good.size(), 8); ++back) {
      std::string bad = good;
      bad[good.size() - back] = static_cast<char>(bad[good.size() - back] ^ 1);
      WriteText(file, bad);
      CAPTURE(file, back);
      REQUIRE(IsReported(usual.remarks.size()));
    }
    WriteText(file, good);
  }
  CHECK(kinds[".sst"] >= 1);
  CHECK(kinds[".log"] >= 1);
  CHECK(Verify(Depth::kContent).ok());
}

TEST_CASE_METHOD(MediumFixture, "what was added to the vault's folder is named, and fails nothing", "[medium]") {
  WriteText(vault() / ".DS_Store", "x");
  WriteText(vault() / "store" / "notes.txt", "x");
  WriteText(vault() / "store" / "packs" / "notes.txt", "x");
  WriteText(vault() / "keys" / "notes.txt", "x");
  const auto report = Verify(Depth::kLog);
  CHECK(report.ok());
  std::string remarks;
  for (const std::string& remark : report.remarks) remarks += remark + "\n";
  CHECK(remarks.find(".DS_Store is no part of the vault") != std::string::npos);
  CHECK(remarks.find("store/notes.txt is no part of the store") != std::string::npos);
  CHECK(remarks.find("store/packs/notes.txt is no part of the store") != std::string::npos);
  CHECK(remarks.find("keys/notes.txt has no line in keys/SHA256SUMS") != std::string::npos);
}

TEST_CASE_METHOD(MediumFixture, "a file of the store that is gone is damage, and is named", "[medium]") {
  for (const fs::path& file : Files()) {
    const std::string name = file.filename().native();
    const bool is_store = file.parent_path() == vault() / "store";
    if (!is_store || MeansNothing(file)) continue;
    CAPTURE(name);
    fs::rename(file, path() / "aside");
    const auto reader = OpenReader();
    REQUIRE_FALSE(reader);
    CHECK(reader.error().code == ErrorCode::kTampered);
    fs::rename(path() / "aside", file);
  }
  CHECK(Verify(Depth::kContent).ok());
}

TEST_CASE_METHOD(VaultOnDisk, "a torn end of the log is said, and is no damage", "[medium]") {
  Add({{"a.log", "one\n"}});
  std::vector<fs::path> logs;
  for (const auto& entry : fs::directory_iterator(vault() / "store")) {
    if (entry.path().extension() == ".log" && entry.file_size() > 0) logs.push_back(entry.path());
  }
  std::ranges::sort(logs);
  REQUIRE_FALSE(logs.empty());
  const std::string good = ReadText(logs.back());
  WriteText(logs.back(), good + good.substr(0, 100));  // a record that was begun
  const auto report = Verify(Depth::kContent);
  CHECK(report.ok());
  REQUIRE(report.remarks.size() == 1);
  CHECK(report.remarks.front().find("as a power cut leaves it") != std::string::npos);
  Unwrap(OpenWriter());
  CHECK(Verify(Depth::kContent).remarks.empty());
}

}  // namespace exhibit::testing
