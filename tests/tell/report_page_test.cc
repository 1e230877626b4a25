// Goal: report.html holds what it shows as data that cannot become anything else, and its policy names
// exactly what is in it. Method: a page of made-up files of log/, as text.
#include "vault/tell/report_page.h"

#include <nlohmann/json.hpp>

#include "tests/support/check.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/text_file.h"
#include "vault/base/encoding.h"
#include "vault/bundle/layout.h"
#include "vault/crypto/hash.h"

namespace exhibit::testing {
namespace {

// What stands between two texts, the first of which is in the page once.
std::string Between(const std::string& page, const std::string& before, const std::string& after) {
  const std::size_t begin = page.find(before);
  REQUIRE(begin != std::string::npos);
  CHECK(page.find(before, begin + 1) == std::string::npos);
  const std::size_t end = page.find(after, begin + before.size());
  REQUIRE(end != std::string::npos);
  return page.substr(begin + before.size(), end - begin - before.size());
}

std::string SourceOf(const std::string& text) {
  crypto::Hasher hasher(crypto::HashAlgorithm::kSha256);
  hasher.Update(ViewOf(text));
  return "'sha256-" + ToBase64(hasher.Finish(), Base64::kPadded) + "'";
}

nlohmann::json DataOf(const std::string& page) {
  return nlohmann::json::parse(Between(page, "id=\"data\">", "</script>"));
}

std::string PageOf(const bundle::LogTexts& texts) {
  const TemporaryFolder folder;
  bundle::BagWriter bag(folder.path());
  bundle::LogWriter log(bag);
  for (const auto& [path, text] : texts) REQUIRE_OK(log.Append(path, text));
  REQUIRE_OK(log.Finish());
  const bundle::LogTexts* const copy = log.copy() ? &*log.copy() : nullptr;
  REQUIRE_OK(tell::WriteReportPage(bag, Unwrap(ParseTime("2026-11-28T23:00:00Z")), copy));
  for (const auto& [path, text] : texts) CHECK(ReadText(folder.path() / path) == text);
  return ReadText(folder.path() / bundle::kReportFile);
}

bundle::LogTexts Files() {
  return {{"log/entries", "{\"v\":1}\n"},
          {"log/fields", "= 0 1\n</script><!--\u2028\n"},
          {"log/files", ""},
          {"log/checkpoint", "origin\n1\n"}};
}

}  // namespace

TEST_CASE("what could end a script, or begin another, is escaped in its data", "[report]") {
  CHECK(tell::EscapeForScript("\"</script><!--\"") == "\"\\u003c/script\\u003e\\u003c!--\"");
  CHECK(tell::EscapeForScript("\"&amp;\"") == "\"\\u0026amp;\"");
  CHECK(tell::EscapeForScript("\"\u2028\u2029\u202e\"") == "\"\\u2028\\u2029\u202e\"");
  CHECK(tell::EscapeForScript("\xe2\x80") == "\xe2\x80");
  CHECK(tell::EscapeForScript("").empty());
}

TEST_CASE("a report's policy allows its own style and script and nothing else", "[report]") {
  const std::string page = PageOf(Files());
  const std::string policy = Between(page, "http-equiv=\"Content-Security-Policy\" content=\"", "\"");
  CHECK(policy ==
        "default-src 'none'; script-src " + SourceOf(Between(page, "<script>", "</script>")) + "; style-src " +
            SourceOf(Between(page, "<style>", "</style>")) +
            "; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'");
  for (const std::string_view marker : {"{{policy}}", "{{style}}", "{{data}}", "{{script}}"}) {
    CHECK(page.find(marker) == std::string::npos);
  }
  for (const std::string_view reference : {"src=", "http://", "https://", "@import", "url("}) {
    // The names of namespaces and formats are the only addresses, and load nothing.
    CAPTURE(reference);
    const std::string_view known = reference == "http://" ? "http://www.w3.org/2000/svg" : "";
    const std::size_t at = page.find(reference);
    CHECK((at == std::string::npos || (!known.empty() && page.compare(at, known.size(), known) == 0)));
  }
}

TEST_CASE("a report holds the files of log/ byte for byte, and those alone that are there", "[report]") {
  const nlohmann::json data = DataOf(PageOf(Files()));
  CHECK(data.size() == 3);
  CHECK(data.at("made") == "2026-11-28T23:00:00Z");
  CHECK(data.at("program").get<std::string>().starts_with("exhibit "));
  CHECK(data.at("files").get<bundle::LogTexts>() == Files());
}

TEST_CASE("a report has a copy of a small log alone", "[report]") {
  bundle::LogTexts log = Files();
  std::size_t bytes = 0;
  for (const auto& [path, text] : log) bytes += text.size();
  std::string& entries = log["log/entries"];
  entries += std::string(bundle::kMaxCopiedLogBytes - bytes, '<');
  CHECK(DataOf(PageOf(log)).at("files").get<bundle::LogTexts>() == log);
  entries += '<';
  const std::string page = PageOf(log);
  CHECK_FALSE(DataOf(page).contains("files"));
  CHECK(page.size() < 256 << 10);
}

}  // namespace exhibit::testing
