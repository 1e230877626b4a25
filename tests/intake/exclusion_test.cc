// Goal: a pattern fits what .gitignore's would, and no pattern takes long. Method: a table, and patterns made to be slow.
#include "vault/intake/exclusion.h"

#include <chrono>

#include "tests/support/check.h"

namespace exhibit::intake {
namespace {

using testing::Unwrap;
using What = Exclusion::What;

bool Fits(const std::string& pattern, std::string_view path, What what = What::kOther) {
  const Exclusion exclusion = Unwrap(Exclusion::Parse({pattern}));
  return exclusion.Match(path, what) != nullptr;
}

TEST_CASE("patterns fit as in .gitignore", "[exclusion]") {
  CHECK(Fits("*.tmp", "a.tmp"));
  CHECK(Fits("*.tmp", "/deep/er/a.tmp"));
  CHECK(Fits("*.tmp", ".tmp"));
  CHECK_FALSE(Fits("*.tmp", "a.tmp.log"));
  CHECK_FALSE(Fits("*.tmp", "/a.tmp/b"));  // the folder is left out before
  CHECK_FALSE(Fits("*.TMP", "a.tmp"));
  CHECK(Fits("core.?", "core.1"));
  CHECK(Fits("core.[0-9]", "core.1"));
  CHECK_FALSE(Fits("core.[!0-9]", "core.1"));
  CHECK(Fits("\\*", "*"));
  CHECK_FALSE(Fits("\\*", "a"));
  CHECK(Fits("cache/", "x/cache", What::kFolder));
  CHECK_FALSE(Fits("cache/", "x/cache"));
  CHECK(Fits("/var/run", "var/run"));
  CHECK(Fits("var/run", "/var/run"));
  CHECK_FALSE(Fits("var/run", "/x/var/run"));
  CHECK_FALSE(Fits("/var", "/x/var"));
  CHECK(Fits("/var", "/var"));
  CHECK_FALSE(Fits("a/*", "a/b/c"));  // a star takes no slash
  CHECK(Fits("a/**/b", "a/b"));
  CHECK(Fits("a/**/b", "a/x/y/b"));
  CHECK_FALSE(Fits("a/**/b", "x/a/b"));
  CHECK(Fits("**/b", "x/y/b"));
  CHECK(Fits("**/b/*.log", "x/b/c.log"));
  CHECK(Fits("a/**", "a/x/y"));
  CHECK(Fits("*", std::string("\xff\xfe")));  // names are bytes
  CHECK(Fits("\xff*", std::string("\xff\xfe")));
}

TEST_CASE("what is no pattern is refused", "[exclusion]") {
  for (const std::string pattern : {"", "/", ".", "./", "!keep"}) {
    CAPTURE(pattern);
    CHECK_FAILS(Exclusion::Parse({"*.ok", pattern}), ErrorCode::kInvalid, "--exclude");
  }
}

TEST_CASE("what was left out of a list that was made elsewhere is found by any of its folders", "[exclusion]") {
  const Exclusion exclusion = Unwrap(Exclusion::Parse({"cache/", "/var/*.tmp"}));
  CHECK(exclusion.MayLeaveOut("/mnt/host/cache/a/b"));
  CHECK(exclusion.MayLeaveOut("host/var/a.tmp"));
  CHECK_FALSE(exclusion.MayLeaveOut("/mnt/host/cache"));
  CHECK_FALSE(exclusion.MayLeaveOut("host/var/a.log"));
}

TEST_CASE("patterns that fitted nothing are named", "[exclusion]") {
  const Exclusion exclusion = Unwrap(Exclusion::Parse({"*.a", "*.b", "*.a"}));
  CHECK(*exclusion.Match("x.a", What::kOther) == "*.a");
  CHECK(exclusion.Unused() == std::vector<std::string>{"*.b", "*.a"});
}

TEST_CASE("many stars take no time", "[exclusion]") {
  std::string pattern;
  std::string path;
  for (int i = 0; i < 200; ++i) pattern += "**/a/";
  for (int i = 0; i < 1000; ++i) path += "a/";
  const auto begun = std::chrono::steady_clock::now();
  CHECK_FALSE(Fits(pattern + "b", path));
  CHECK(std::chrono::steady_clock::now() - begun < std::chrono::seconds(5));
}

}  // namespace
}  // namespace exhibit::intake
