// Goal: whatever a write-ahead log lost is named, and an honest power cut is not called damage. Method: a vault of several
// commands, whose logs are emptied, cut or removed, all of them and each alone; then logs made here.
#include "vault/store/log_chain.h"

#include "tests/support/vault_fixture.h"
#include "vault/store/rocks_runs.h"

namespace exhibit::testing {
namespace {

namespace fs = std::filesystem;
using verify::Depth;
using Weight = verify::MediumFault::Weight;

struct LogsFixture : VaultOnDisk {
  LogsFixture() {
    for (const char* const name : {"a", "b", "c"}) Add({{name, name}});
  }
  std::vector<fs::path> Logs() const {
    std::vector<fs::path> logs;
    for (const auto& entry : fs::directory_iterator(vault() / "store")) {
      if (entry.path().extension() == ".log" && entry.file_size() > 0) logs.push_back(entry.path());
    }
    std::ranges::sort(logs);
    return logs;
  }
  // What the error or the findings say where the vault is verified.
  std::string Said(Weight weight) {
    auto reader = OpenReader();
    if (!reader) {
      CHECK(reader.error().code == ErrorCode::kTampered);
      CHECK_FALSE(reader.error().hint.empty());
      return weight == Weight::kDamage ? reader.error().message : "";
    }
    const auto faults = Unwrap((*reader)->CheckMedium());
    std::string said;
    for (const auto& fault : faults) {
      if (fault.weight == weight) said += fault.message + "\n";
    }
    return said;
  }
};

}  // namespace

TEST_CASE_METHOD(LogsFixture, "a log that is gone, empty or cut is named", "[log_chain]") {
  REQUIRE(Logs().size() == 4);  // of the genesis, and of each command
  CHECK(Unwrap(store::CheckLogChain(vault() / "store", 0)).gaps.empty());
  for (std::size_t i = 0; i < 4; ++i) {
    const fs::path log = Logs()[i];
    const fs::path next = i + 1 < 4 ? Logs()[i + 1] : log;
    const std::string good = ReadText(log);
    const std::string name = log.filename().native();
    const bool is_newest = i == 3;
    CAPTURE(name);

    WriteText(log, "");
    std::string said = Said(Weight::kDamage);
    CAPTURE(said);
    CHECK(said.find(is_newest ? name + ", the newest write-ahead log, is empty" : name + " is empty") !=
          std::string::npos);

    WriteText(log, good.substr(0, good.size() / 2));
    said = Said(Weight::kDamage);
    CHECK(said.find(name) != std::string::npos);
    CHECK(is_newest == (said.find("lost its end") != std::string::npos));

    fs::remove(log);
    said = Said(Weight::kDamage);
    CHECK(said.find(is_newest ? "lost its end" : next.filename().native()) != std::string::npos);
    WriteText(log, good);
  }
  CHECK(Verify(Depth::kContent).ok());
}

TEST_CASE_METHOD(LogsFixture, "a log that lost the record of a checkpoint is a remark, and the next command goes on",
                 "[log_chain]") {
  for (const fs::path& log : Logs()) {
    const std::string good = ReadText(log);
    WriteText(log, good.substr(0, good.size() - 1));
    CAPTURE(log);
    CHECK(Said(Weight::kDamage).empty());
    CHECK(Said(Weight::kRemark).find("a record is cut off") != std::string::npos);
    const bool is_newest = log == Logs().back();
    CHECK(is_newest == (Said(Weight::kRemark).find("the record of a checkpoint is missing") == std::string::npos));
    WriteText(log, good);
  }
  Add({{"d", "d"}});
  CHECK(Verify(Depth::kContent).remarks.empty());
}

TEST_CASE_METHOD(LogsFixture, "zeros at the end of the newest log are a torn end", "[log_chain]") {
  const fs::path log = Logs().back();
  WriteText(log, ReadText(log) + std::string(5000, '\0'));
  CHECK(Said(Weight::kDamage).empty());
  CHECK(Said(Weight::kRemark).find("nothing but zeros") != std::string::npos);
  Add({{"d", "d"}});
  CHECK(Verify(Depth::kContent).remarks.empty());
}

TEST_CASE_METHOD(LogsFixture, "the first log after sorted files begins where they end", "[log_chain]") {
  for (std::size_t command = 0; command < store::kMostLogs; ++command) {
    Act(custody::Hold{Unwrap(custody::ItemSet::Parse("1"))});
  }
  Add({{"d", "d"}, {"e", "e"}});
  REQUIRE(Logs().size() >= 2);
  REQUIRE(Logs().size() < store::kMostLogs);
  CHECK(Verify(Depth::kContent).remarks.empty());
  const fs::path first = Logs().front();
  const std::string name = Logs()[1].filename().native();
  fs::remove(first);
  CHECK(Said(Weight::kDamage).find("changes are missing before store/" + name) != std::string::npos);
}

}  // namespace exhibit::testing
