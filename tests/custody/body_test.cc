// Goal: each act has one form. Method: its exact bytes, there and back; each rule of a field broken
// alone; no bit of an entry that two signed can be flipped.
#include "vault/custody/body.h"

#include <nlohmann/json.hpp>

#include "tests/custody/custody_log.h"
#include "vault/crypto/given_secrets.h"
#include "vault/custody/json_fields.h"

namespace exhibit::testing {
namespace {

using custody::DecodeEntryText;
using custody::EncodeEntryText;

const std::string kEnvelope = R"("origin":"vault.example/case-1","seq":7,)"
                              R"("prev":"9e1288f4d5fae4605ccaf12990a08255803b77f7aed597887d2dac97a4ee4cf9",)"
                              R"("time":"2026-11-24T00:44:13.000Z","actor":"alice+5d6d6ad4",)";
const std::string kAliceKey = "alice+5d6d6ad4+ARJqhvCHXqIOpKBAAHn5V5UJra5swmglFREV5dhwizx2";
const std::string kSealed = R"("header":"1e0584a25d9f43bf5cbd0aec01eb1af2220ed085b4e7f1837b0d89958cae353a",)"
                            R"("payload":{"bytes":316,"tail":300,)"
                            R"("root":"4813494d137e1631bba301d5acab6e7bb7aa74ce1185d456565ef51d737677b2"})";

std::string Text(const std::string& type, const std::string& fields) {
  return R"({"v":1,"type":")" + type + "\"," + kEnvelope + fields + "}\n";
}
const std::string kAdmit =
    R"("act":"admit","custodian":{"name":"Alice Example","key":")" + kAliceKey +
    R"(","roles":["collector","custodian"],"organisation":"St. Mary","contact":"alice@example"})";

const std::string kRecipient = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p";
const std::string kDigest = "1e0584a25d9f43bf5cbd0aec01eb1af2220ed085b4e7f1837b0d89958cae353a";

struct Form {
  std::string type;
  std::string fields;
  custody::Act act;
  std::string items;  // that it names
};
std::vector<Form> Forms() {
  using custody::Act;
  return {
      {"custodian", kAdmit, Act::kAdmit, ""},
      {"custodian", Replaced(kAdmit, R"(,"organisation":"St. Mary","contact":"alice@example")", ""), Act::kAdmit, ""},
      {"custodian", R"("act":"retire","key":"bob+1a2b3c4d","reason":"left the company")", Act::kRetire, ""},
      {"custodian",
       R"("act":"retire","key":"bob+1a2b3c4d","reason":"stolen","compromised_since":"2026-11-24T06:33:34.648Z")",
       Act::kRetire, ""},
      {"custodian", R"("act":"rotate","key":")" + kAliceKey + "\"", Act::kRotate, ""},
      {"hold", R"("items":"1-3,7","authority":"court order 12/3","reason":"litigation")", Act::kHold, "1-3,7"},
      {"release", R"("items":"2","authority":"court order 12/4","reason":"settled")", Act::kRelease, "2"},
      {"shred", R"("item":4,"authority":"court order 12/5","reason":"privileged")", Act::kShred, "4"},
      {"access", R"("act":"read","items":"1","purpose":"triage")", Act::kAccess, "1"},
      {"access", R"("act":"export","items":"1,3","purpose":"police","recipients":["age1abc","age1def"])", Act::kAccess,
       "1,3"},
      {"note", R"("items":"5-6",)" + kSealed, Act::kNote, "5-6"},
      {"case", kSealed, Act::kCase, ""},
      {"rule", R"("two":["custodian","release","shred"])", Act::kRule, ""},
      {"rule", R"("two":[])", Act::kRule, ""},
      {"rule", R"("two":["custodian","release","shred","reader","reseal"])", Act::kRule, ""},
      {"reader",
       R"("readers":[{"recipient":")" + kRecipient + R"(","name":"Bob Analyst"}],"key_file":")" + kDigest + "\"",
       Act::kReader, ""},
      {"reader", R"("readers":[{"recipient":")" + kRecipient + R"("}],"key_file":")" + kDigest + "\"", Act::kReader,
       ""},
      {"reseal", R"("recipient":")" + kRecipient + R"(","key_file":")" + kDigest + "\"", Act::kReseal, ""},
      {"reseal", R"("recipient":")" + kRecipient + R"(","items":"3","headers":")" + std::string(43, 'A') + R"(=")",
       Act::kReseal, "3"},
      {"reseal",
       R"("recipient":")" + kRecipient + R"(","key_file":")" + kDigest + R"(","items":"1-2","headers":")" +
           std::string(86, 'A') + R"(==")",
       Act::kReseal, "1-2"},
  };
}

}  // namespace

