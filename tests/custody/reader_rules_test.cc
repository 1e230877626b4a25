// Goal: the rules of readers, of the vault's keys and of what was collected elsewhere, each allowed and
// refused. Method: one log of seven entries, and what comes next.
#include "tests/custody/custody_log.h"
#include "vault/custody/act_index.h"

namespace exhibit::testing {
namespace {

using custody::Item;
using custody::Role;

// alice and bob are custodians, carol collects, wanda is a witness; 4, 5 and 6 have sealed files.
struct ReaderLog : CustodyLog {
  ReaderLog() {
    Add(AdmitOf("bob", {Role::kCustodian}));
    Add(AdmitOf("carol", {Role::kCollector}));
    Add(AdmitOf("wanda", {Role::kWitness}));
    Add(custody::Omission{1, AnySealedFile()});
    Add(Item{AnySealedFile()});
    Add(Item{AnySealedFile()}, "carol");
  }
  void Refuse(custody::EntryBody body, const std::string& actor, const std::string& words) {
    const custody::Facts before = state().facts();
    CHECK_FAILS(Try(std::move(body), actor), ErrorCode::kTampered, words);
    CHECK(state().facts() == before);
  }
  std::vector<std::string> Present() const {
    std::vector<std::string> names;
    for (const custody::Reader& reader : state().facts().PresentReaders()) names.push_back(reader.name.value_or("?"));
    return names;
  }
};

}  // namespace

TEST_CASE("readers are listed by custodians, and each has a time", "[rules]") {
  ReaderLog log;
  CHECK(log.Present().empty());
  log.Refuse(log.ReadersOf({"r1"}), "carol", "holds no role");
  log.Refuse(log.ReadersOf({"r1"}), "mallory", "is not admitted");
  log.Add(log.ReadersOf({"r1", "r2"}));
  log.Add(log.ReadersOf({"r2", "r3"}), "bob");
  CHECK(log.Present() == std::vector<std::string>{"r2", "r3"});
  const auto& readers = log.state().facts().readers;
  REQUIRE(readers.size() == 3);
  CHECK(readers[0].until == tlog::Sequence{8});
  CHECK(readers[1].since == tlog::Sequence{7});
  CHECK_FALSE(readers[1].until);
  CHECK(readers[2].since == tlog::Sequence{8});
  log.Add(log.ReadersOf({"r1"}));
  CHECK(log.Present() == std::vector<std::string>{"r1"});
  log.Add(custody::Rule{{custody::EntryType::kReader}});
  log.Refuse(log.ReadersOf({"r2"}), "alice", "two custodians to reader");
  log.Add(log.ReadersOf({"r2"}), "alice", "bob");
}

TEST_CASE("a vault moves to new keys, never back, and takes along what stood before", "[rules]") {
  ReaderLog log;
  const auto first = log.state().recipient();
  log.Refuse(log.ResealOf("5", "k1"), "carol", "holds no role");
  log.Refuse(log.ResealOf("3", "k1"), "alice", "is no item");
  log.Refuse(log.ResealOf("7", "k1"), "alice", "not an entry before this one");
  custody::Reseal same = log.ResealOf("5", "k1");
  same.recipient = first;
  log.Refuse(same, "alice", "is sealed to this key already");
  log.Add(log.ResealOf("4", "k1"));
  CHECK(log.state().recipient() == log.Recipient("k1"));
  log.Add(Item{AnySealedFile()});
  log.Add(log.ResealOf("5-6", "k1"), "bob");
  log.Refuse(log.ResealOf("8", "k1"), "alice", "item 8 is sealed to this key already");
  log.Add(log.ResealOf("4-5,8", "k2"));
  log.Refuse(log.ResealOf("6", "k1"), "alice", "the vault had this key before");
  log.Refuse(same, "alice", "the vault had this key before");
  log.Add(custody::Shred{{6}, "order", "reason"});
  log.Refuse(log.ResealOf("6", "k2"), "alice", "item 6 was shredded under entry 11");
}

TEST_CASE("what was collected elsewhere is of this vault and this file, by who may, and comes once", "[rules]") {
  ReaderLog log;
  log.Add(log.CollectedBy("carol", 2));
  log.Add(log.CollectedBy("carol", 1), "bob");
  log.Add(log.CollectedBy("alice", 1));
  log.Refuse(log.CollectedBy("carol", 2), "alice", "number 2 of collector carol+");
  log.Refuse(log.CollectedBy("wanda", 1), "alice", "holds no role");
  log.Refuse(log.CollectedBy("mallory", 1), "alice", "is not admitted");
  log.Refuse(log.CollectedBy("carol", 3), "wanda", "holds no role");
  Item other = log.CollectedBy("carol", 3);
  other.sealed.payload_root = {};
  log.Refuse(other, "alice", "of another sealed file");
  custody::Collected statement = log.CollectedBy("carol", 3).collected->statement();
  statement.origin = Unwrap(tlog::Origin::Parse("vault.example/case-2"));
  log.Refuse(Item{AnySealedFile(), Unwrap(custody::SignedCollected::Sign(statement, log.Key("carol")))}, "alice",
             "of another vault");
  // Signed by another in the collector's name.
  const std::string text(TextOf(log.CollectedBy("carol", 3).collected->bytes()));
  const auto forged = Unwrap(tlog::SignNote(text.substr(0, text.find("\n\n") + 1), log.Key("mallory")));
  log.Refuse(Item{AnySealedFile(), Unwrap(custody::SignedCollected::Parse(forged))}, "alice",
             "collector's statement: signature by carol+");
  const Item before = log.CollectedBy("carol", 3);
  log.Add(log.ResealOf("5", "k1"));
  log.Refuse(before, "alice", "sealed to another key");
  log.Add(log.CollectedBy("carol", 3));
  log.Add(log.RetireOf("carol"));
  log.Refuse(log.CollectedBy("carol", 4), "alice", "was retired in entry");
}

TEST_CASE("a collector's number has a place in the index that its entry alone makes", "[rules]") {
  ReaderLog log;
  const auto rows = custody::ActRowsOf({9}, log.CollectedBy("carol", 3));
  REQUIRE(rows.size() == 1);
  CHECK(rows[0].subject == custody::CollectedSubject({log.Actor("carol"), 3}));
  CHECK(rows[0].subject >= custody::kFirstCollectedSubject);
  CHECK(rows[0].subject != custody::CollectedSubject({log.Actor("carol"), 4}));
  CHECK(custody::ActRowsOf({9}, Item{AnySealedFile()}).empty());
}

TEST_CASE("a collector's statement has one form", "[collected]") {
  ReaderLog log;
  const std::string note(TextOf(log.CollectedBy("carol", 3).collected->bytes()));
  const auto parse = [](const std::string& text) { return custody::SignedCollected::Parse(ToBytes(ViewOf(text))); };
  CHECK(Unwrap(parse(note)).statement().of.number == 3);
  CHECK_FAILS(parse(Replaced(note, "\"v\":1", "\"v\":2")), ErrorCode::kUnsupported, "version 2");
  CHECK_FAILS(parse(Replaced(note, "\"collected\"", "\"transfer\"")), ErrorCode::kInvalid,
              "no statement of a collector");
  CHECK_FAILS(parse(Replaced(note, "\"number\":3", "\"number\":0")), ErrorCode::kInvalid, "begins with 1");
  CHECK_FAILS(parse(Replaced(note, "\"number\":3", "\"number\":\"3\"")), ErrorCode::kInvalid,
              "\"number\" is not a whole number");
  CHECK_FAILS(parse(Replaced(note, "\"number\":3", "\"number\": 3")), ErrorCode::kInvalid, "not in the one form");
  CHECK_FAILS(parse(Replaced(note, "\"tail\":300", "\"tail\":317")), ErrorCode::kInvalid, "with a tail of 317");
  CHECK_FAILS(parse(Replaced(note, "age1", "age2")), ErrorCode::kInvalid, "recipient");
  CHECK_FAILS(parse(note + std::string(10'000, 'x')), ErrorCode::kInvalid, "longer than 8192 bytes");
  for (std::size_t at = 0; at < note.size(); at += 7) CHECK_FALSE(parse(note.substr(0, at)));
}

}  // namespace exhibit::testing
