// Goal: what is not in an entry's one form is refused, with the reason. Method: each rule of the form broken alone, in
// entries that are signed and in their text.
#include <cctype>
#include <vector>

#include "tests/custody/example_entries.h"
#include "tests/support/check.h"
#include "vault/custody/entry.h"

namespace exhibit::testing {
namespace {

using custody::DecodeEntryText;
using custody::Entry;
using custody::SignedEntry;

struct BadText {
  std::string what;
  std::string text;
  std::string words;
  ErrorCode code = ErrorCode::kInvalid;
};
void CheckRefused(const std::vector<BadText>& rows) {
  for (const BadText& row : rows) {
    CAPTURE(row.what, row.text.substr(0, 1000));
    CHECK_FAILS(DecodeEntryText(row.text), row.code, row.words);
    // Signed or not, a reader of the log refuses it for the same reason.
    const auto note = tlog::SignNote(row.text, Alice());
    if (!note) continue;
    CHECK_FAILS(SignedEntry::Parse(*note), row.code, row.words);
  }
}

const std::string kOneForm = "not in the one form";

}  // namespace

TEST_CASE("an entry without one of its fields is refused by the field's name", "[entry]") {
  std::vector<BadText> rows;
  const auto without = [&](const std::string& text, const std::string& field, const std::string& words) {
    rows.push_back({"without " + field, Replaced(text, field, ""), words});
  };
  for (const Example& example : Examples()) {
    const std::string& text = example.text;
    const auto until = [&](const std::string& key, const std::string& next) {
      const std::size_t from = text.find(key);
      return text.substr(from, text.find(next, from + 1) - from);
    };
    const std::string after_actor = text == kGenesisText ? "\"recipient\":"
                                    : text == kItemText  ? "\"header\":"
                                                         : "\"count\":";
    without(text, until("\"v\":", "\"type\":"), "\"v\" is not a whole number");
    without(text, until("\"type\":", "\"origin\":"), "\"type\" is not a string");
    without(text, until("\"origin\":", "\"seq\":"), "\"origin\" is not a string");
    without(text, until("\"seq\":", "\"prev\":"), "\"seq\" is not a whole number");
    without(text, until("\"prev\":", "\"time\":"), "\"prev\" is not a string");
    without(text, until("\"time\":", "\"actor\":"), "\"time\" is not a string");
    without(text, until("\"actor\":", after_actor), "\"actor\" is not a string");
    if (text == kGenesisText) {
      without(text, until("\"recipient\":", "\"log\":"), "\"recipient\" is not a string");
      without(text, until("\"log\":", "\"custodian\":"), "\"log\" is not a string");
      without(text, until(",\"custodian\":", "}\n"), "\"custodian\" is not an object");
      without(text, until("\"name\":", "\"key\":"), "\"name\" is not a string");
      without(text, until("\"key\":", "\"roles\":"), "\"key\" is not a string");
      without(text, until(",\"roles\":", "}}"), "\"roles\" is not a list");
    } else {
      without(text, until("\"header\":", "\"payload\":"), "\"header\" is not a string");
      without(text, until(",\"payload\":", "}\n"), "\"payload\" is not an object");
      without(text, until("\"bytes\":", "\"tail\":"), "\"bytes\" is not a whole number");
      without(text, until("\"tail\":", "\"root\":"), "\"tail\" is not a whole number");
      without(text, until(",\"root\":", "}}"), "\"root\" is not a string");
    }
  }
  without(kOmissionText, "\"count\":2,", "\"count\" is not a whole number");
  CHECK(rows.size() == 3 * 7 + 6 + 2 * 5 + 1);
  CheckRefused(rows);
}

TEST_CASE("a field of another type is refused by the field's name", "[entry]") {
  const auto with = [](const std::string& text, const std::string& from, const std::string& to,
                       const std::string& words) {
    return BadText{to, Replaced(text, from, to), words};
  };
  CheckRefused({
      with(kItemText, R"("v":1)", R"("v":"1")", "\"v\" is not a whole number"),
      with(kItemText, R"("v":1)", R"("v":null)", "\"v\" is not a whole number"),
      with(kItemText, R"("v":1)", R"("v":true)", "\"v\" is not a whole number"),
      with(kItemText, R"("type":"item")", R"("type":1)", "\"type\" is not a string"),
      with(kItemText, R"("origin":"vault.example/case-1")", R"("origin":[])", "\"origin\" is not a string"),
      with(kItemText, R"("seq":1)", R"("seq":"1")", "\"seq\" is not a whole number"),
      with(kItemText, R"("time":"2026-11-24T00:44:13.000Z")", R"("time":1795481053000)", "\"time\" is not a string"),
      with(kItemText, R"("actor":"alice+5d6d6ad4")", R"("actor":{})", "\"actor\" is not a string"),
      with(kItemText, R"("bytes":316)", R"("bytes":[316])", "\"bytes\" is not a whole number"),
      with(kGenesisText, R"(["custodian"])", R"("custodian")", "\"roles\" is not a list"),
      with(kGenesisText, R"(["custodian"])", R"({"0":"custodian"})", "\"roles\" is not a list"),
      with(kGenesisText, R"(["custodian"])", R"([1])", "\"roles\" is not a list of strings"),
      with(kGenesisText, R"(["custodian"])", R"(["custodian",null])", "\"roles\" is not a list of strings"),
      {"a payload that is text", kItemText.substr(0, kItemText.find("{\"bytes\"")) + "\"x\"}\n",
       "\"payload\" is not an object"},
      {"a list", "[1]\n", "not a JSON object"},
      {"text", "\"entry\"\n", "not a JSON object"},
      {"a number", "1\n", "not a JSON object"},
      {"nothing", "\n", "not a JSON object"},
      {"an empty object", "{}\n", "\"v\" is not a whole number"},
  });
}

TEST_CASE("fields in another order, doubled or unknown are refused", "[entry]") {
  const std::string prev = "\"prev\":\"" + kGenesisLeaf + "\",";
  std::string swapped = Replaced(kItemText, "\"seq\":1,", "");
  swapped = Replaced(swapped, prev, prev + "\"seq\":1,");
  CheckRefused({
      {"seq behind prev", swapped, kOneForm},
      {"tail before bytes", Replaced(kItemText, "\"bytes\":316,\"tail\":300", "\"tail\":300,\"bytes\":316"), kOneForm},
      {"doubled, the same", Replaced(kItemText, "\"seq\":1,", "\"seq\":1,\"seq\":1,"), kOneForm},
      {"doubled, the first differs", Replaced(kItemText, "\"seq\":1,", "\"seq\":7,\"seq\":1,"), kOneForm},
      {"doubled, the second differs", Replaced(kItemText, "\"seq\":1,", "\"seq\":1,\"seq\":7,"), kOneForm},
      {"doubled at the end", Replaced(kItemText, "}}\n", "},\"seq\":1}\n"), kOneForm},
      {"doubled in the payload", Replaced(kItemText, "\"bytes\":316,", "\"bytes\":316,\"bytes\":316,"), kOneForm},
      {"unknown, in front", Replaced(kItemText, "{\"v\"", "{\"colour\":\"red\",\"v\""), kOneForm},
      {"unknown, at the end", Replaced(kItemText, "}}\n", "},\"colour\":\"red\"}\n"), kOneForm},
      {"unknown, in the payload", Replaced(kItemText, "\"bytes\"", "\"blocks\":2,\"bytes\""), kOneForm},
      {"unknown, in the custodian", Replaced(kGenesisText, "\"name\"", "\"rank\":1,\"name\""), kOneForm},
      {"a field of another type of entry", Replaced(kItemText, "\"header\"", "\"count\":2,\"header\""), kOneForm},
      {"a name in upper case", Replaced(kItemText, "\"seq\"", "\"SEQ\""), "\"seq\" is not a whole number"},
  });
}

TEST_CASE("white space, escapes and what else says the same in JSON is refused", "[entry]") {
  CheckRefused({
      {"a space in front", " " + kItemText, kOneForm},
      {"a byte order mark", "\xEF\xBB\xBF" + kItemText, kOneForm},
      {"a space behind a comma", Replaced(kItemText, "\"v\":1,", "\"v\":1, "), kOneForm},
      {"a space behind a colon", Replaced(kItemText, "\"v\":", "\"v\": "), kOneForm},
      {"a space at the end", Replaced(kItemText, "}\n", "} \n"), kOneForm},
      {"a line feed inside", Replaced(kItemText, "\"v\":1,", "\"v\":1,\n"), kOneForm},
      {"no line feed", kItemText.substr(0, kItemText.size() - 1), kOneForm},
      {"two line feeds", kItemText + "\n", kOneForm},
      {"CRLF", Replaced(kItemText, "\n", "\r\n"), kOneForm},
      {"a tab", Replaced(kItemText, "\"v\":1,", "\"v\":1,\t"), kOneForm},
      {"an escaped letter", Replaced(kItemText, "\"alice", "\"\\u0061lice"), kOneForm},
      {"an escaped slash", Replaced(kItemText, "example/case", "example\\/case"), kOneForm},
      {"an escaped key", Replaced(kItemText, "\"seq\"", "\"\\u0073eq\""), kOneForm},
      {"half of a surrogate pair", Replaced(kItemText, "\"alice", "\"\\ud800"), "not a JSON object"},
      {"two lines", kItemText + kItemText, "not a JSON object"},
      {"an object behind it", Replaced(kItemText, "}\n", "}{}\n"), "not a JSON object"},
      {"cut off", kItemText.substr(0, 100), "not a JSON object"},
      {"a comma too many", Replaced(kItemText, "}}\n", "},}\n"), "not a JSON object"},
      {"a comment", Replaced(kItemText, "\"v\"", "/* */\"v\""), "not a JSON object"},
      {"single quotes", Replaced(kItemText, "\"v\"", "'v'"), "not a JSON object"},
      {"not UTF-8", Replaced(kItemText, "alice", "al\xFF"), "not a JSON object"},
      {"an overlong form", Replaced(kItemText, "alice", "al\xC0\xAF"), "not a JSON object"},
      {"a zero byte inside", Replaced(kItemText, "alice", std::string_view("a\0b", 3)), "not a JSON object"},
      {"a zero byte at the end", kItemText + std::string(1, '\0'), kOneForm},
      {"empty", "", "not a JSON object"},
  });
}

TEST_CASE("an omission of nothing is none", "[entry]") {
  CHECK_FAILS(DecodeEntryText(Replaced(kOmissionText, "\"count\":2", "\"count\":0")), ErrorCode::kInvalid,
              "nothing was omitted");
}

TEST_CASE("numbers have one spelling", "[entry]") {
  struct Row {
    std::string spelling;
    std::string words;
  };
  // What is no JSON at all cannot be blamed on a field.
  const std::string none = "not a JSON object";
  for (const std::string key : {"v", "seq", "bytes", "tail", "count"}) {
    const std::string whole = "\"" + key + "\" is not a whole number";
    const std::vector<Row> rows = {{"1.0", whole},
                                   {"1e3", whole},
                                   {"1E3", whole},
                                   {"-1", whole},
                                   {"-0", whole},
                                   {"0.5", whole},
                                   {"01", none},
                                   {"+1", none},
                                   {"0x1", none},
                                   {".5", none},
                                   {"1.", none},
                                   {"NaN", none},
                                   {"Infinity", none},
                                   {"18446744073709551616", whole},
                                   {"1" + std::string(400, '0'), none}};
    const std::size_t at = kOmissionText.find("\"" + key + "\":") + key.size() + 3;
    const std::size_t end = kOmissionText.find_first_of(",}", at);
    for (const Row& row : rows) {
      const std::string text = std::string(kOmissionText).replace(at, end - at, row.spelling);
      CAPTURE(key, row.spelling);
      CHECK_FAILS(DecodeEntryText(text), ErrorCode::kInvalid, row.words);
    }
  }
}

TEST_CASE("hex is lower case and of its length", "[entry]") {
  struct Field {
    std::string name;
    std::string good;
  };
  const std::vector<Field> fields = {{"prev", kGenesisLeaf},
                                     {"header", "1e0584a25d9f43bf5cbd0aec01eb1af2220ed085b4e7f1837b0d89958cae353a"},
                                     {"root", "4813494d137e1631bba301d5acab6e7bb7aa74ce1185d456565ef51d737677b2"}};
  for (const auto& [name, good] : fields) {
    std::string upper = good;
    for (char& c : upper) c = static_cast<char>(std::toupper(c));
    const std::string words = "\"" + name + "\" is not 64 lower-case hex digits";
    for (const std::string& bad : {upper, good.substr(1), good.substr(2), good + "0", good + "00", std::string(),
                                   "g" + good.substr(1), " " + good.substr(1), "0x" + good.substr(2)}) {
      CAPTURE(name, bad);
      CHECK_FAILS(DecodeEntryText(Replaced(kItemText, good, bad)), ErrorCode::kInvalid, words);
    }
  }
}

TEST_CASE("another version or type is for a newer program", "[entry]") {
  const ErrorCode unsupported = ErrorCode::kUnsupported;
  CheckRefused({
      {"version 2", Replaced(kItemText, "\"v\":1", "\"v\":2"), "version 2 is not known", unsupported},
      {"version 0", Replaced(kItemText, "\"v\":1", "\"v\":0"), "version 0 is not known", unsupported},
      {"a type", Replaced(kItemText, "\"item\"", "\"resealed\""), "unknown entry type \"resealed\"", unsupported},
      {"no type", Replaced(kItemText, "\"item\"", "\"\""), "unknown entry type \"\"", unsupported},
      {"upper case", Replaced(kItemText, "\"item\"", "\"Item\""), "unknown entry type \"Item\"", unsupported},
      {"a type that attacks a terminal", Replaced(kItemText, "\"item\"", "\"\\u001b[2J\""),
       "unknown entry type \"\\x1b[2J\"", unsupported},
      // The fields of a version that we do not know are not ours to judge.
      {"version 2 with other fields", "{\"v\":2,\"kind\":7}\n", "version 2", unsupported},
  });
  const auto newer = DecodeEntryText(Replaced(kItemText, "\"v\":1", "\"v\":2"));
  CHECK(newer.error().hint.find("newer version") != std::string::npos);
}

TEST_CASE("time has one spelling", "[entry]") {
  for (const std::string bad : {"2026-11-24T00:44:13Z",
                                "2026-11-24T00:44:13.00Z",
                                "2026-11-24T00:44:13.0000Z",
                                "2026-11-24T00:44:13.000",
                                "2026-11-24T00:44:13.000+00:00",
                                "2026-11-24t00:44:13.000Z",
                                "2026-11-24T00:44:13.000z",
                                "2026-11-24 00:44:13.000Z",
                                "2026-02-29T00:44:13.000Z",
                                "2026-13-24T00:44:13.000Z",
                                "2026-11-24T24:00:00.000Z",
                                "2026-11-24T00:60:13.000Z",
                                "2026-11-24T00:44:60.000Z",
                                "2026-11-24",
                                "",
                                "12026-11-24T00:44:13.000Z",
                                "-2026-11-24T00:44:13.000Z",
                                "2026-11-24T00:44:13,000Z",
                                " 2026-11-24T00:44:13.000Z",
                                "2026-11-24T01:44:13.000+01:00"}) {
    CAPTURE(bad);
    CHECK_FAILS(DecodeEntryText(Replaced(kItemText, "2026-11-24T00:44:13.000Z", bad)), ErrorCode::kInvalid,
                "time is not of the form");
  }
}

TEST_CASE("names, keys and roles keep their rules", "[entry]") {
  const std::string name_rule = "\"name\" is not 1 to 256 bytes without control characters";
  const auto named = [](const std::string& name) { return Replaced(kGenesisText, "Alice Example", name); };
  const auto roles = [](const std::string& list) { return Replaced(kGenesisText, R"(["custodian"])", list); };
  const auto origin = [](const std::string& text) { return Replaced(kItemText, "vault.example/case-1", text); };
  CheckRefused({
      {"no name", named(""), name_rule},
      {"a name that is too long", named(std::string(257, 'a')), name_rule},
      {"a line feed in a name", named("Alice\\nBob"), name_rule},
      {"an escape in a name", named("Alice\\u001b[2J"), name_rule},
      {"a zero in a name", named("Alice\\u0000"), name_rule},
      {"a DEL in a name", named("Alice\x7F"), name_rule},
      {"no origin", origin(""), "origin: a key name has 1 to 255 bytes"},
      {"an origin that is too long", origin(std::string(256, 'a')), "origin: a key name has 1 to 255"},
      {"a space in an origin", origin("vault example"), "origin: key name \"vault example\""},
      {"a control character in an origin", origin("vault\\u0007"), "origin: key name \"vault\\x07\""},
      {"a plus in an origin", origin("a+b"), "origin: key name \"a+b\""},
      {"no role", roles("[]"), "\"roles\" is empty"},
      {"an unknown role", roles(R"(["judge"])"), "unknown role \"judge\""},
      {"a role twice", roles(R"(["custodian","custodian"])"), "\"roles\" are not in order, each once"},
      {"roles out of order", roles(R"(["witness","custodian"])"), "\"roles\" are not in order"},
      {"a key whose id does not fit", Replaced(kGenesisText, "\"key\":\"alice+5d6d6ad4", "\"key\":\"alice+5d6d6ad5"),
       "vkey \"alice+5d6d6ad5"},
      {"a key whose name does not fit", Replaced(kGenesisText, "\"key\":\"alice+", "\"key\":\"alicf+"),
       "the key id does not belong to the key"},
      {"a key that is none", Replaced(kGenesisText, "\"key\":\"alice+5d6d6ad4+ARJq", "\"key\":\"+ARJq"),
       "vkey \"+ARJq"},
      {"a log key that is cut off", Replaced(kGenesisText, "Kq251\"", "\""), "vkey \"vault.example/case-1+"},
      {"a recipient with one letter changed", Replaced(kGenesisText, "age1ql3", "age1ql4"), "recipient"},
      {"a recipient in upper case",
       Replaced(kGenesisText, "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p",
                "AGE1QL3Z7HJY54PW3HYWW5AYYFG7ZQGVC7W3J2ELW8ZMRJ2KG5SFN9AQMCAC8P"),
       "recipient"},
      {"no recipient", Replaced(kGenesisText, "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p", ""),
       "recipient"},
  });
}

TEST_CASE("sizes that no payload has are refused", "[entry]") {
  const auto sizes = [](const std::string& bytes, const std::string& tail) {
    return Replaced(kItemText, "\"bytes\":316,\"tail\":300", "\"bytes\":" + bytes + ",\"tail\":" + tail);
  };
  REQUIRE_OK(DecodeEntryText(sizes("65868", "300")));  // a chunk, and then the tail
  CheckRefused({
      {"nothing", sizes("0", "0"), "payload of 0 bytes with a tail of 0: too small"},
      {"no tail", sizes("316", "0"), "payload of 316 bytes with a tail of 0: the last chunk is empty"},
      {"a tail of a tag alone", sizes("32", "16"), "the last chunk is empty or cut off"},
      {"a tail that is larger than the payload", sizes("316", "301"), "too small"},
      {"half of a chunk before the tail", sizes("317", "300"), "the tail does not begin with a chunk"},
      {"the largest number", sizes("18446744073709551615", "300"), "too large"},
      {"a tail of everything", sizes("316", "18446744073709551615"), "too large"},
      {"a byte more than a payload may have", sizes("4611686018427387905", "300"), "too large"},
  });
}

TEST_CASE("hostile shapes are refused before they are built", "[entry]") {
  const auto brackets = [](std::size_t count) {
    return Replaced(kItemText, "\"alice+5d6d6ad4\"", std::string(count, '['));
  };
  std::string many;
  for (int i = 0; i < 6000; ++i) many += "\"" + std::to_string(i) + "\":0,";
  std::string equal;
  for (int i = 0; i < 10000; ++i) equal += "\"a\":0,";
  CheckRefused({
      {"100,000 lists in a row", std::string(100'000, '[') + "\n", "longer than 65535 bytes"},
      {"60,000 lists inside each other", brackets(60'000), "nested deeper than 8 levels"},
      {"9 levels", brackets(8), "nested deeper than 8 levels"},
      {"nothing but lists", std::string(65'000, '[') + "\n", "nested deeper than 8 levels"},
      {"6,000 keys", Replaced(kItemText, "\"v\"", many + "\"v\""), "more than 64 members"},
      {"10,000 keys of one name", Replaced(kItemText, "\"v\"", equal + "\"v\""), "more than 64 members"},
      {"65 keys in the payload", Replaced(kItemText, "\"bytes\"", equal.substr(0, 65 * 6) + "\"bytes\""),
       "more than 64 members"},
  });
}

}  // namespace exhibit::testing
