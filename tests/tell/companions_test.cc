// Goal: what lies beside the evidence for people and programs says what the bundle holds, has one form whatever an
// item is called, and tells nothing of what is sealed. Method: a log of custody_log.h, told as a plain and as a sealed
// bundle, read back as the formats have it. That a verifier asks only that the files are listed is for tests/bundle.
#include "vault/tell/companions.h"

#include <nlohmann/json.hpp>

#include "tests/custody/custody_log.h"
#include "tests/support/check.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/text_file.h"

namespace exhibit::testing {
namespace {

using bundle::ExportedEntry;
using custody::FieldList;

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

// The second record by the columns of the first.
std::map<std::string, std::string> SecondOf(const std::string& csv) {
  // A spreadsheet knows UTF-8 by it.
  constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
  REQUIRE(csv.starts_with(kByteOrderMark));
  const auto records = ParseCsv(csv.substr(kByteOrderMark.size()));
  REQUIRE(records.size() == 2);
  REQUIRE(records[0].size() == records[1].size());
  std::map<std::string, std::string> cells;
  for (std::size_t i = 0; i < records[0].size(); ++i) cells.emplace(records[0][i], records[1][i]);
  CHECK(cells.size() == records[0].size());
  return cells;
}

const std::string kHostile = "=HYPERLINK(\"http:x\")\n,\xFF;<script>";

custody::ItemFacts HostileFacts() {
  custody::ItemFacts facts;
  facts.state = custody::ItemState{false, false, custody::Claims::kDiffer, false, custody::ContentPlace::kHere};
  facts.partial = custody::PartialFacts{"producer-failed", 4, 1};
  facts.sha256 = crypto::Sha256(ViewOf("two\n"));
  facts.size = 4;
  facts.name = kHostile;
  facts.cases = {"IR-1", "IR-2"};
  facts.claimed = {{custody::DigestAlgorithm::kMd5, Bytes(16, 6), false}};
  facts.times.accessed = custody::FileTime{0, 1};
  facts.source = "MEDSRV-04";
  return facts;
}

// The files of a bundle of one item, which lies at data/1 or data/1.age.
class Told {
 public:
  explicit Told(bundle::Form form) {
    custody::FieldList genesis = Unwrap(FieldList::Make(
        {{"custodian", custody::FieldOf({custody::Person{1}, "Alice Examiner", "Acme IR", std::nullopt})}}));
    custody::FieldList item = Unwrap(FieldList::Make(custody::FieldsOf(HostileFacts()))).Without({"source"});
    log_.Add(CustodyLog::AnItem());
    const std::string file = form == bundle::Form::kPlain ? "data/1" : "data/1.age";
    REQUIRE_OK(bag_.WriteWhole(file, ViewOf("two\n")));
    const bundle::BundleHead head{Unwrap(ParseTime("2026-11-28T23:00:00Z")),
                                  form,
                                  log_.Checkpoint(2).checkpoint(),
                                  log_.state().fingerprint(),
                                  {1},
                                  CustodyLog::Actor("k1"),
                                  "exhibit"};
    const bool plain = form == bundle::Form::kPlain;
    tell::Companions companions = Unwrap(tell::Companions::Begin(bag_, head, {{{0}, {1}}, 1, {}}));
    REQUIRE_OK(companions.Add(bag_, {log_.entries()[0], ExportedEntry::Part::kAct, plain ? &genesis : nullptr}));
    REQUIRE_OK(companions.Add(bag_, {log_.entries()[1], ExportedEntry::Part::kItem, plain ? &item : nullptr, file,
                                     plain ? custody::ItemFactsIn(item) : custody::ItemFacts()}));
    for (auto& [label, value] : Unwrap(companions.Finish(bag_))) info_[label] += value + ";";
  }
  std::string Read(const std::string& name) const { return ReadText(folder_.path() / name); }
  std::string Info(const std::string& label) const {
    const auto found = info_.find(label);
    return found == info_.end() ? "" : found->second;
  }
  const CustodyLog& log() const { return log_; }

