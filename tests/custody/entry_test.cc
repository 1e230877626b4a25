// Goal: an entry has one form. Method: entries of every type there and back; each rule of the form broken alone, in the
// text, which is signed anew so that no signature is what is refused.
#include "vault/custody/entry.h"

#include <set>

#include "tests/custody/custody_log.h"

using namespace exhibit;
using namespace exhibit::testing;
using namespace exhibit::custody;

namespace {

std::string Replaced(std::string text, std::string_view from, std::string_view to) {
  const std::size_t at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

// One of each act, as an entry of one log could be.
std::vector<Entry> OneOfEach() {
  CustodyLog log;
  const auto collected = log.CollectedBy("k1", 1, {}, "k1b");
  std::vector<EntryBody> bodies = {
      Item{collected, WordSet<Accepted>{Accepted::kEarlierKey, Accepted::kRetired}},
      CustodyLog::AnItem(),
      Omission{},
      Note{},
      CaseRecord{},
      Access{},
      log.Accepted("k1", "k2"),
      Received{Unwrap(SignedReceipt::Sign({AnOrigin(),
                                           log.state().fingerprint(),
                                           {},
                                           log.Checkpoint(1),
                                           CustodyLog::Actor("k1"),
                                           kNoon,
                                           CustodyLog::Key("receiver").verifier(),
                                           kNoon,
                                           ReceiptOutcome::kFails,
                                           {}},
                                          CustodyLog::Key("receiver")))},
      Hold{Items("1-3,7")},
      Release{{4}, Items("1")},
      Shred{Items("1")},
      CustodyLog::AdmitOf("k2", 2, {Role::kCollector, Role::kWitness}),
      Retire{CustodyLog::Actor("k2"), kNoon},
      CustodyLog::RotateTo("k1b"),
      Succeed{collected},
      Suspend{{2}},
      Lift{{3}, {2}},
      Rule{RuledActs::All(), Yes{}},
      ReaderChange{{}, CustodyLog::Key("recovery").verifier()},
      Reseal{RecipientNamed("next", Suite::kHybrid), KeyFileDigest(), Items("1-2"), Bytes(64, 1), Yes{}},
      LogKeyChange{CustodyLog::LogKeys("log2"), kNoon},
      Recovery{CustodyLog::CustodianOf("k3", 3), std::nullopt},
      LostHead{log.Checkpoint(1)},
      Timestamped{log.Checkpoint(1), std::nullopt, {1, 2}},
      Timestamped{std::nullopt, tlog::Sequence{4}, {1, 2}},
      Run{log.ClosedBy("k1", 0, {})},
      StatementAct{Items("1")},
      Upgrade{3, ",\"more\":[]"},
      Closed{log.state().fingerprint()},
  };
  std::vector<Entry> entries = {CustodyLog::GenesisWith({}).parsed()};
  for (EntryBody& body : bodies) entries.push_back(log.Draft(std::move(body), "k1", "k2"));
  return entries;
}

std::string TextOfItem() { return EncodeEntryText(CustodyLog().Draft(CustodyLog::AnItem(), "k1")); }
std::string TextOfGenesis() { return EncodeEntryText(CustodyLog::GenesisWith({}).parsed()); }

}  // namespace

TEST_CASE("an entry of each type is read and written again to the same bytes", "[entry]") {
  std::set<std::size_t> seen;
  for (const Entry& entry : OneOfEach()) {
    const std::string text = EncodeEntryText(entry);
    CAPTURE(text);
    const auto read = DecodeEntryText(text);
    if (!read) FAIL(read.error().message);
    CHECK(EncodeEntryText(*read) == text);
    CHECK(read->body.index() == entry.body.index());
    seen.insert(entry.body.index());
  }
  CHECK(seen.size() == std::variant_size_v<EntryBody>);
}

TEST_CASE("no byte of an entry's text can be left out, doubled or changed to a blank unseen", "[entry]") {
  for (const Entry& entry : OneOfEach()) {
    const std::string text = EncodeEntryText(entry);
    for (std::size_t at = 0; at < text.size(); ++at) {
      for (const std::string& changed :
           {text.substr(0, at) + text.substr(at + 1), text.substr(0, at) + " " + text.substr(at),
            text.substr(0, at) + "," + text.substr(at)}) {
        const auto read = DecodeEntryText(changed);
        if (read) CHECK(EncodeEntryText(*read) == changed);
      }
    }
  }
}

TEST_CASE("another order, spelling or member is refused by its name", "[entry]") {
  const std::string text = TextOfItem();
  const auto refused = [&](std::string_view from, std::string_view to, const char* words) {
    CAPTURE(from, to);
    CHECK_FAILS(DecodeEntryText(Replaced(text, from, to)), ErrorCode::kInvalid, words);
  };
  refused("\"v\":1", "\"v\":2", "version 2");
  refused("\"v\":1,", "\"v\":1, ", "\"type\" must come");
  refused("\"item\"", "\"thing\"", "\"thing\" is no type");
  refused("\"seq\":1", "\"seq\":01", "seq");
  refused("\"seq\":1", "\"seq\":1.0", "seq");
  refused("\"seq\":1", "\"seq\":9007199254740992", "seq");
  refused("\"seq\":1", "\"seq\":0", "a genesis is entry 0");
  refused("\"law\":0", "\"law\":1", "\"law\" is not the position of an earlier");
  refused("Z\",\"actor", "+00:00\",\"actor", "time");
  refused("T12", "T24", "time");
  refused("\"actor\":\"x7", "\"actor\":\"\\u00787", "actor");
  refused("\"actor\":\"x7.example/q4d2/k1+", "\"actor\":\"x7.example/q4d2/k1", "actor");
  refused("\"labels\":\"AAAA", "\"labels\":\"BAAA", "ascending");
  refused("\"header\"", "\"colour\":1,\"header\"", "\"header\" must come");
  refused("\"labels\"", "\"accepted\":[\"retired\"],\"labels\"", "nobody collected");
  refused("}\n", "}", "must come");
  refused("}\n", "}\n\n", "where it ends");
  refused("\"origin\":\"x7", "\"origin\":\"/x7", "origin");
}

TEST_CASE("the members of a genesis ask of one another", "[entry]") {
  const std::string text = TextOfGenesis();
  const auto refused = [&](std::string_view from, std::string_view to, const char* words) {
    CAPTURE(from, to);
    CHECK_FAILS(DecodeEntryText(Replaced(text, from, to)), ErrorCode::kInvalid, words);
  };
  refused("\"suite\":1", "\"suite\":2", "another suite");
  refused("\"suite\":1", "\"suite\":0", "suite");
  refused("\"label_count\":4", "\"label_count\":5", "not as many as");
  refused("\"label_count\":4", "\"label_count\":3", "4 to 64");
  refused("\"person\":1", "\"person\":2", "first person is not 1");
  refused("\"roles\":[\"custodian\"]", "\"roles\":[\"collector\"]", "without custodian");
  refused("\"roles\":[\"custodian\"]", "\"roles\":[]", "roles");
  refused("\"roles\":[\"custodian\"]", "\"roles\":[\"custodian\",\"collector\"]", "not in their order");
  refused("\"log\":[\"", "\"log\":[\"x", "log");
}

TEST_CASE("a genesis of a later version, suite or padding needs a newer program, and is not called broken", "[entry]") {
  const std::string text = TextOfGenesis();
  for (const auto& [from, to, words] :
       std::vector<std::array<std::string, 3>>{{"\"v\":1", "\"v\":2", "version 2"},
                                               {"\"suite\":1", "\"suite\":3", "suite 3"},
                                               {"\"pad\":1", "\"pad\":2", "padding 2"}}) {
    CHECK_FAILS(DecodeEntryText(Replaced(text, from, to)), ErrorCode::kUnsupported, words);
    CHECK_FAILS(DecodeEntryText(Replaced(Replaced(text, from, to), "\"seq\":0", "\"seq\": 0")), ErrorCode::kInvalid,
                "");
  }
}

TEST_CASE("an entry has exactly its signature lines", "[entry]") {
  CustodyLog log;
  log.AdmitPersons(2);
  CHECK_FAILS(SignedEntry::Parse(ToBytes(ViewOf(TextOfItem()))), ErrorCode::kInvalid, "no empty line");
  const auto key = CustodyLog::Key("k2");
  const tlog::SigningKey* others[] = {&key};
  CHECK_FAILS(SignedEntry::SignWith(log.Draft(CustodyLog::AnItem(), "k1"), CustodyLog::Key("k1"), others),
              ErrorCode::kInvalid, "2 signatures instead of 1");
  CHECK_FAILS(log.Try(CustodyLog::Sign(log.Draft(Shred{Items("1")}, "k1", "k2"), {"k1", "k1"})), ErrorCode::kTampered,
              "");
}

TEST_CASE("an entry of 65,535 bytes is read, one of a byte more is not", "[entry]") {
  CustodyLog log;
  const SignedEntry small = log.Make(Upgrade{2, ",\"x\":\"\""}, "k1");
  const std::size_t room = kMaxEntryBytes - small.bytes().size();
  const auto sized = [&](std::size_t size) {
    return SignedEntry::Sign(log.Draft(Upgrade{2, ",\"x\":\"" + std::string(size, 'x') + "\""}, "k1"),
                             CustodyLog::Key("k1"));
  };
  REQUIRE_OK(sized(room));
  CHECK_FAILS(sized(room + 1), ErrorCode::kInvalid, "65,535");
}