// Any text that the form of an entry leaves free can hold a secret, in whatever field somebody adds next.
TEST_CASE("a secret that the process was given is signed in no field that could hold it", "[body]") {
  crypto::RememberGiven("zebra crossing 17");
  int fields_that_could = 0;
  for (const Form& form : Forms()) {
    const nlohmann::ordered_json json = nlohmann::ordered_json::parse(Text(form.type, form.fields));
    const nlohmann::ordered_json flat = json.flatten();
    for (const auto& [pointer, value] : flat.items()) {
      if (!value.is_string() || pointer == "/actor") continue;
      for (const std::string_view given :
           {"zebra crossing 17", "it is Zebra Crossing 17, again", " \u00a0", "\u3000\u200b"}) {
        const std::string words(given);
        nlohmann::ordered_json changed = json;
        changed[nlohmann::ordered_json::json_pointer(pointer)] = words;
        const auto entry = DecodeEntryText(changed.dump() + "\n");
        if (!entry) continue;  // a form of its own keeps words out
        CAPTURE(form.type, pointer, words);
        ++fields_that_could;
        const bool blank = words.find('e') == std::string::npos;
        const auto made = custody::SignedEntry::Sign(*entry, Alice());
        CHECK_FAILS(made, ErrorCode::kInvalid, blank ? "is blank" : "holds a passphrase or a secret key");
        CHECK(made.error().message.find(words) == std::string::npos);
      }
    }
  }
  CHECK(fields_that_could >= 50);
}

TEST_CASE("each act comes back to its bytes", "[body]") {
  for (const Form& form : Forms()) {
    const std::string text = Text(form.type, form.fields);
    CAPTURE(text);
    const auto entry = DecodeEntryText(text);
    REQUIRE_OK(entry);
    CHECK(EncodeEntryText(*entry) == text);
    CHECK(custody::ActOf(entry->body) == form.act);
    CHECK(custody::ToText(custody::TypeOf(entry->body)) == form.type);
    const auto items = custody::ItemsOf(entry->body);
    CHECK((items ? items->ToText() : "") == form.items);
    // With a second signer it stands behind the first.
    const std::string two = Replaced(text, "alice+5d6d6ad4\",", "alice+5d6d6ad4\",\"cosigner\":\"bob+1a2b3c4d\",");
    const auto cosigned = DecodeEntryText(two);
    REQUIRE_OK(cosigned);
    CHECK(cosigned->cosigner == "bob+1a2b3c4d");
    CHECK(EncodeEntryText(*cosigned) == two);
  }
}

