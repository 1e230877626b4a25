// Goal: a bundle says who might sign what at each of its entries' positions, and what was done with
// its items; what does not fit is found. Method: a vault with a history, handed over and forged.
#include "tests/bundle/bundle_fixture.h"

namespace exhibit::testing {
namespace {

using custody::EntryBody;
using custody::Role;

// 1, 2  items of the first custodian      3  Bob is admitted       4  a hold of 1
// 5     an item of Bob's                  6  Bob is retired        7  2 was read
struct CustodyFixture : BundleFixture {
  tlog::SigningKey bob = tlog::SigningKey::Generate(Unwrap(tlog::KeyName::Parse("bob")));

  CustodyFixture() {
    REQUIRE_OK(custody::SavePlainKey(path() / "bob.key", bob));
    Commit(custody::Admit{{"Bob", bob.verifier(), {Role::kCollector}}});
    Commit(custody::Hold{Items("1"), "order", "reason"});
    AddAs(path() / "bob.key", {{"c.log", "four\n"}});
    Commit(custody::Retire{custody::ActorOf(bob.verifier()), "left"});
    Commit(custody::Access{custody::Access::Way::kRead, Items("2"), "triage", {}});
    reader = Unwrap(OpenReader());
  }

  static custody::ItemSet Items(std::string_view text) { return Unwrap(custody::ItemSet::Parse(text)); }
  void Commit(EntryBody body) {
    const auto writer = Unwrap(OpenWriter());
    Unwrap(writer->CommitAct(std::move(body), nullptr));
  }
  void AddAs(const fs::path& key_file, const testing::Items& items) {
    auto writer = Unwrap(OpenWriterAs(key_file));
    intake::Adder adder(
        std::make_unique<work::VaultDestination>(std::move(writer)), pool(), {}, [](const intake::Added&) {},
        [](const intake::Refused&) {});
    for (const auto& [name, text] : items) {
      WriteText(path() / "input" / name, text);
      REQUIRE_OK(adder.Add(InputOf(path() / "input" / name)));
    }
    Unwrap(adder.Finish());
  }
  static void Drop(const fs::path& folder, std::uint64_t entry) {
    fs::remove(folder / bundle::ProofFile({entry}, "entry"));
    fs::remove(folder / bundle::ProofFile({entry}, "tlog-proof"));
  }
};

std::vector<std::string> EntriesOf(const fs::path& folder) {
  std::vector<std::string> entries;
  for (const std::string& name : FilesOf(folder)) {
    if (name.ends_with(".entry")) entries.push_back(fs::path(name).stem());
  }
  return entries;
}

}  // namespace

TEST_CASE_METHOD(CustodyFixture, "an item goes with its own story and with who might act, and no other's", "[bundle]") {
  CHECK(EntriesOf(Export("first", {{1}})) == std::vector<std::string>{"0", "1", "3", "4", "6"});
  CHECK(EntriesOf(Export("second", {{2}})) == std::vector<std::string>{"0", "2", "3", "4", "6", "7"});
}

TEST_CASE_METHOD(CustodyFixture, "an item that a key admitted later has signed is handed over", "[bundle]") {
  const auto folder = Export("plain", {{5}});
  const auto report = Check(folder, {reader->fingerprint(), {}, nullptr});
  INFO(Everything(report));
  CHECK(report.ok());
  CHECK(report.items == 1);
  CHECK(report.entries == 5);
  CHECK(ReadText(folder / "data/5-c.log") == "four\n");
}

TEST_CASE_METHOD(CustodyFixture, "an item without the entry that admits its signer is nobody's", "[bundle]") {
  const auto folder = Export("plain", {{5}});
  Drop(folder, 3);
  const auto report = CheckForged(folder);
  CHECK(Says(report, "key " + custody::ActorOf(bob.verifier()) + " is not admitted to this vault"));
  CHECK(Names(report, Property::kChain, 5));
}

TEST_CASE_METHOD(CustodyFixture, "a retired key signs nothing more, and a forger cannot say that it does", "[bundle]") {
  // With the log key and Bob's, but not the custodian's: an item behind Bob's retirement.
  const auto folder = Export("plain", {{1}, {2}, {5}});
  custody::Entry entry = Unwrap(reader->Entry({5})).parsed();
  entry.sequence.value = 8;
  const Bytes late = Unwrap(tlog::SignNote(custody::EncodeEntryText(entry), bob));
  for (const char* const kind : {"tlog-proof", "header", "metadata.json"}) {
    fs::copy_file(folder / bundle::ProofFile({5}, kind), folder / bundle::ProofFile({8}, kind));
  }
  fs::copy_file(folder / "data/5.age", folder / "data/8.age");
  fs::copy_file(folder / "data/5-c.log", folder / "data/8-c.log");
  WriteText(folder / "proof/8.entry", TextOf(late));
  const auto report = CheckForged(folder);
  CHECK(Names(report, Property::kChain, 8));
  CHECK(Says(report, "was retired in entry 6"));
  CHECK(Names(report, Property::kTree, 8));
}

TEST_CASE_METHOD(CustodyFixture, "an act keeps no sealed file beside it", "[bundle]") {
  const auto folder = Export("plain", {{1}});
  fs::copy_file(folder / "data/1.age", folder / "data/4.age");
  const auto report = CheckForged(folder);
  CHECK(Names(report, Property::kBundle, 4));
  CHECK(Says(report, "data/4.age has no place"));
}

TEST_CASE_METHOD(CustodyFixture, "every part of an act is needed", "[bundle]") {
  const auto folder = Export("plain", {{1}});
  SECTION("its proof") {
    fs::remove(folder / "proof/4.tlog-proof");
    CHECK(Names(CheckForged(folder), Property::kTree, 4));
  }
  SECTION("its entry") {
    fs::remove(folder / "proof/4.entry");
    CHECK(Names(CheckForged(folder), Property::kEntry, 4));
  }
  SECTION("another's place") {
    Swap(folder / "proof/3.entry", folder / "proof/4.entry");
    const auto report = CheckForged(folder);
    CHECK(Names(report, Property::kChain, 3));
    CHECK(Names(report, Property::kTree, 4));
  }
}

TEST_CASE_METHOD(CustodyFixture, "what was shredded is not handed over, and what lies beside it is", "[bundle]") {
  Commit(custody::Shred{{2}, "order", "reason"});
  reader = Unwrap(OpenReader());
  CHECK_FAILS(ExportFrom(*reader, {path() / "none", {{2}}, {}}), ErrorCode::kInvalid,
              "item 2 was shredded under entry 8");
  CheckNothingAt(path() / "none");
  CHECK(Check(Export("plain", {{1}})).ok());
}

TEST_CASE_METHOD(CustodyFixture, "acts without an item are no bundle", "[bundle]") {
  const auto folder = Export("plain", {{1}});
  for (const std::string& name : FilesOf(folder)) {
    if (fs::path(name).filename().native().starts_with("1")) fs::remove(folder / name);
  }
  Drop(folder, 4);  // which names the item
  CHECK(Says(CheckForged(folder), "the bundle holds no item"));
}

}  // namespace exhibit::testing
