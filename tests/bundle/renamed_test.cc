// Goal: a name that a medium changed is told as that, and hides no change of bytes. Method: a bag whose files get other
// names, each way that media and copy tools have, and what only looks like it.
#include "vault/bundle/renamed.h"

#include "tests/support/check.h"
#include "tests/support/vault_fixture.h"
#include "vault/bundle/bag.h"

namespace exhibit::testing {
namespace {

namespace fs = std::filesystem;

struct RenamedFixture {
  RenamedFixture() {
    fs::create_directory(bag);
    bundle::BagWriter writer(bag, bundle::Digests::kSha256And512);
    REQUIRE_OK(writer.WriteWhole("data/1-" + std::string(80, 'n') + ".log", ViewOf("one")));
    REQUIRE_OK(writer.WriteWhole("data/2-twin", ViewOf("twin")));
    REQUIRE_OK(writer.WriteWhole("data/3-twin", ViewOf("twin")));
    REQUIRE_OK(writer.WriteWhole("log/entries", ViewOf("entry")));
    REQUIRE_OK(writer.ClosePayload());
    REQUIRE_OK(writer.Close({}));
    WriteText(bag / "bundle.note", "note");
  }
  void Rename(const std::string& from, const std::string& to) { fs::rename(bag / from, bag / to); }

  // "FILE: MESSAGE" of each; with "!" where it speaks of a change.
  std::vector<std::string> Problems() {
    Pool pool(2);
    const bundle::FoundBag found = Unwrap(bundle::FindBag(bag, pool, nullptr));
    std::vector<bundle::BagProblem> problems = found.manifests.problems;
    const auto checked = Unwrap(bundle::CheckBag(found.folder, found.manifests, found.files, pool));
    problems.insert(problems.end(), checked.problems.begin(), checked.problems.end());
    std::vector<std::string> all;
    for (const auto& problem : problems) {
      all.push_back((problem.because == ErrorCode::kIo ? "" : "!") + problem.file + ": " + problem.message);
    }
    return all;
  }
  static std::string Under(const std::string& own, const std::string& other) {
    return own + ": is here under another name, " + other + ": give it back its own";
  }

  using Words = std::vector<std::string>;
  const std::string long_name = "data/1-" + std::string(80, 'n') + ".log";
  TemporaryFolder folder;
  fs::path bag = folder.path() / "bag";
};

}  // namespace

TEST_CASE_METHOD(RenamedFixture, "a name that a medium changed is told as that alone", "[bag]") {
  SECTION("cut at 64 characters, as Joliet does") {
    Rename(long_name, long_name.substr(0, 69));
    CHECK(Problems() == Words{Under(long_name, long_name.substr(0, 69))});
  }
  SECTION("in upper case") {
    Rename("log/entries", "log/ENTRIES");
    CHECK(Problems() == Words{Under("log/entries", "log/ENTRIES")});
  }
  SECTION("a folder in upper case") {
    Rename("log", "LOG");
    CHECK(Problems() == Words{Under("log/entries", "LOG/entries")});
  }
  SECTION("two of the same bytes, in the order of their names") {
    Rename("data/2-twin", "data/2-twin (1)");
    Rename("data/3-twin", "data/1-twin");
    CHECK(Problems() == Words{Under("data/2-twin", "data/1-twin"), Under("data/3-twin", "data/2-twin (1)")});
  }
  SECTION("what hostile names hold is shown harmlessly") {
    Rename("data/2-twin", "data/\x1b[2J");
    CHECK(Problems() == Words{Under("data/2-twin", "data/\\x1b[2J")});
  }
}

TEST_CASE_METHOD(RenamedFixture, "a manifest under another name still tells of the files", "[bag]") {
  Rename("bagit.txt", "BAGIT.TXT");
  Rename("manifest-sha256.txt", "manifest_sha256.txt");
  Rename("manifest-sha512.txt", "manifest_sha512.txt");
  Rename(long_name, "data/1");
  CHECK(Problems() == Words{Under("bagit.txt", "BAGIT.TXT"), Under(long_name, "data/1"),
                            Under("manifest-sha256.txt", "manifest_sha256.txt"),
                            Under("manifest-sha512.txt", "manifest_sha512.txt")});
}

TEST_CASE_METHOD(RenamedFixture, "what is listed nowhere is known by its letters", "[bag]") {
  const std::string name = GENERATE("BUNDLE.NOTE", "bundle_note", "BUNDLE.NOTE;1");
  Rename("bundle.note", name);
  Pool pool(2);
  const auto found = bundle::FindBag(bag, pool, nullptr);
  CHECK_FAILS(found, ErrorCode::kInvalid, "bundle.note is here under another name, " + name);
  CHECK(found.error().hint.find("give the files back their own") != std::string::npos);
  // Beside one of its own name it is a file too many.
  WriteText(bag / "bundle.note", "note");
  CHECK(Problems() == Words{"!" + name + ": is not listed in a manifest"});
}

TEST_CASE_METHOD(RenamedFixture, "another name hides no change", "[bag]") {
  SECTION("of the bytes") {
    Rename("log/entries", "log/ENTRIES");
    WriteText(bag / "log/ENTRIES", "Entry");
    CHECK(Problems() == Words{"!log/entries: is missing", "!log/ENTRIES: is not listed in a manifest"});
  }
  SECTION("of another file") {
    Rename("log/entries", "log/ENTRIES");
    WriteText(bag / "data/2-twin", "Twin");
    const Words problems = Problems();
    REQUIRE(problems.size() == 2);
    CHECK(problems[0].starts_with("!data/2-twin: is not what the manifest says"));
    CHECK(problems[1] == Under("log/entries", "log/ENTRIES"));
  }
  SECTION("one of two of the same bytes is missing") {
    Rename("data/2-twin", "data/2");
    fs::remove(bag / "data/3-twin");
    CHECK(Problems() == Words{"!data/3-twin: is missing", Under("data/2-twin", "data/2")});
  }
  SECTION("a copy beside a file that is there is too many") {
    fs::copy_file(bag / "log/entries", bag / "log/entries2");
    CHECK(Problems() == Words{"!log/entries2: is not listed in a manifest"});
  }
  SECTION("a link is no file") {
    Rename("log/entries", "../entry");
    fs::create_symlink(bag.parent_path() / "entry", bag / "log/ENTRIES");
    CHECK(Problems().size() == 2);
    CHECK(Problems()[0] == "!log/entries: is missing");
  }
}

}  // namespace exhibit::testing