TEST_CASE("the fields of each act are of one form", "[body]") {
  const std::string line = "bytes without control characters";
  const std::string one_form = "not in the one form";
  struct Row {
    std::string type;
    std::string fields;
    std::string words;
    ErrorCode code = ErrorCode::kInvalid;
  };
  const auto unsupported = ErrorCode::kUnsupported;
  const std::string reasoned = R"("authority":"a","reason":"b")";
  const std::vector<Row> rows = {
      {"custodian", R"("act":"promote","key":"a")", "unknown \"act\": \"promote\"", unsupported},
      {"custodian", R"("key":"a")", "\"act\" is not a string"},
      {"custodian", R"("act":"admit")", "\"custodian\" is not an object"},
      {"custodian", Replaced(kAdmit, "St. Mary", ""), "\"organisation\" is not 1 to 256 " + line},
      {"custodian", Replaced(kAdmit, "alice@example", "a\\nb"), "\"contact\" is not 1 to 256 " + line},
      {"custodian", Replaced(kAdmit, R"(["collector","custodian"])", "[]"), "\"roles\" is empty"},
      {"custodian", Replaced(kAdmit, "+ARJq", "+ARJr"), "vkey"},
      {"custodian",
       Replaced(kAdmit, R"("organisation":"St. Mary","contact":"alice@example")",
                R"("contact":"alice@example","organisation":"St. Mary")"),
       one_form},
      {"custodian", R"("act":"retire","key":"","reason":"x")", "\"key\" is not 1 to 1024 " + line},
      {"custodian", R"("act":"retire","key":"a+1","reason":"")", "\"reason\" is not 1 to 1024 " + line},
      {"custodian", R"("act":"retire","key":"a+1","reason":"x","colour":"red")", one_form},
      {"custodian", R"("act":"retire","key":"a+1","reason":"x","compromised_since":"2026-11-24")",
       "\"compromised_since\": "},
      {"custodian", R"("act":"retire","key":"a+1","reason":"x","compromised_since":5)",
       "\"compromised_since\" is not a string"},
      {"custodian", R"("act":"retire","key":"a+1","compromised_since":"2026-11-24T06:33:34.648Z","reason":"x")",
       one_form},
      {"custodian", R"("act":"rotate","key":"alice+5d6d6ad4")", "vkey"},
      {"hold", reasoned, "\"items\" is not a string"},
      {"hold", R"("items":"3,1",)" + reasoned, "not ascending"},
      {"hold", R"("items":"1,2",)" + reasoned, "not ascending"},
      {"hold", R"("items":"1","reason":"b")", "\"authority\" is not a string"},
      {"hold", R"("items":"1","authority":"a")", "\"reason\" is not a string"},
      {"hold", R"("items":"1","authority":")" + std::string(1025, 'a') + R"(","reason":"b")",
       "\"authority\" is not 1 to 1024"},
      {"hold", R"("items":"1","reason":"b","authority":"a")", one_form},
      {"release", R"("items":"1","authority":"\u001b[2J","reason":"b")", line},
      {"shred", R"("item":"4",)" + reasoned, "\"item\" is not a whole number"},
      {"shred", R"("item":0,)" + reasoned, "entry 0 is the genesis"},
      {"access", R"("act":"look","items":"1","purpose":"x")", "unknown \"act\": \"look\"", unsupported},
      {"access", R"("act":"read","items":"1","purpose":"")", "\"purpose\""},
      {"access", R"("act":"read","items":"1","purpose":"x","recipients":["a"])", "of what is no export"},
      {"access", R"("act":"export","items":"1","purpose":"x","recipients":[])", one_form},
      {"access", R"("act":"export","items":"1","purpose":"x","recipients":[""])", "\"recipients\" is not 1 to 256"},
      {"access", R"("act":"export","items":"1","purpose":"x","recipients":"a")", "\"recipients\" is not a list"},
      {"note", R"("items":"1")", "\"header\" is not a string"},
      {"case", R"("case":"IR-1")", "\"header\" is not a string"},
      {"case", R"("items":"1",)" + kSealed, one_form},
      {"receipt", R"("receipt":"x")", "note: "},
      {"receipt", R"("statement":"x")", "\"receipt\" is not a string"},
      {"note", kSealed, "\"items\" is not a string"},
      {"reader", R"("readers":[],"key_file":")" + kDigest + "\"", "\"readers\" are not 1 to 64"},
      {"reader", R"("readers":["age1"],"key_file":")" + kDigest + "\"", "\"readers\" is not a list of objects"},
      {"reader", R"("readers":{},"key_file":")" + kDigest + "\"", "\"readers\" is not a list"},
      {"reader", R"("readers":[{"recipient":"age1x"}],"key_file":")" + kDigest + "\"", "recipient \"age1x\""},
      {"reader",
       R"("readers":[{"recipient":")" + kRecipient + R"("},{"recipient":")" + kRecipient +
           R"(","name":"b"}],"key_file":")" + kDigest + "\"",
       "one of them twice"},
      {"reader", R"("readers":[{"recipient":")" + kRecipient + R"(","name":""}],"key_file":")" + kDigest + "\"",
       "\"name\""},
      {"reader", R"("readers":[{"name":"b","recipient":")" + kRecipient + R"("}],"key_file":")" + kDigest + "\"",
       one_form},
      {"reader", R"("readers":[{"recipient":")" + kRecipient + R"("}])", "\"key_file\""},
      {"reseal", R"("recipient":")" + kRecipient + "\"", "neither \"key_file\" nor \"items\""},
      {"reseal", R"("recipient":")" + kRecipient + R"(","items":"1")", "\"headers\" is not a string"},
      {"reseal", R"("recipient":")" + kRecipient + R"(","items":"1","headers":"AAAA")", "32 bytes for each item"},
      {"reseal", R"("recipient":")" + kRecipient + R"(","items":"1-1001","headers":"")", "more than 1000"},
      {"reseal", R"("recipient":")" + kRecipient + R"(","key_file":")" + kDigest + R"(","headers":"AAAA")", one_form},
      {"reseal", R"("recipient":"age1x","key_file":")" + kDigest + "\"", "recipient \"age1x\""},
      {"rule", R"("two":"shred")", "\"two\" is not a list"},
      {"rule", R"("two":["shred","release"])", "\"two\" is not in order, each once"},
      {"rule", R"("two":["shred","shred"])", "\"two\" is not in order, each once"},
      {"rule", R"("two":["hold"])", "no rule can ask two custodians for an entry of type hold"},
      {"rule", R"("two":["rule"])", "no rule can ask"},
      {"rule", R"("two":["judge"])", "unknown entry type", unsupported},
      {"transfer", R"("outcome":"lost","statement":"x")", "unknown \"outcome\"", unsupported},
      {"transfer", R"("outcome":"accepted","statement":"x")", "note: "},
      {"transfer", R"("outcome":"accepted")", "\"statement\" is not a string"},
  };
  for (const Row& row : rows) {
    const std::string text = Text(row.type, row.fields);
    CAPTURE(text.substr(0, 1000));
    CHECK_FAILS(DecodeEntryText(text), row.code, row.words);
  }
  const std::string hold = Text("hold", R"("items":"1",)" + reasoned);
  CHECK_FAILS(DecodeEntryText(Replaced(hold, "\"actor\"", "\"cosigner\":\"b\",\"actor\"")), ErrorCode::kInvalid,
              one_form);
  CHECK_FAILS(DecodeEntryText(Replaced(hold, "\"items\"", "\"cosigner\":1,\"items\"")), ErrorCode::kInvalid,
              "\"cosigner\" is not a string");
}

