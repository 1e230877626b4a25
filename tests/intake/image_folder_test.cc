// Goal: what reports and lists say of images is compared with the right thing, and never with another; what is missing is found.
// Method: small folders of images with reports of dcfldd's and dc3dd's form, and each rule broken once.
#include "vault/intake/image_folder.h"

#include <algorithm>
#include <map>

#include "tests/support/check.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/text_file.h"
#include "vault/base/encoding.h"
#include "vault/crypto/hash.h"

namespace exhibit::intake {
namespace {

using testing::TemporaryFolder;
using testing::Unwrap;
using testing::WriteText;

std::string Md5Of(std::string_view text) {
  crypto::Hasher hasher(crypto::HashAlgorithm::kMd5);
  hasher.Update(ViewOf(text));
  return ToHex(hasher.Finish());
}
std::string Dcfldd(std::string_view disk) { return "Total (md5): " + Md5Of(disk) + "\n"; }

struct Told {
  std::map<std::string, SaidOfFile> said;  // by name
  FolderFindings findings;
};

Told Tell(const TemporaryFolder& folder, JoinedPieces pieces = JoinedPieces::kCompare, WalkOptions walk = {}) {
  const Start start = Unwrap(FindStart(folder.path()));
  ImageFolder images = Unwrap(ImageFolder::Look({start}, walk, {ImportFrom::kImages, pieces}));
  Told told;
  REQUIRE_OK(Walk(
      start.path, walk,
      [&](Found found) -> Result<void> {
        const std::string name = found.path.filename().native();
        TRY(told.said[name], images.Of(found));
        return {};
      },
      [](const Refused&) {}));
  told.findings = images.End();
  return told;
}

std::string ComparedIn(const SaidOfFile& said) {
  std::string words;
  for (const auto& [key, value] : said.more) {
    CHECK(key == "media");
    for (const auto& one : *value.AsArray()) words += *one.Find("compared")->Text() + " ";
  }
  return words;
}

std::vector<std::string> NamesOf(const std::vector<Refused>& refused) {
  std::vector<std::string> names;
  for (const Refused& one : refused) names.push_back(one.path.filename().native());
  std::ranges::sort(names);
  return names;
}

Result<void> TellAll(ImageFolder& images, const Start& start) {
  const auto tell = [&](const Found& found) -> Result<void> {
    TRY_VOID(images.Of(found));
    return {};
  };
  return Walk(start.path, {}, tell, [](const Refused&) {});
}

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("a report that names no image is of the one whose name it bears, and of no other", "[intake]") {
  const TemporaryFolder folder;
  for (const std::string_view name : {"a.dd", "b.dd", "c.dd", "c.E01"}) WriteText(folder.path() / name, name);
  WriteText(folder.path() / "a.log", Dcfldd("a.dd"));
  WriteText(folder.path() / "b.dd.txt", Dcfldd("b.dd"));
  WriteText(folder.path() / "c.log", Dcfldd("c.dd"));  // fits two
  WriteText(folder.path() / "other" / "a.log", Dcfldd("a.dd"));
  const Told told = Tell(folder);
  CHECK(told.said.at("a.dd").claimed.size() == 1);
  CHECK(told.said.at("b.dd").claimed.size() == 1);
  CHECK(told.said.at("c.dd").claimed.empty());
  CHECK(told.said.at("a.dd").more.empty());
  const auto is_said = [&](std::string_view words) {
    return std::ranges::any_of(told.findings.remarks,
                               [&](const std::string& one) { return one.find(words) != std::string::npos; });
  };
  CHECK(is_said("c.log is a report of dcfldd, and it names nothing"));
  CHECK(is_said("other/a.log is a report of dcfldd, and it names nothing"));
  CHECK(is_said("anything of " + (folder.path() / "c.dd").native()));
  CHECK_FALSE(is_said("anything of " + (folder.path() / "a.dd").native()));
}

TEST_CASE("pieces are joined in the order of their numbers, and only if all are there", "[intake]") {
  const TemporaryFolder folder;
  WriteText(folder.path() / "n.001", "one");
  WriteText(folder.path() / "n.002", "two");
  WriteText(folder.path() / "n.003", "three");
  WriteText(folder.path() / "n.log", Dcfldd("onetwothree"));
  CHECK(ComparedIn(Tell(folder).said.at("n.002")) == "matched ");
  CHECK(ComparedIn(Tell(folder, JoinedPieces::kLeave).said.at("n.002")) == "not-compared ");
  std::filesystem::remove(folder.path() / "n.002");
  const Told gap = Tell(folder);
  CHECK(ComparedIn(gap.said.at("n.003")) == "not-compared ");
  CHECK(NamesOf(gap.findings.missing) == Names{"n.002"});
  CHECK(gap.findings.differences.empty());
  WriteText(folder.path() / "n.002", "TWO");
  const Told other = Tell(folder);
  CHECK(ComparedIn(other.said.at("n.001")) == "differs ");
  REQUIRE(other.findings.differences.size() == 1);
  CHECK(other.findings.differences[0].reason.message.find(Md5Of("oneTWOthree")) != std::string::npos);
}

TEST_CASE("one piece alone, whose first ones are missing, is not taken for the disk", "[intake]") {
  const TemporaryFolder folder;
  WriteText(folder.path() / "n.003", "three");
  WriteText(folder.path() / "n.log", Dcfldd("onetwothree"));
  const Told told = Tell(folder);
  CHECK(told.said.at("n.003").claimed.empty());
  CHECK(ComparedIn(told.said.at("n.003")) == "not-compared ");
  CHECK(NamesOf(told.findings.missing) == Names{"n.001", "n.002"});
}

TEST_CASE("a program beside an image of the same name is no piece of it", "[intake]") {
  const TemporaryFolder folder;
  WriteText(folder.path() / "n.E01", "an image");
  WriteText(folder.path() / "n.exe", "a program");
  WriteText(folder.path() / "n.log", Dcfldd("disk"));
  const Told told = Tell(folder);
  CHECK(ComparedIn(told.said.at("n.E01")) == "not-compared ");
  CHECK(told.said.at("n.exe").more.empty());
  CHECK(told.findings.missing.empty());
}

TEST_CASE("a number that other files have too makes no image of many missing pieces", "[intake]") {
  const TemporaryFolder folder;
  WriteText(folder.path() / "data.500", "data");
  CHECK(Tell(folder).findings.missing.empty());
}

TEST_CASE("a folder whose name begins like that of a list's is not below it", "[intake]") {
  const TemporaryFolder folder;
  WriteText(folder.path() / "in" / "sums.md5", Md5Of("a") + "  a.dd\n");
  WriteText(folder.path() / "in" / "a.dd", "a");
  WriteText(folder.path() / "in2" / "a.dd", "b");
  const Start start = Unwrap(FindStart(folder.path()));
  // A path that is named twice is looked at once.
  ImageFolder images = Unwrap(ImageFolder::Look({start, start}, {}, {}));
  std::map<std::string, std::size_t> claims;
  const auto count = [&](const Found& found) -> Result<void> {
    TRY(const SaidOfFile said, images.Of(found));
    claims[found.path.parent_path().filename().native() + "/" + found.path.filename().native()] = said.claimed.size();
    return {};
  };
  REQUIRE_OK(Walk(start.path, {}, count, [](const Refused&) {}));
  CHECK(claims.at("in/a.dd") == 1);
  CHECK(claims.at("in2/a.dd") == 0);
}

TEST_CASE("an image that is wrapped in a form that is not read here is not compared", "[intake]") {
  const TemporaryFolder folder;
  WriteText(folder.path() / "a.ad1", "wrapped");
  WriteText(folder.path() / "a.ad1.txt", Dcfldd("the files inside"));
  const Told told = Tell(folder);
  CHECK(told.said.at("a.ad1").claimed.empty());
  CHECK(ComparedIn(told.said.at("a.ad1")) == "not-compared ");
  CHECK(told.findings.differences.empty());
}

TEST_CASE("lists are of files, in their folder and below, and two that contradict each other are both told",
          "[intake]") {
  const TemporaryFolder folder;
  WriteText(folder.path() / "in" / "a.E01", "file");
  WriteText(folder.path() / "in" / "notes.txt", "notes");
  WriteText(folder.path() / "sums.md5", Md5Of("file") + "  in/a.E01\n" + Md5Of("x") + "  in/gone\n");
  WriteText(folder.path() / "in" / "a.md5", Md5Of("other") + " *a.E01\n" + Md5Of("notes") + " *notes.txt\n");
  const Told told = Tell(folder);
  CHECK(told.said.at("a.E01").claimed.size() == 2);
  CHECK(told.said.at("notes.txt").claimed.size() == 1);
  CHECK(NamesOf(told.findings.missing) == Names{"gone"});
  WalkOptions walk;
  walk.exclusion = Unwrap(Exclusion::Parse({"gone"}));
  CHECK(Tell(folder, JoinedPieces::kCompare, walk).findings.missing.empty());
}

TEST_CASE("a piece that changed between its comparison and its taking in is said", "[intake]") {
  const TemporaryFolder folder;
  WriteText(folder.path() / "n.001", "one");
  WriteText(folder.path() / "n.002", "two");
  WriteText(folder.path() / "n.log", Dcfldd("onetwo"));
  const Start start = Unwrap(FindStart(folder.path()));
  ImageFolder images = Unwrap(ImageFolder::Look({start}, {}, {}));
  WriteText(folder.path() / "n.002", "two, and more");
  REQUIRE_OK(TellAll(images, start));
  const auto findings = images.End();
  CHECK(NamesOf(findings.differences) == Names{"n.002", "n.002"});
}

TEST_CASE("who is asked to stop stops while pieces are read", "[intake]") {
  const TemporaryFolder folder;
  WriteText(folder.path() / "n.001", "one");
  WriteText(folder.path() / "n.002", "two");
  WriteText(folder.path() / "n.log", Dcfldd("onetwo"));
  const Start start = Unwrap(FindStart(folder.path()));
  std::atomic<bool> interrupted{false};
  ImageFolder images = Unwrap(ImageFolder::Look({start}, {}, {.interrupted = &interrupted}));
  interrupted = true;
  CHECK_FAILS(TellAll(images, start), ErrorCode::kInterrupted, "interrupted");
}

}  // namespace exhibit::intake
