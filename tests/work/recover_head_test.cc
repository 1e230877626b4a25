// Goal: a restored vault goes on only when somebody says so, and never hides what was lost. Method: a vault
// put back to a copy of itself, whole or its store alone; every user who kept a head; what is on disk after.
#include "vault/work/recover_head.h"

#include "tests/support/findings.h"
#include "tests/support/vault_fixture.h"
#include "vault/tlog/fork_proof.h"

namespace exhibit::testing {
namespace {

namespace fs = std::filesystem;

struct RecoveryFixture : VaultOnDisk {
  RecoveryFixture() {
    Add({{"a", "one"}});
    fs::copy(vault(), path() / "copy", fs::copy_options::recursive);
    Add({{"b", "two"}, {"c", "three"}});
    lost = Unwrap(Unwrap(OpenReader())->ReadHead());
  }
  void Restore(const char* part = "") {
    fs::remove_all(vault() / part);
    fs::copy(path() / "copy" / part, vault() / part, fs::copy_options::recursive);
  }
  Result<work::RecoveredHead> Recover(bool sure = true) {
    return work::RecoverHead(
        {vault(), key(), std::chrono::milliseconds(0), custody::LostHead::kForm}, {{"reason", "disk failed"}},
        [sure](const ContradictedVault&) { return sure ? Result<void>() : Fail(ErrorCode::kDenied, "not sure"); },
        NoPassphrase, pool());
  }
  Bytes lost;
};

}  // namespace

TEST_CASE_METHOD(RecoveryFixture, "a whole vault has nothing to recover", "[recovery]") {
  CHECK_FAILS(Recover(), ErrorCode::kNotFound, "there is nothing to recover");
  CHECK(Unwrap(VaultReader::OpenContradicted(vault())).lost.empty());
}

TEST_CASE_METHOD(RecoveryFixture, "a restored vault records the head that it lost, once for all users", "[recovery]") {
  Restore();
  CHECK_FAILS(OpenReader(), ErrorCode::kTampered, "rolled back: its head has size 2");
  CHECK_FAILS(Recover(false), ErrorCode::kDenied, "not sure");
  CHECK_FAILS(OpenReader(), ErrorCode::kTampered, "size 4");

  const auto done = Unwrap(Recover());
  REQUIRE(done.lost.size() == 1);
  CHECK(done.entries == std::vector{tlog::Sequence{2}});
  CHECK(done.head.size == tlog::TreeSize{3});
  CHECK(Equal(Unwrap(ReadFile(done.kept.front(), 4096)), lost));

  const auto reader = Unwrap(OpenReader());
  const auto entry = Unwrap(reader->Entry({2}));
  CHECK(Equal(std::get<custody::LostHead>(entry.parsed().body).lost.note(), lost));
  CHECK(*Fields({2}).Find("reason")->Text() == "disk failed");
  const auto report = Verify(verify::Depth::kContent);
  CHECK(report.ok());
  REQUIRE(report.remarks.size() == 1);
  CHECK(report.remarks[0].find("size 4") != std::string::npos);
  Add({{"d", "four"}, {"e", "five"}});
  CHECK(Verify(verify::Depth::kContent).ok());
  CHECK_FAILS(Recover(), ErrorCode::kNotFound, "nothing");

  SECTION("a second user who kept the lost head is still told, and adds nothing") {
    UseState("second");
    const auto seen = path() / "second" / "exhibit" / "heads" / store::FileNameFor(reader->head().origin);
    fs::create_directories(seen.parent_path());
    WriteText(seen, TextOf(lost));
    CHECK_FAILS(OpenReader(), ErrorCode::kTampered, "not the one that was seen before");
    const auto again = Unwrap(Recover());
    CHECK(again.entries.empty());
    CHECK(again.head.size == tlog::TreeSize{5});
    CHECK(Unwrap(OpenReader())->head().size == tlog::TreeSize{5});
  }
  SECTION("the lost head and a larger one of now prove that there were two histories") {
    const auto now = Unwrap(OpenReader());
    const auto proof = Unwrap(tlog::MakeForkProof(lost, Unwrap(now->ReadHead()), now.get()));
    const std::vector keys = {std::get<custody::Genesis>(now->genesis().parsed().body).log.ed25519};
    CHECK(Unwrap(tlog::CheckForkProof(proof, [&](tlog::TreeSize) { return keys; })).kind ==
          tlog::Fork::Kind::kTwoPasts);
  }
}

TEST_CASE_METHOD(RecoveryFixture, "a store that lost its end under a newer head goes on from what it bears out",
                 "[recovery]") {
  Restore("store");
  CHECK_FAILS(OpenReader(), ErrorCode::kTampered, "lost its end");
  const auto found = Unwrap(VaultReader::OpenContradicted(vault()));
  CHECK(found.vault->head().size == tlog::TreeSize{2});
  CHECK(found.lost.size() == 2);  // HEAD, and the user's
  const auto done = Unwrap(Recover());
  CHECK(done.entries == std::vector{tlog::Sequence{2}});  // both name one head
  CHECK(Verify(verify::Depth::kContent).ok());
}

TEST_CASE_METHOD(RecoveryFixture, "a store that lost entries from its middle is not gone on with", "[recovery]") {
  Act(custody::Hold{Unwrap(custody::ItemSet::Parse("1"))});
  std::vector<fs::path> logs;
  for (const auto& entry : fs::directory_iterator(vault() / "store")) {
    if (entry.path().extension() == ".log" && entry.file_size() > 0) logs.push_back(entry.path());
  }
  std::ranges::sort(logs);
  const std::string name = logs.end()[-2].filename().native();
  WriteText(logs.end()[-2], "");
  const Bytes head = Unwrap(ReadFile(vault() / "HEAD", 4096));
  CHECK_FAILS(Recover(), ErrorCode::kTampered, "the store has lost entry 2, and holds entries after it up to 4");
  CHECK_FAILS(Recover(), ErrorCode::kTampered, name + " is empty");
  CHECK(Equal(Unwrap(ReadFile(vault() / "HEAD", 4096)), head));
  CHECK_FALSE(fs::exists(path() / "state" / "exhibit" / "heads" / "lost"));
}

TEST_CASE_METHOD(RecoveryFixture, "a vault of other keys is not explained by a restore", "[recovery]") {
  fs::remove_all(vault());
  UseState("elsewhere");
  const store::RocksEngine rocks;
  Make({vault(), path() / "other.key", {VaultReaderRecipient()}, rocks});
  UseState("state");
  CHECK_FAILS(Recover(), ErrorCode::kTampered, "is not signed by");
  CHECK_FAILS(OpenReader(), ErrorCode::kTampered, "another vault");
}

}  // namespace exhibit::testing