TEST_CASE("a statement of transfer comes back to its bytes, and stands whole in its entry", "[body]") {
  CustodyLog log;
  log.Add(custody::Item{AnySealedFile()});
  const auto statement = log.Statement("1", "alice", "bob");
  const std::string text = custody::EncodeStatementText(statement.statement());
  CHECK(text == R"({"v":1,"statement":"transfer","origin":"vault.example/case-1","items":"1","leaves":")" +
                    ToHex(log.entries()[1].leaf().view()) + R"(","released_by":"alice+5d6d6ad4","received_by":")" +
                    log.Actor("bob") + R"(","time":"2026-11-24T00:44:14.000Z","purpose":"analysis"})" + "\n");
  const std::string full =
      Replaced(text, "}", R"(,"authority":"order 1","condition":"sealed","location":"Lab 2","transport":"courier"})");
  for (const std::string& form : {text, full}) {
    const auto read = custody::DecodeStatementText(form);
    REQUIRE_OK(read);
    CHECK(custody::EncodeStatementText(*read) == form);
  }
  const std::vector<std::pair<std::string, std::string>> bad = {
      {Replaced(text, "\"v\":1", "\"v\":2"), "version 2"},
      {Replaced(text, "\"transfer\"", "\"gift\""), "unknown statement \"gift\""},
      {Replaced(text, "\"items\":\"1\"", "\"items\":\"01\""), "neither a number"},
      {Replaced(text, "analysis", ""), "\"purpose\""},
      {Replaced(text, "\"leaves\":\"", "\"leaves\":\"0"), "\"leaves\" is not 64"},
      {Replaced(text, "\"v\":1", "\"v\": 1"), "not in the one form"},
      {Replaced(full, R"("authority":"order 1","condition":"sealed")", R"("condition":"sealed","authority":"order 1")"),
       "not in the one form"},
      {std::string(custody::kMaxStatementBytes + 1, 'a'), "longer than 24576 bytes"},
  };
  for (const auto& [form, words] : bad) {
    CAPTURE(form.substr(0, 500));
    const auto read = custody::DecodeStatementText(form);
    REQUIRE_FALSE(read);
    CHECK(read.error().message.find(words) != std::string::npos);
  }
  const custody::EntryBody body = custody::Transfer{custody::Transfer::Outcome::kRefused, statement};
  const auto entry = log.Make(body, "alice");
  const auto& again = std::get<custody::Transfer>(entry.parsed().body).statement;
  CHECK(Equal(again.bytes(), statement.bytes()));
  CHECK(again.hash() == statement.hash());
  // Who signs besides does not make it another statement.
  CHECK(Unwrap(statement.Countersign(log.Key("bob"))).hash() == statement.hash());
}

