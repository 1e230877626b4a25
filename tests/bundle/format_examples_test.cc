// Goal: every example of docs/FORMAT.md's formats, good and hostile, gets the status that the page says. They are made by
// tests/second_opinion/format_examples/make.py from that page, without any of this code.
#include <sys/wait.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "tests/support/check.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/text_file.h"
#include "vault/base/encoding.h"
#include "vault/base/file.h"
#include "vault/bundle/proof_check.h"
#include "vault/bundle/verifier.h"

namespace exhibit::testing {
namespace {

namespace fs = std::filesystem;

struct Example {
  std::string name;
  int status = 0;
  std::vector<std::string> arguments;
};

std::vector<std::string> WordsOf(const std::string& line, char between) {
  std::vector<std::string> words;
  std::istringstream in(line);
  for (std::string word; std::getline(in, word, between);) words.push_back(word);
  return words;
}

std::vector<Example> ExamplesIn(const fs::path& folder) {
  std::vector<Example> examples;
  std::ifstream manifest(folder / "manifest");
  for (std::string line; std::getline(manifest, line);) {
    const std::vector<std::string> row = WordsOf(line, '\t');
    examples.push_back({row[0], std::stoi(row[1]), WordsOf(row[3], ' ')});
  }
  return examples;
}

// What a verifier was given, as its command line says it.
struct Given {
  bundle::VerifyRequest request;
  std::vector<seal::Identity> identities;
  std::optional<tlog::Policy> policy;
  crypto::TimestampRoots roots;
  std::vector<custody::GivenCaseKey> case_keys;
  std::vector<fs::path> paths;
  bool is_proof = false;

  Given(const fs::path& folder, const std::vector<std::string>& arguments) {
    for (std::size_t i = 0; i < arguments.size(); ++i) {
      const std::string& word = arguments[i];
      const auto text = [&] { return ReadText(folder / arguments[++i]); };
      if (word == "--proof") {
        is_proof = true;
      } else if (word == "--fingerprint") {
        request.fingerprint = Unwrap(FixedFromHex<custody::Fingerprint>(arguments[++i], "fingerprint"));
      } else if (word == "-i") {
        for (seal::Identity& one : Unwrap(seal::ParseIdentityFile(text()))) identities.push_back(std::move(one));
      } else if (word == "--policy") {
        policy.emplace(Unwrap(tlog::Policy::Parse(text())));
      } else if (word == "--roots") {
        REQUIRE_OK(roots.AddPem(text()));
        request.timestamp_roots = &roots;
      } else if (word == "--case-key") {
        case_keys.push_back(Unwrap(custody::GivenCaseKey::Parse(text())));
        request.case_keys = &case_keys;
      } else {
        paths.push_back(folder / word);
      }
    }
    request.identities = identities;
    request.unpack_in = folder;
    if (policy) request.policy = &*policy;
  }
};

// As docs/FORMAT.md, "What a verifier says": the first of 3, 1, 8, 6, 5, 0.
int StatusOf(const Result<verify::Report>& checked, const bundle::VerifyRequest& request) {
  if (!checked) return checked.error().code == ErrorCode::kTampered ? 3 : 1;
  if (!checked->findings.empty()) return 3;
  if (!checked->undecided.empty()) return 1;
  if (checked->newer_from) return 8;
  if (verify::OpensNothing(*checked)) return 6;
  return request.fingerprint || request.policy != nullptr ? 0 : 5;
}

std::string SaidOf(const Result<verify::Report>& checked) {
  if (!checked) return checked.error().message;
  std::string all;
  for (const auto& finding : checked->findings) all += verify::Describe(finding) + "\n";
  for (const auto& one : checked->undecided) all += one + "\n";
  return all;
}

}  // namespace

TEST_CASE("every example of the formats has the status that the page says", "[bundle][format]") {
  const TemporaryFolder made;
  const std::string make = std::string("python3 ") + EXHIBIT_SOURCE_DIR +
                           "/tests/second_opinion/format_examples/make.py " + made.path().native() + " >/dev/null";
  if (WEXITSTATUS(std::system(make.c_str())) != 0) {
    WARN("skipped: make.py needs Python and what it imports");
    return;
  }
  Pool pool(2);
  const std::vector<Example> examples = ExamplesIn(made.path());
  CHECK(examples.size() > 400);
  for (const Example& example : examples) {
    const Given given(made.path() / example.name, example.arguments);
    REQUIRE_FALSE(given.paths.empty());
    const std::vector<fs::path> originals(given.paths.begin() + 1, given.paths.end());
    const auto checked = given.is_proof ? bundle::CheckProof(given.paths.front(), originals, given.request, pool)
                                        : bundle::VerifyBundle(given.paths.front(), given.request, pool);
    const int status = StatusOf(checked, given.request);
    CAPTURE(example.name, SaidOf(checked));
    CHECK(status == example.status);
  }
}

}  // namespace exhibit::testing
