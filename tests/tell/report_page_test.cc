// Goal: report.html holds what it shows as data that cannot become anything else, and its policy names
// exactly what is in it. Method: bundles of the fixture, their pages as text.
#include "vault/tell/report_page.h"

#include <nlohmann/json.hpp>

#include "tests/bundle/bundle_fixture.h"
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

}  // namespace

TEST_CASE("what could end a script, or begin another, is escaped in its data", "[report]") {
  CHECK(tell::EscapeForScript("\"</script><!--\"") == "\"\\u003c/script\\u003e\\u003c!--\"");
  CHECK(tell::EscapeForScript("\"&amp;\"") == "\"\\u0026amp;\"");
  CHECK(tell::EscapeForScript("\"\u2028\u2029\u202e\"") == "\"\\u2028\\u2029\u202e\"");
  CHECK(tell::EscapeForScript("\xe2\x80") == "\xe2\x80");
  CHECK(tell::EscapeForScript("").empty());
}

TEST_CASE_METHOD(BundleFixture, "a report's policy allows its own style and script and nothing else", "[report]") {
  const std::string page = ReadText(Export("plain", {{1}, {2}}) / bundle::kReportFile);
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

TEST_CASE_METHOD(BundleFixture, "a report holds the bundle's entries byte for byte, and metadata where it is plain",
                 "[report]") {
  const auto plain = Export("plain", {{1}});
  const nlohmann::json data = DataOf(ReadText(plain / bundle::kReportFile));
  CHECK(data.at("plain") == true);
  REQUIRE(data.at("entries").size() == 2);
  CHECK(data.at("entries")[0].at("entry") == ReadText(plain / "proof/0.entry"));
  CHECK_FALSE(data.at("entries")[0].contains("asked"));
  CHECK(data.at("entries")[1].at("entry") == ReadText(plain / "proof/1.entry"));
  CHECK(data.at("entries")[1].at("metadata") == ReadText(plain / "proof/1.metadata.json"));
  CHECK(data.at("entries")[1].at("asked") == true);

  const auto sealed = Export("sealed", {{1}}, {seal::X25519Identity::Generate().recipient()});
  const nlohmann::json closed = DataOf(ReadText(sealed / bundle::kReportFile));
  CHECK(closed.at("plain") == false);
  for (const auto& entry : closed.at("entries")) CHECK_FALSE(entry.contains("metadata"));
}

}  // namespace exhibit::testing
