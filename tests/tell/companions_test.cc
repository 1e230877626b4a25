// Goal: what lies beside the evidence for people and programs says what the bundle holds, has one form whatever an
// item is called, and tells nothing of what is sealed. Method: exports, read back as their formats have it. That
// VERIFY.txt does what it says is for the end-to-end tests, which run it.
#include "vault/tell/companions.h"

#include <nlohmann/json.hpp>

#include "tests/bundle/bundle_fixture.h"
#include "vault/bundle/omissions.h"
#include "vault/custody/json_fields.h"

namespace exhibit::testing {
namespace {

// RFC 4180, strictly, as far as ItemsCsv uses it: every field quoted, every line ends with CR LF.
std::vector<std::vector<std::string>> ParseCsv(const std::string& text) {
  std::vector<std::vector<std::string>> records(1);
  for (std::size_t at = 0; at < text.size();) {
    REQUIRE(text[at] == '"');
    std::string field;
    for (++at;; ++at) {
      REQUIRE(at < text.size());
      if (text[at] == '"' && text.substr(at, 2) != "\"\"") break;
      if (text[at] == '"') ++at;
      REQUIRE(static_cast<unsigned char>(text[at]) >= ' ');
      field.push_back(text[at]);
    }
    records.back().push_back(field);
    if (text[++at] == ',') {
      ++at;
      continue;
    }
    REQUIRE(text.substr(at, 2) == "\r\n");
    at += 2;
    if (at < text.size()) records.emplace_back();
  }
  return records;
}

std::string InfoOf(const fs::path& folder, const std::string& label) {
  const std::string info = "\n" + ReadText(folder / "bag-info.txt");
  const std::size_t at = info.find("\n" + label + ": ");
  if (at == std::string::npos) return "none";
  return info.substr(at + label.size() + 3, info.find('\n', at + 1) - at - label.size() - 3);
}

}  // namespace

TEST_CASE("a field of a table is no formula and no second line", "[companions]") {
  using tell::CsvField;
  CHECK(CsvField("") == "\"\"");
  CHECK(CsvField("a,b \"c\"") == "\"a,b \"\"c\"\"\"");
  CHECK(CsvField("=cmd|'/C calc'!A0") == "\"'=cmd|'/C calc'!A0\"");
  for (const std::string beginning : {"=", "+", "-", "@", "|", "%", "\uFF1D", "\uFF0B", "\uFF0D", "\uFF20"}) {
    CAPTURE(beginning);
    CHECK(CsvField(beginning + "1") == "\"'" + beginning + "1\"");
  }
  // What a spreadsheet strips before it looks is shown, and so no longer there.
  CHECK(CsvField("\t=1") == "\"\\t=1\"");
  CHECK(CsvField("\r\n=1") == "\"\\r\\n=1\"");
  CHECK(CsvField("a\xFF\u202E") == "\"a\\xff\\u{202e}\"");
}

TEST_CASE("the gaps of a range are what is not there", "[companions]") {
  using bundle::Gaps;
  using bundle::LogRange;
  const auto text = [](const LogRange& range, const std::set<tlog::Sequence>& present) {
    std::string all;
    for (const LogRange& gap : Gaps(range, present)) all += gap.ToText() + " ";
    return all;
  };
  CHECK(text({{3}, {7}}, {{0}, {3}, {5}, {7}, {9}}) == "4 6 ");
  CHECK(text({{3}, {7}}, {{4}}) == "3 5-7 ");
  CHECK(text({{3}, {7}}, {}) == "3-7 ");
  CHECK(text({{3}, {3}}, {{3}}).empty());
}

TEST_CASE("a plain bundle tells of its items in every form", "[companions]") {
  const std::string hostile = "=HYPERLINK(\"http:x\")\n,\xFF;<script>";
  BundleFixture vault(Items{{"a.log", "one\n"}, {hostile, "two\n"}, {"c", "three\n"}, {"d", "four\n"}});
  const auto folder = vault.Export("plain", {{4}, {2}});
  const std::string actor = custody::ActorOf(vault.signer.verifier());
  CHECK(InfoOf(folder, "Source-Organization") == "Tester");
  CHECK(InfoOf(folder, "Exhibit-Custodian") == actor);
  CHECK(InfoOf(folder, "Exhibit-Fingerprint") == ToHex(vault.reader->fingerprint().view()));
  CHECK(InfoOf(folder, "Exhibit-Log-Size") == "5");
  CHECK(InfoOf(folder, "Exhibit-Range") == "2-4");
  CHECK(InfoOf(folder, "Exhibit-Items") == "2");
  CHECK(InfoOf(folder, "Exhibit-Entries") == "3");
  CHECK(InfoOf(folder, "Exhibit-Completeness") == "complete");
  CHECK(InfoOf(folder, "Bag-Software-Agent") == "exhibit");

  const auto table = ParseCsv(ReadText(folder / "items.csv"));
  REQUIRE(table.size() == 3);
  for (const auto& record : table) CHECK(record.size() == 26);
  CHECK(table[1][0] == "2");
  CHECK(table[1][6] == "'=HYPERLINK(\"http:x\")\\n,\\xff;<script>");
  CHECK(table[1][18] == HashOf("two\n"));
  CHECK(table[1][24] == HashOf(ReadText(folder / "data/2.age")));
  CHECK(fs::exists(folder / table[1][22]));
  CHECK(table[2][0] == "4");

  CHECK(ReadText(folder / "omissions.json") ==
        "{\"v\":1,\"origin\":\"test.example/vault\",\"log_size\":5,\"range\":\"2-4\",\"complete\":true,\"missing\":[],"
        "\"not_in_bundle\":[\"3\"]}\n");

  const std::string certificate = ReadText(folder / "certificate.txt");
  CHECK(certificate.starts_with("DRAFT. Not signed and not sworn."));
  CHECK(certificate.find("SHA-256 " + HashOf("two\n")) != std::string::npos);
  CHECK(certificate.find("entry 2, taken in ") != std::string::npos);
  CHECK(certificate.find("unchanged since it was taken in") != std::string::npos);
  CHECK(certificate.find(hostile) == std::string::npos);

  const nlohmann::ordered_json graph = nlohmann::ordered_json::parse(ReadText(folder / "custody.jsonld"));
  CHECK(graph["@graph"].size() >= 8);
}

TEST_CASE_METHOD(BundleFixture, "what lies beside a sealed bundle tells of no content", "[companions]") {
  const auto folder = Export("sealed", {{1}}, {seal::X25519Identity::Generate().recipient()});
  CHECK(InfoOf(folder, "Exhibit-Case") == "none");
  const auto table = ParseCsv(ReadText(folder / "items.csv"));
  REQUIRE(table.size() == 2);
  CHECK(table[1][6].empty());
  CHECK(table[1][24] == HashOf(ReadText(folder / "data/1.age")));
  CHECK(ReadText(folder / "certificate.txt").find("SHA-256 " + HashOf(ReadText(folder / "data/1.age"))) !=
        std::string::npos);
  for (const std::string& name : FilesOf(folder)) {
    CAPTURE(name);
    CHECK(ReadText(folder / name).find(HashOf("one\ntwo\n")) == std::string::npos);
  }
}

TEST_CASE_METHOD(BundleFixture, "what lies beside for people is listed, and proves nothing", "[companions]") {
  const auto folder = Export("plain", {{1}});
  const std::string name = GENERATE("VERIFY.txt", "items.csv", "omissions.json", "certificate.txt", "custody.jsonld");
  WriteText(folder / name, "other");
  CHECK(Says(Check(folder), name + " is not what the manifest says"));
  fs::create_directory(folder / "more");
  WriteText(folder / "more" / name, "other");
  CHECK(Says(CheckForged(folder), "more/" + name + " has no place in a bundle"));
}

}  // namespace exhibit::testing
