// Goal: each rule of custody, by itself, allowed and refused. Method: one log of seven entries, and a
// table of what comes next; after each refusal the state is what it was.
#include <functional>

#include "tests/custody/custody_log.h"

namespace exhibit::testing {
namespace {

using custody::Access;
using custody::EntryBody;
using custody::EntryType;
using custody::Hold;
using custody::Item;
using custody::Note;
using custody::Omission;
using custody::Release;
using custody::Role;
using custody::Rule;
using custody::Shred;
using custody::Transfer;

const std::vector<EntryType> kAll = {EntryType::kCustodian, EntryType::kRelease, EntryType::kShred};

Hold HoldOf(const std::string& items) { return {Items(items), "order", "reason"}; }
Release ReleaseOf(const std::string& items) { return {Items(items), "order", "reason"}; }
Shred ShredOf(std::uint64_t item) { return {{item}, "order", "reason"}; }
Access ReadOf(const std::string& items) { return {Access::Way::kRead, Items(items), "triage", {}}; }

// alice and bob are custodians, carol collects, wanda is a witness; 4, 5 and 6 have sealed files.
struct BaseLog : CustodyLog {
  BaseLog() {
    Add(AdmitOf("bob", {Role::kCustodian}));
    Add(AdmitOf("carol", {Role::kCollector}));
    Add(AdmitOf("wanda", {Role::kWitness}));
    Add(Item{AnySealedFile()});
    Add(Item{AnySealedFile()}, "carol");
    Add(Omission{1, AnySealedFile()}, "carol");
  }
};

using Setup = std::function<void(BaseLog&)>;
using Body = std::function<EntryBody(BaseLog&)>;
struct Case {
  std::string what;
  Setup before;
  Body body;
  std::string actor;
  std::string cosigner;
  std::string refusal;  // empty: allowed
};

void Check(const std::vector<Case>& cases) {
  for (const Case& row : cases) {
    CAPTURE(row.what);
    BaseLog log;
    row.before(log);
    const custody::Facts before = log.state().facts();
    const tlog::Sequence next = log.state().next_sequence();
    const auto entry = log.Make(row.body(log), row.actor, row.cosigner);
    const auto tried = log.Try(entry);
    if (row.refusal.empty()) {
      REQUIRE_OK(tried);
      continue;
    }
    CHECK_FAILS(tried, ErrorCode::kTampered, "entry " + std::to_string(next.value) + ": ");
    CHECK_FAILS(tried, ErrorCode::kTampered, row.refusal);
    CHECK(log.state().facts() == before);
    CHECK(log.state().next_sequence() == next);
  }
}

Setup Nothing() {
  return [](BaseLog&) {};
}
Setup After(EntryBody body, const std::string& actor = "alice", const std::string& cosigner = {}) {
  return [=](BaseLog& log) { log.Add(body, actor, cosigner); };
}
Setup Ruled(std::vector<EntryType> two) { return After(Rule{std::move(two)}); }
Body Is(EntryBody body) {
  return [=](BaseLog&) { return body; };
}

}  // namespace

TEST_CASE("who may act, by role", "[rules]") {
  const Body admit = [](BaseLog& log) { return log.AdmitOf("dave", {Role::kCollector}); };
  const Body retire = [](BaseLog& log) { return log.RetireOf("wanda"); };
  const Body transfer = [](BaseLog& log) { return log.Accepted("4", "alice", "bob"); };
  const std::vector<std::pair<std::string, Body>> acts = {
      {"custodian (admit)", admit},
      {"custodian (retire)", retire},
      {"transfer", transfer},
      {"access", Is(ReadOf("4"))},
      {"note", Is(Note{Items("4"), AnySealedFile()})},
      {"hold", Is(HoldOf("4"))},
      {"rule", Is(Rule{})},
      {"shred", Is(ShredOf(4))},
  };
  for (const auto& [type, body] : acts) {
    const std::string rule = "holds no role that may sign an entry of type " + type;
    Check({{type + " by a custodian", Nothing(), body, "bob", "", ""},
           {type + " by a collector", Nothing(), body, "carol", "", rule},
           {type + " by a witness", Nothing(), body, "wanda", "", rule},
           {type + " by a stranger", Nothing(), body, "mallory", "", "is not admitted to this vault"}});
  }
  Check({{"an item by a witness", Nothing(), Is(Item{AnySealedFile()}), "wanda", "", "of type item"},
         {"an omission by a collector", Nothing(), Is(Omission{1, AnySealedFile()}), "carol", "", ""}});
}

TEST_CASE("keys are admitted once, under one name", "[rules]") {
  const auto admit = [](const std::string& name) {
    return [name](BaseLog& log) { return log.AdmitOf(name, {Role::kCustodian}); };
  };
  const Body namesake = [](BaseLog& log) {
    const tlog::VerifierKey same(Unwrap(tlog::KeyName::Parse("robert")), tlog::SignatureType::kEd25519,
                                 log.Key("bob").verifier().public_key());
    return custody::Admit{{"Robert", same, {Role::kCustodian}}};
  };
  const auto cosigning = [](std::vector<Role> roles) {
    return [roles](BaseLog& log) {
      const tlog::VerifierKey key(Unwrap(tlog::KeyName::Parse("tower")), tlog::SignatureType::kCosignature,
                                  log.Key("tower").verifier().public_key());
      return custody::Admit{{"Tower", key, roles}};
    };
  };
  const Setup bob_retired = [](BaseLog& log) { log.Add(log.RetireOf("bob")); };
  Check({{"a new key", Nothing(), admit("dave"), "alice", "", ""},
         {"the first", Nothing(), admit("alice"), "bob", "", "key alice+5d6d6ad4 is known to this vault already"},
         {"a second time", Nothing(), admit("bob"), "alice", "", "is known to this vault already"},
         {"after it was retired", bob_retired, admit("bob"), "alice", "", "is known to this vault already"},
         {"under another name", Nothing(), namesake, "alice", "", "is known to this vault already, as bob+"},
         {"a cosigner's as a witness", Nothing(), cosigning({Role::kWitness}), "alice", "", ""},
         {"a cosigner's as a collector", Nothing(), cosigning({Role::kCollector}), "alice", "",
          "is for cosignatures only"}});
}

TEST_CASE("what was retired or replaced signs no more", "[rules]") {
  const auto retire = [](const std::string& name) {
    return [name](BaseLog& log) -> EntryBody { return log.RetireOf(name); };
  };
  const auto rotate = [](const std::string& name) {
    return [name](BaseLog& log) -> EntryBody { return log.RotateTo(name); };
  };
  const Setup bob_retired = [](BaseLog& log) { log.Add(log.RetireOf("bob")); };
  const Setup carol_rotated = [](BaseLog& log) { log.Add(log.RotateTo("carol2"), "carol", "carol2"); };
  const Body item = Is(Item{AnySealedFile()});
  Check({{"another", Nothing(), retire("bob"), "alice", "", ""},
         {"oneself", Nothing(), retire("alice"), "alice", "", ""},
         {"a collector, by the last custodian", bob_retired, retire("carol"), "alice", "", ""},
         {"the last custodian", bob_retired, retire("alice"), "alice", "", "is the last custodian"},
         {"twice", bob_retired, retire("bob"), "alice", "", "was retired in entry 7"},
         {"a stranger", Nothing(), retire("mallory"), "alice", "", "is not admitted to this vault"},
         {"acting after it", bob_retired, item, "bob", "", "was retired in entry 7"},
         {"with a cosigner", Nothing(), retire("carol"), "alice", "bob", "to retire has no cosigner"},
         {"a collector's key", Nothing(), rotate("carol2"), "carol", "carol2", ""},
         {"a custodian's key", Nothing(), rotate("alice2"), "alice", "alice2", ""},
         {"a witness's key", Nothing(), rotate("wanda2"), "wanda", "wanda2", "(rotate)"},
         {"without the new key", Nothing(), rotate("carol2"), "carol", "", "the new key carol2+"},
         {"signed by a third", Nothing(), rotate("carol2"), "carol", "bob", "must sign too, as the cosigner"},
         {"to a key that is known", Nothing(), rotate("bob"), "carol", "bob", "is known to this vault already"},
         {"to itself", Nothing(), rotate("carol"), "carol", "carol", "is known to this vault already"},
         {"back", carol_rotated, rotate("carol"), "carol2", "carol", "is known to this vault already"},
         {"twice from one", carol_rotated, rotate("carol3"), "carol", "carol3", "was replaced by carol2+"},
         {"the old key", carol_rotated, item, "carol", "", "in entry 7"},
         {"the new key", carol_rotated, item, "carol2", "", ""},
         {"the new key has the old roles only", carol_rotated, Is(HoldOf("4")), "carol2", "", "holds no role"}});
}

TEST_CASE("a rule of two custodians is kept, and not lifted by one", "[rules]") {
  const Body admit = [](BaseLog& log) { return log.AdmitOf("dave", {Role::kCustodian}); };
  const std::string two = "the rule of this vault asks for two custodians";
  const Setup held_and_ruled = [](BaseLog& log) {
    log.Add(HoldOf("4"));
    log.Add(Rule{kAll});
  };
  const Setup bob_retired = [](BaseLog& log) { log.Add(log.RetireOf("bob")); };
  const Setup lifted = [](BaseLog& log) {
    log.Add(Rule{kAll});
    log.Add(Rule{}, "alice", "bob");
  };
  Check({{"made by one", Nothing(), Is(Rule{kAll}), "alice", "", ""},
         {"made by two", Nothing(), Is(Rule{kAll}), "alice", "bob", ""},
         {"where there is one custodian", bob_retired, Is(Rule{kAll}), "alice", "", "could not be kept"},
         {"changed by one", Ruled(kAll), Is(Rule{}), "alice", "", two + " to rule"},
         {"changed by two", Ruled(kAll), Is(Rule{}), "bob", "alice", ""},
         {"admit, one", Ruled(kAll), admit, "alice", "", two + " to admit"},
         {"admit, two", Ruled(kAll), admit, "alice", "bob", ""},
         {"admit, the same twice", Ruled(kAll), admit, "alice", "alice", "another custodian than alice+"},
         {"admit, with a collector", Ruled(kAll), admit, "alice", "carol", "carol+"},
         {"admit, with the one who is admitted", Ruled(kAll), admit, "alice", "dave", "is not admitted"},
         {"admit, not ruled", Ruled({EntryType::kShred}), admit, "alice", "", ""},
         {"admit, two without being asked", Nothing(), admit, "alice", "bob", ""},
         {"admit, after it was lifted", lifted, admit, "alice", "", ""},
         {"shred, one", Ruled(kAll), Is(ShredOf(4)), "alice", "", two + " to shred"},
         {"shred, two", Ruled(kAll), Is(ShredOf(4)), "alice", "bob", ""},
         {"release, one", held_and_ruled, Is(ReleaseOf("4")), "alice", "", two + " to release"},
         {"release, two", held_and_ruled, Is(ReleaseOf("4")), "alice", "bob", ""},
         {"hold needs one", Ruled(kAll), Is(HoldOf("4")), "alice", "", ""},
         {"hold has no cosigner", Ruled(kAll), Is(HoldOf("4")), "alice", "bob", "to hold has no cosigner"},
         {"an item has no cosigner", Nothing(), Is(Item{AnySealedFile()}), "alice", "bob", "has no cosigner"}});
}

TEST_CASE("items that are named are earlier entries with a sealed file", "[rules]") {
  const std::string none = "is no item: it has no sealed file";
  Check({{"one", Nothing(), Is(HoldOf("4")), "alice", "", ""},
         {"all, an omission too", Nothing(), Is(ReadOf("4-6")), "alice", "", ""},
         {"an admission", Nothing(), Is(HoldOf("3-4")), "alice", "", "entry 3 " + none},
         {"itself", Nothing(), Is(HoldOf("7")), "alice", "", "item 7 is not an entry before this one"},
         {"a later one", Nothing(), Is(ReadOf("4,100")), "alice", "", "item 100 is not an entry before this one"},
         {"a note", After(Note{Items("4"), AnySealedFile()}), Is(ShredOf(7)), "alice", "", ""},
         {"an access", After(ReadOf("4")), Is(ShredOf(7)), "alice", "", "entry 7 " + none},
         {"in a note", Nothing(), Is(Note{Items("2"), AnySealedFile()}), "alice", "", "entry 2 " + none}});
}

TEST_CASE("holds are counted, and what is held is not shredded", "[rules]") {
  const auto acts = [](std::vector<EntryBody> bodies) -> Setup {
    return [bodies](BaseLog& log) {
      for (const EntryBody& body : bodies) log.Add(body);
    };
  };
  Check({{"shred", Nothing(), Is(ShredOf(4)), "alice", "", ""},
         {"shred what is held", After(HoldOf("4-5")), Is(ShredOf(5)), "alice", "", "item 5 is held (1 hold)"},
         {"shred what is not among them", After(HoldOf("4-5")), Is(ShredOf(6)), "alice", "", ""},
         {"held twice, released once", acts({HoldOf("4"), HoldOf("4"), ReleaseOf("4")}), Is(ShredOf(4)), "alice", "",
          "item 4 is held (1 hold)"},
         {"held twice", acts({HoldOf("4"), HoldOf("4")}), Is(ShredOf(4)), "alice", "", "(2 holds)"},
         {"held and released", acts({HoldOf("4-5"), ReleaseOf("4")}), Is(ShredOf(4)), "alice", "", ""},
         {"release", After(HoldOf("4")), Is(ReleaseOf("4")), "alice", "", ""},
         {"release what is not held", Nothing(), Is(ReleaseOf("4")), "alice", "", "item 4 is not held"},
         {"release more than is held", After(HoldOf("4")), Is(ReleaseOf("4-5")), "alice", "", "item 5 is not held"},
         {"release twice", acts({HoldOf("4"), ReleaseOf("4")}), Is(ReleaseOf("4")), "alice", "", "item 4 is not held"},
         {"shred twice", After(ShredOf(4)), Is(ShredOf(4)), "alice", "", "item 4 was shredded under entry 7"},
         {"hold what is shredded", After(ShredOf(4)), Is(HoldOf("4-5")), "alice", "", "was shredded under entry 7"},
         {"read what is shredded", After(ShredOf(5)), Is(ReadOf("4-6")), "alice", "", "item 5 was shredded"},
         {"a note on what is shredded", After(ShredOf(4)), Is(Note{Items("4"), AnySealedFile()}), "alice", "", ""}});
}

TEST_CASE("a transfer is of this vault, between two custodians, and used once", "[rules]") {
  const auto outcome = [](Transfer::Outcome how, const std::string& from, const std::string& to) -> Body {
    return [=](BaseLog& log) { return Transfer{how, log.Statement("4-5", from, to)}; };
  };
  const Body accepted = [](BaseLog& log) { return log.Accepted("4-5", "alice", "bob"); };
  const Setup done = [](BaseLog& log) { log.Add(log.Accepted("4-5", "alice", "bob")); };
  const Setup refused = [](BaseLog& log) {
    log.Add(Transfer{Transfer::Outcome::kRefused, log.Statement("4-5", "alice", "bob")}, "bob");
  };
  const Setup bob_retired = [](BaseLog& log) { log.Add(log.RetireOf("bob")); };
  const Body twice_by_releaser = [](BaseLog& log) {
    const auto statement = log.Statement("4", "alice", "bob");
    const auto note = Unwrap(tlog::SignedNote::Parse(statement.bytes()));
    return Transfer{Transfer::Outcome::kAccepted,
                    Unwrap(custody::SignedStatement::Parse(Unwrap(tlog::AddSignature(note, log.Key("alice")))))};
  };
  const Body refused_with_both = [](BaseLog& log) {
    return Transfer{Transfer::Outcome::kRefused, log.Accepted("4", "alice", "bob").statement};
  };
  const Body foreign = [](BaseLog& log) {
    custody::Statement statement = log.Statement("4", "alice", "bob").statement();
    statement.origin = Unwrap(tlog::Origin::Parse("vault.example/case-2"));
    const auto made = Unwrap(custody::SignedStatement::Sign(statement, log.Key("alice")));
    return Transfer{Transfer::Outcome::kAccepted, Unwrap(made.Countersign(log.Key("bob")))};
  };
  const Body other_leaves = [](BaseLog& log) {
    custody::Statement statement = log.Statement("5", "alice", "bob").statement();
    statement.items = Items("4");
    const auto made = Unwrap(custody::SignedStatement::Sign(statement, log.Key("alice")));
    return Transfer{Transfer::Outcome::kAccepted, Unwrap(made.Countersign(log.Key("bob")))};
  };
  const auto kAccepted = Transfer::Outcome::kAccepted;
  const auto kRefused = Transfer::Outcome::kRefused;
  Check({{"accepted, entered by the releaser", Nothing(), accepted, "alice", "", ""},
         {"accepted, entered by the receiver", Nothing(), accepted, "bob", "", ""},
         {"accepted, without the receiver", Nothing(), outcome(kAccepted, "alice", "bob"), "alice", "",
          "statement: carries 1 signatures instead of 2"},
         {"accepted, signed twice by the releaser", Nothing(), twice_by_releaser, "alice", "", "signature by bob+"},
         {"refused", Nothing(), outcome(kRefused, "alice", "bob"), "alice", "", ""},
         {"abandoned", Nothing(), outcome(Transfer::Outcome::kAbandoned, "alice", "bob"), "alice", "", ""},
         {"refused, and signed by both", Nothing(), refused_with_both, "alice", "",
          "statement: carries 2 signatures instead of one"},
         {"to a collector", Nothing(), outcome(kRefused, "alice", "carol"), "alice", "", "statement: carol+"},
         {"to a stranger", Nothing(), outcome(kRefused, "alice", "mallory"), "alice", "", "is not admitted"},
         {"by a stranger", Nothing(), outcome(kRefused, "mallory", "alice"), "alice", "", "is not admitted"},
         {"to oneself", Nothing(), outcome(kRefused, "alice", "alice"), "alice", "", "by the same key"},
         {"to one who was retired", bob_retired, accepted, "alice", "", "was retired in entry 7"},
         {"a second time", done, accepted, "alice", "", "the statement is in the log already"},
         {"refused after it was accepted", done, outcome(kRefused, "alice", "bob"), "alice", "", "in the log already"},
         {"accepted after it was refused", refused, accepted, "alice", "", "in the log already"},
         {"of another vault", Nothing(), foreign, "alice", "", "the statement is of another vault"},
         {"with the leaves of other items", Nothing(), other_leaves, "alice", "", "\"leaves\" are not those"},
         {"of what was shredded", After(ShredOf(4)), accepted, "alice", "", "item 4 was shredded"}});
}

TEST_CASE("a writer is told before anything is signed", "[rules]") {
  BaseLog log;
  const auto entry = [&](EntryBody body, const std::string& actor) {
    return log.Make(std::move(body), actor).parsed();
  };
  CHECK_FAILS(log.state().MayFollow(entry(HoldOf("4"), "carol")), ErrorCode::kDenied, "holds no role");
  CHECK_FAILS(log.state().MayFollow(entry(ReleaseOf("4"), "alice")), ErrorCode::kInvalid, "item 4 is not held");
  CHECK(Unwrap(log.state().MayFollow(entry(HoldOf("4"), "bob"))).of_entry() == std::vector{log.Key("bob").verifier()});
  log.Add(Rule{kAll});
  const auto alone = log.state().MayFollow(entry(ShredOf(4), "alice"));
  CHECK_FAILS(alone, ErrorCode::kDenied, "two custodians to shred");
  CHECK(alone.error().hint.find("--cosigner-key") != std::string::npos);
}

}  // namespace exhibit::testing