TEST_CASE("two signatures are exactly two, in their order", "[body]") {
  CustodyLog log;
  const auto both = log.Make(log.AdmitOf("carol", {custody::Role::kCustodian}), "alice", "bob");
  const std::vector keys = {log.Key("alice").verifier(), log.Key("bob").verifier()};
  const std::vector reversed = {keys[1], keys[0]};
  REQUIRE_OK(both.CheckSignatures(keys));
  CHECK_FAILS(both.CheckSignatures(reversed), ErrorCode::kTampered, "not in its place");
  CHECK_FAILS(both.CheckSignature(keys[0]), ErrorCode::kTampered, "carries 2 signatures instead of one");
  const auto one = log.Make(log.AdmitOf("carol", {custody::Role::kCustodian}), "alice");
  CHECK_FAILS(one.CheckSignatures(keys), ErrorCode::kTampered, "carries 1 signatures instead of 2");

  const Bytes good = ToBytes(both.bytes());
  for (std::size_t at = 0; at < good.size(); ++at) {
    Bytes flipped = good;
    flipped[at] ^= 0x01;
    const auto entry = custody::SignedEntry::Parse(std::move(flipped));
    CAPTURE(at);
    REQUIRE_FALSE((entry && entry->CheckSignatures(keys)));
  }
  // The second line twice, and a third behind.
  const std::string text(TextOf(both.bytes()));
  const std::string last = text.substr(text.rfind("\xE2\x80\x94"));
  const std::string first = text.substr(text.find("\n\n") + 2, text.size() - last.size() - text.find("\n\n") - 2);
  for (const std::string& lines : {last + last, first + first, last + first, first + last + last}) {
    CHECK_FALSE(ParseEntry(text.substr(0, text.find("\n\n") + 2) + lines).CheckSignatures(keys));
  }
}

}  // namespace exhibit::testing