 private:
  TemporaryFolder folder_;
  bundle::BagWriter bag_{folder_.path()};
  CustodyLog log_;
  std::map<std::string, std::string> info_;
};

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

TEST_CASE("a plain bundle tells of its items in every form", "[companions]") {
  const Told told(bundle::Form::kPlain);
  CHECK(told.Info("Source-Organization") == "Acme IR;");
  CHECK(told.Info("Contact-Name") == "Alice Examiner;");
  CHECK(told.Info("External-Identifier") == std::string(kOrigin) + ";");
  CHECK(told.Info("Exhibit-Custodian") == CustodyLog::Actor("k1").text() + ";");
  CHECK(told.Info("Exhibit-Fingerprint") == ToHex(told.log().state().fingerprint().view()) + ";");
  CHECK(told.Info("Exhibit-Case") == "IR-1;IR-2;");
  CHECK(told.Info("Exhibit-Log-Size") == "2;");
  CHECK(told.Info("Exhibit-Items") == "1;");
  CHECK(told.Info("Exhibit-Entries") == "2;");
  CHECK(told.Info("Exhibit-Completeness") == "complete;");
  CHECK(told.Info("Bag-Software-Agent") == "exhibit;");
  CHECK(told.Info("Bagging-Date") == "2026-11-28;");

  auto row = SecondOf(told.Read("items.csv"));
  CHECK(row["entry"] == "1");
  CHECK(row["added_by"] == "Alice Examiner (Acme IR)");
  CHECK(row["name"] == "'=HYPERLINK(\"http:x\")\\n,\\xff;<script>");
  CHECK(row["state"] == "the program that made it failed (with exit status 1) after 4 bytes");
  CHECK(row["case"] == "IR-1; IR-2");
  CHECK(row["accessed"] == "1970-01-01T00:00:00.000000001Z");
  CHECK(row["claimed"].starts_with("md5 DID NOT MATCH 0606"));
  CHECK(row["sha256"] == ToHex(crypto::Sha256(ViewOf("two\n")).view()));
  CHECK(row["source"].empty());
  CHECK(row["withheld"] == "source");
  CHECK(row["file"] == "data/1");
  CHECK(row["leaf_hash"] == ToHex(told.log().entries()[1].leaf().view()));

  const std::string certificate = told.Read("certificate.txt");
  CHECK(certificate.starts_with("DRAFT. Not signed and not sworn."));
  for (const std::string& words :
       {"SHA-256 " + row["sha256"], "entry 1, taken in " + FormatEntryTime(kNoon) + " by Alice Examiner (Acme IR)",
        std::string("unchanged since it was taken in"),
        std::string("NOT AS AN ORDINARY COPY: the program that made it failed"), std::string("DID NOT MATCH")}) {
    CAPTURE(words);
    CHECK(certificate.find(words) != std::string::npos);
  }
  CHECK(certificate.find(kHostile) == std::string::npos);

  const auto graph = nlohmann::ordered_json::parse(told.Read("custody.jsonld"));
  CHECK(graph["@graph"].size() ==
        7);  // two of people, a file, its record, an action, an affiliation, the investigation
}

TEST_CASE("what lies beside a sealed bundle tells of no content", "[companions]") {
  const Told told(bundle::Form::kSealed);
  CHECK(told.Info("Exhibit-Case").empty());
  CHECK(told.Info("Contact-Name") == "k1;");
  auto row = SecondOf(told.Read("items.csv"));
  CHECK(row["file"] == "data/1.age");
  for (const char* const column : {"name", "sha256", "size", "state", "case", "withheld"}) {
    CAPTURE(column);
    CHECK(row[column].empty());
  }
  const std::string digest = ToHex(crypto::Sha256(ViewOf("two\n")).view());
  CHECK(told.Read("certificate.txt").find("SHA-256 " + digest + "  data/1.age") != std::string::npos);
  for (const std::string name : {"items.csv", "custody.jsonld", "omissions.json", "VERIFY.txt", "certificate.txt"}) {
    CAPTURE(name);
    const std::string text = told.Read(name);
    CHECK(text.find("HYPERLINK") == std::string::npos);
    CHECK(text.find("Alice") == std::string::npos);
    CHECK((name == "certificate.txt" || text.find(digest) == std::string::npos));
  }
}

}  // namespace exhibit::testing
