// Goal: VERIFY.txt has the script of docs/FORMAT.md, "By hand", to the letter, and no text of the evidence in its commands.
// Method: the page's script beside the file's. That it does what it says, the end-to-end tests find out, which run it.
#include "vault/tell/verify_text.h"

#include "tests/custody/custody_log.h"
#include "tests/support/check.h"
#include "tests/support/text_file.h"

namespace exhibit::testing {
namespace {

std::string ScriptOfThePage() {
  const std::string page = ReadText(std::filesystem::path(EXHIBIT_SOURCE_DIR) / "docs" / "FORMAT.md");
  const std::size_t chapter = page.find("\n## By hand\n");
  REQUIRE(chapter != std::string::npos);
  const std::size_t begin = page.find("```sh\n", chapter) + 6;
  return page.substr(begin, page.find("```\n", begin) - begin);
}

std::string TextOf(bundle::Form form) {
  const CustodyLog log;
  return tell::VerifyText({{0},
                           form,
                           log.Checkpoint(1).checkpoint(),
                           log.state().fingerprint(),
                           {0},
                           CustodyLog::Actor("k1"),
                           "exhibit\n$(rm -rf /)"},
                          1);
}

}  // namespace

TEST_CASE("of a plain bundle it is the page's script, for the folder that it lies in", "[verify_text]") {
  const std::string text = TextOf(bundle::Form::kPlain);
  CHECK(text.ends_with("\nset -- \"$(dirname \"$0\")\" \"${1:-}\"\n" + ScriptOfThePage()));
}

TEST_CASE("of a sealed bundle it is the same but for the originals", "[verify_text]") {
  const std::string text = TextOf(bundle::Form::kSealed);
  const std::string script = ScriptOfThePage();
  const std::size_t originals = script.find("while IFS= read -r l; do\n  n=${l%% *}; name=");
  REQUIRE(originals != std::string::npos);
  CHECK(text.find(script.substr(0, originals)) != std::string::npos);
  CHECK(text.ends_with(script.substr(script.find("# Who made it."))));
  CHECK(text.find("the originals of entry") == std::string::npos);
  CHECK(text.find("log/layouts") != std::string::npos);
}

TEST_CASE("what it names is in comments, on lines of its own", "[verify_text]") {
  const std::string text = TextOf(bundle::Form::kPlain);
  std::string comments = text.substr(0, text.find("\nset -- "));
  CHECK(comments.find("$(rm -rf /)") != std::string::npos);
  for (std::size_t at = 0; at < comments.size(); at = comments.find('\n', at) + 1) {
    CHECK(comments[at] == '#');
    if (comments.find('\n', at) == std::string::npos) break;
  }
}

}  // namespace exhibit::testing
