// Goal: a bag is whole or says what is wrong with it. Method: a bag written, and then each way in
// which files and manifests can disagree. That stock tools agree is for the end-to-end tests.
#include "vault/bundle/bag.h"

#include <sys/stat.h>
#include <unistd.h>

#include "tests/support/check.h"
#include "tests/support/vault_fixture.h"
#include "tests/support/without_rights.h"
#include "vault/bundle/bag_check.h"
#include "vault/bundle/layout.h"
#include "vault/bundle/renamed.h"

namespace exhibit::testing {
namespace {

using bundle::BagWriter;

Result<bundle::BagCheck> CheckBag(const std::filesystem::path& folder) {
  Pool pool(2);
  TRY(const bundle::FoundBag bag, bundle::FindBag(folder, pool, nullptr));
  const bundle::BagManifests& manifests = bag.manifests;
  TRY(bundle::BagCheck check, bundle::CheckBag(bag.folder, manifests, bag.files, pool));
  check.problems.insert(check.problems.begin(), manifests.problems.begin(), manifests.problems.end());
  return check;
}

std::string Hash512Of(std::string_view text) {
  crypto::Hasher hasher(crypto::HashAlgorithm::kSha512);
  hasher.Update(ViewOf(text));
  return ToHex(hasher.Finish());
}

// Two files of payload and one of proof.
struct BagFixture {
  BagFixture() {
    std::filesystem::create_directory(bag);
    BagWriter writer(bag);
    Unwrap(writer.WriteWhole("data/1.age", ViewOf("sealed")));
    Unwrap(writer.WriteWhole("data/1-a.log", ViewOf("one\ntwo\n")));
    Unwrap(writer.WriteWhole("proof/1.entry", ViewOf("entry")));
    Unwrap(writer.Close({{"Source-Organization", "Tester"}}));
    Write("bundle.note", "by which it is a bundle");
  }

  std::string Read(std::string_view name) { return ReadText(bag / name); }
  void Write(std::string_view name, std::string_view text) { WriteText(bag / name, text); }
  void AppendTo(std::string_view name, const std::string& text) { Write(name, Read(name) + text); }
  void Replace(std::string_view name, const std::string& from, const std::string& to) {
    std::string text = Read(name);
    const std::size_t at = text.find(from);
    REQUIRE(at != std::string::npos);
    Write(name, text.replace(at, from.size(), to));
  }
  // The tag manifest told of the manifest as it is now.
  void FitTagManifest() {
    std::string text = Read(kTagManifest);
    const std::size_t at = text.find("  manifest-sha256.txt");
    REQUIRE(at != std::string::npos);
    Write(kTagManifest, text.replace(at - 64, 64, HashOf(Read(kManifest))));
    std::string text512 = Read(kTagManifest512);
    const std::size_t at512 = text512.find("  manifest-sha256.txt");
    REQUIRE(at512 != std::string::npos);
    Write(kTagManifest512, text512.replace(at512 - 128, 128, Hash512Of(Read(kManifest))));
  }

  std::string Problems() {
    std::string all;
    for (const auto& problem : Unwrap(CheckBag(bag)).problems) all += problem.file + ": " + problem.message + "\n";
    return all;
  }
  void CheckFinds(const std::string& words) {
    const std::string all = Problems();
    CAPTURE(all);
    CHECK(all.find(words) != std::string::npos);
  }
  // Exactly one thing is wrong, and it is this.
  void CheckProblem(const std::string& file, const std::string& words) {
    const auto problems = Unwrap(CheckBag(bag)).problems;
    std::string all;
    for (const auto& problem : problems) all += problem.file + ": " + problem.message + "\n";
    CAPTURE(all);
    REQUIRE(problems.size() == 1);
    CHECK(problems.front().file == file);
    CHECK(problems.front().message.find(words) != std::string::npos);
  }

  static constexpr const char* kManifest = "manifest-sha256.txt";
  static constexpr const char* kTagManifest = "tagmanifest-sha256.txt";
  static constexpr const char* kManifest512 = "manifest-sha512.txt";
  static constexpr const char* kTagManifest512 = "tagmanifest-sha512.txt";
  TemporaryFolder folder;
  std::filesystem::path bag = folder.path() / "bag";
};

}  // namespace

TEST_CASE_METHOD(BagFixture, "a bag is written as RFC 8493 has it", "[bag]") {
  CHECK(Read("bagit.txt") == "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n");
  CHECK(Read("bag-info.txt") == "Source-Organization: Tester\nPayload-Oxum: 14.2\n");
  CHECK(Read(kManifest) == HashOf("one\ntwo\n") + "  data/1-a.log\n" + HashOf("sealed") + "  data/1.age\n");
  CHECK(Read(kTagManifest) == HashOf(Read("bag-info.txt")) + "  bag-info.txt\n" + HashOf(Read("bagit.txt")) +
                                  "  bagit.txt\n" + HashOf(Read(kManifest)) + "  manifest-sha256.txt\n" +
                                  HashOf(Read(kManifest512)) + "  manifest-sha512.txt\n" + HashOf("entry") +
                                  "  proof/1.entry\n");
  CHECK(Read(kManifest512) == Hash512Of("one\ntwo\n") + "  data/1-a.log\n" + Hash512Of("sealed") + "  data/1.age\n");
  CHECK(Read(kTagManifest512) == Hash512Of(Read("bag-info.txt")) + "  bag-info.txt\n" + Hash512Of(Read("bagit.txt")) +
                                     "  bagit.txt\n" + Hash512Of(Read(kManifest)) + "  manifest-sha256.txt\n" +
                                     Hash512Of(Read(kManifest512)) + "  manifest-sha512.txt\n" + Hash512Of("entry") +
                                     "  proof/1.entry\n");
  CHECK(Unwrap(CheckBag(bag)).problems.empty());
}

TEST_CASE("a file that is written by pieces has the hash of the whole", "[bag]") {
  const TemporaryFolder folder;
  BagWriter writer(folder.path());
  auto file = Unwrap(writer.Create("data/1.age"));
  for (const std::string piece : {"on", "", "e\n"}) REQUIRE_OK(file.Write(ViewOf(piece)));
  REQUIRE_OK(writer.Finish(std::move(file)));
  REQUIRE_OK(writer.WriteWhole("data/2.age", {}));
  REQUIRE_OK(writer.WriteWhole("proof/x", {}));
  REQUIRE_OK(writer.Close({}));
  WriteText(folder.path() / "bundle.note", "note");
  CHECK(ReadText(folder.path() / "data/1.age") == "one\n");
  CHECK(ReadText(folder.path() / "manifest-sha256.txt") ==
        HashOf("one\n") + "  data/1.age\n" + HashOf("") + "  data/2.age\n");
  CHECK(ReadText(folder.path() / "bag-info.txt") == "Payload-Oxum: 4.2\n");
  CHECK(Unwrap(CheckBag(folder.path())).problems.empty());
}

TEST_CASE("nothing that a bag's fields say begins a line of its own", "[bag]") {
  const TemporaryFolder folder;
  BagWriter writer(folder.path());
  REQUIRE_OK(writer.WriteWhole("data/1.age", {}));
  REQUIRE_OK(writer.WriteWhole("proof/x", {}));
  REQUIRE_OK(writer.Close({{"Source-Organization", "A\nPayload-Oxum: 9.9\r\x1b[2J"}}));
  CHECK(ReadText(folder.path() / "bag-info.txt") ==
        "Source-Organization: A\\nPayload-Oxum: 9.9\\r\\x1b[2J\nPayload-Oxum: 0.1\n");
}

TEST_CASE("a file's name in the bag is plain, whatever the evidence is called", "[bag]") {
  using bundle::OriginalFileName;
  const tlog::Sequence third{3};
  CHECK(OriginalFileName(third, "auth.log") == "data/3-auth.log");
  CHECK(OriginalFileName(third, "A-z_0.9") == "data/3-A-z_0.9");
  CHECK(OriginalFileName(third, "") == "data/3-_");
  CHECK(OriginalFileName(third, "..") == "data/3-..");
  CHECK(OriginalFileName(third, "../../etc/passwd") == "data/3-.._.._etc_passwd");
  CHECK(OriginalFileName(third, "/etc/passwd") == "data/3-_etc_passwd");
  // What RFC 8493 would have encoded in a manifest as %0A, %0D and %25 does not come up.
  CHECK(OriginalFileName(third, "a\nb\rc%d") == "data/3-a_b_c_d");
  CHECK(OriginalFileName(third, "ä\xFF\\:*?\"<>| ~") == "data/3-_____________");
  CHECK(OriginalFileName(third, std::string_view("a\0b", 3)) == "data/3-a_b");
  CHECK(OriginalFileName(third, std::string(255, 'x')) == "data/3-" + std::string(100, 'x'));
  CHECK(OriginalFileName({18446744073709551615U}, "a") == "data/18446744073709551615-a");
}

TEST_CASE_METHOD(BagFixture, "a file that is missing, changed or additional is named", "[bag]") {
  SECTION("missing payload") {
    std::filesystem::remove(bag / "data/1.age");
    CheckProblem("data/1.age", "is missing");
  }
  SECTION("missing proof") {
    std::filesystem::remove(bag / "proof/1.entry");
    CheckProblem("proof/1.entry", "is missing");
  }
  SECTION("missing bag-info.txt") {
    std::filesystem::remove(bag / "bag-info.txt");
    CheckProblem("bag-info.txt", "is missing");
  }
  SECTION("a missing folder") {
    std::filesystem::remove_all(bag / "proof");
    CheckProblem("proof/1.entry", "is missing");
  }
  SECTION("changed") {
    Write("data/1.age", "Sealed");
    CheckProblem("data/1.age", "is not what the manifest says: its SHA-256 is " + HashOf("Sealed"));
  }
  SECTION("a byte longer") {
    AppendTo("proof/1.entry", "x");
    CheckProblem("proof/1.entry", "is not what the manifest says");
  }
  SECTION("emptied") {
    Write("data/1-a.log", "");
    CheckProblem("data/1-a.log", "is not what the manifest says");
  }
  SECTION("bag-info.txt changed") {
    AppendTo("bag-info.txt", "Contact-Name: Mallory\n");
    CheckProblem("bag-info.txt", "is not what the manifest says");
  }
  SECTION("additional, in the payload") {
    Write("data/2.age", "more");
    CheckProblem("data/2.age", "is not listed in a manifest");
  }
  SECTION("additional, hidden and deep") {
    Write("data/a/b/.c", "more");
    CheckProblem("data/a/b/.c", "is not listed in a manifest");
  }
  SECTION("additional, beside the tags") {
    Write("README", "more");
    CheckProblem("README", "is not listed in a manifest");
  }
  SECTION("additional, a manifest of another hash") {
    Write("manifest-md5.txt", "");
    CheckProblem("manifest-md5.txt", "is not listed in a manifest");
  }
}

TEST_CASE_METHOD(BagFixture, "all problems are listed, not the first alone", "[bag]") {
  Write("data/1.age", "Sealed");
  std::filesystem::remove(bag / "proof/1.entry");
  Write("data/2.age", "more");
  CHECK(Unwrap(CheckBag(bag)).problems.size() == 3);
}

TEST_CASE_METHOD(BagFixture, "a bag holds plain files, and no ways out of it", "[bag]") {
  const auto elsewhere = folder.path() / "elsewhere";
  const auto move_out = [&](const std::string& name) {
    std::filesystem::rename(bag / name, elsewhere);
    std::filesystem::create_symlink(elsewhere, bag / name);
  };
  SECTION("a link to the right bytes") {
    move_out("data/1.age");
    CheckProblem("data/1.age", "symbolic link");
  }
  SECTION("a link inside the bag") {
    std::filesystem::rename(bag / "data/1.age", bag / "data/1-a.log.age");
    std::filesystem::create_symlink("1-a.log.age", bag / "data/1.age");
    CHECK(Unwrap(CheckBag(bag)).problems.size() == 2);
  }
  SECTION("a link that nobody listed") {
    std::filesystem::create_symlink("/etc/passwd", bag / "data/passwd");
    CheckProblem("data/passwd", "is not listed in a manifest");
  }
  SECTION("a link to a folder that nobody listed") {
    std::filesystem::create_directory_symlink("/etc", bag / "data/etc");
    CheckProblem("data/etc", "is not listed in a manifest");
  }
  SECTION("a folder of the bag that is a link") {
    move_out("data");
    CheckProblem("data", "is not listed in a manifest");
  }
  SECTION("the manifest") {
    move_out(kManifest);
    CheckProblem(kManifest, "symbolic link");
  }
  SECTION("the tag manifest") {
    move_out(kTagManifest);
    CheckProblem(kTagManifest, "is not a plain file");
  }
  SECTION("bagit.txt") {
    move_out("bagit.txt");
    CheckProblem("bagit.txt", "symbolic link");
  }
  SECTION("a pipe, which nobody waits for") {
    std::filesystem::remove(bag / "data/1.age");
    REQUIRE(::mkfifo((bag / "data/1.age").c_str(), 0600) == 0);
    CheckProblem("data/1.age", "not a plain file");
  }
  SECTION("a folder in the place of a file") {
    std::filesystem::remove(bag / "data/1.age");
    std::filesystem::create_directory(bag / "data/1.age");
    CheckProblem("data/1.age", "not a plain file");
  }
  SECTION("empty folders hold nothing") {
    std::filesystem::create_directories(bag / "data/empty/emptier");
    CHECK(Unwrap(CheckBag(bag)).problems.empty());
  }
}

TEST_CASE_METHOD(BagFixture, "a name that leaves the bag or means another is refused with its line", "[bag]") {
  Write("../outside", "sealed");
  for (const std::string name : {"data/../../outside",
                                 "data/..",
                                 "data/./1.age",
                                 "data//1.age",
                                 "data/",
                                 "../outside",
                                 "/etc/passwd",
                                 "//etc/passwd",
                                 "data\\1.age",
                                 "data/..\\..\\outside",
                                 "data/C:1.age",
                                 "C:\\data",
                                 "data/%2e%2e/outside",
                                 "data/a%0Ab",
                                 "data/100%",
                                 "1.age",
                                 "proof/1.entry",
                                 "Data/1.age",
                                 "data/a\tb",
                                 "data/a\rb",
                                 "data/a\x7F",
                                 "data/\xFF",
                                 "data/\xC0\xAF",
                                 "data/a/../../../outside"}) {
    CAPTURE(name);
    Write(kManifest, HashOf("one\ntwo\n") + "  data/1-a.log\n" + HashOf("sealed") + "  " + name + "\n");
    FitTagManifest();
    CheckFinds("manifest-sha256.txt: line 2: a name that has no place here");
  }
  CHECK(Read("../outside") == "sealed");
}

TEST_CASE_METHOD(BagFixture, "a tag manifest does not name payload, nor the other way round", "[bag]") {
  AppendTo(kTagManifest, HashOf("sealed") + "  data/1.age\n");
  CheckFinds("tagmanifest-sha256.txt: line 6: a name that has no place here: data/1.age");
}

TEST_CASE_METHOD(BagFixture, "a name that a terminal would obey is shown safely", "[bag]") {
  AppendTo(kManifest, HashOf("") + "  data/\x1b[2J\n");
  CheckFinds("\\x1b[2J");
  CHECK(Problems().find('\x1b') == std::string::npos);
}

TEST_CASE_METHOD(BagFixture, "a manifest has one form of line", "[bag]") {
  const std::string hash = HashOf("sealed");
  std::string upper = hash;
  for (char& c : upper) c = static_cast<char>(c >= 'a' ? c - 32 : c);
  struct Row {
    std::string line;
    std::string words;
  };
  const std::string form = "line 2: not a hash and a name";
  const std::vector<Row> rows = {
      {hash + "  data/1.age", "line 2: it ends within the line: the file was cut"},
      {hash + "  data/1.age\r\r\n", "line 2: a name that has no place here: data/1.age\\r"},
      {hash + "data/1.age\n", form},
      {hash + "*data/1.age\n", form},
      {hash + "  **data/1.age\n", "line 2: a name that has no place here: *data/1.age"},
      {hash + "  \n", form},
      {hash + "\n", form},
      {hash.substr(1) + "  data/1.age\n", form},
      {hash + "0  data/1.age\n", form},
      {"g" + hash.substr(1) + "  data/1.age\n", form},
      {"\n", form},
      {" " + hash + "  data/1.age\n", form},
      {"# a comment\n", form},
      {hash + "  data/" + std::string(1020, 'a') + "\n", "line 2: a name that has no place here"},
      {hash + "  data/" + std::string(10'000'000, 'a') + "\n", "line 2: a name that has no place here"},
      {std::string(10'000'000, 'a') + "\n", form},
      {HashOf("one\ntwo\n") + "  data/1-a.log\n", "line 2: a name that stands twice: data/1-a.log"},
      {hash + "  data/1-a.log\n", "line 2: a name that stands twice: data/1-a.log"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.line.substr(0, 200));
    Write(kManifest, HashOf("one\ntwo\n") + "  data/1-a.log\n" + row.line);
    FitTagManifest();
    CheckFinds(kManifest + std::string(": ") + row.words);
  }
}

TEST_CASE_METHOD(BagFixture, "a manifest as RFC 8493 allows other tools to write it lists the same", "[bag]") {
  std::string upper = HashOf("sealed");
  for (char& c : upper) c = static_cast<char>(c >= 'a' ? c - 32 : c);
  for (const std::string& line :
       {HashOf("sealed") + " data/1.age\n", HashOf("sealed") + " *data/1.age\n", HashOf("sealed") + "\tdata/1.age\n",
        HashOf("sealed") + "   data/1.age\n", HashOf("sealed") + "  data/1.age\r\n", upper + "  data/1.age\n"}) {
    CAPTURE(line);
    Write(kManifest, HashOf("one\ntwo\n") + "  data/1-a.log\n" + line);
    FitTagManifest();
    CHECK(Problems().empty());
  }
}

TEST_CASE_METHOD(BagFixture, "what a transfer tool made of line ends is named as that", "[bag]") {
  const auto convert = [&](std::string_view name, const std::string& from, const std::string& to) {
    std::string text = Read(name);
    for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size())
      text.replace(at, from.size(), to);
    Write(name, text);
  };
  SECTION("of the evidence") {
    convert("data/1-a.log", "\n", "\r\n");
    CheckProblem("data/1-a.log", "is not what the manifest says: its line ends were converted on the way");
  }
  SECTION("of a manifest") {
    convert(kManifest, "\n", "\r\n");
    CheckProblem(kManifest, "its line ends were converted on the way");
  }
  SECTION("of bagit.txt") {
    convert("bagit.txt", "\n", "\r\n");
    CheckProblem("bagit.txt", "its line ends were converted on the way");
  }
  SECTION("but not what was changed besides") {
    Write("data/1-a.log", "one\r\ntwO\r\n");
    CheckProblem("data/1-a.log", "its SHA-256 is");
  }
}

TEST_CASE_METHOD(BagFixture, "what an operating system leaves is named, and no problem", "[bag]") {
  const auto foreign = [&] { return Unwrap(bundle::ListBag(bag, [](std::string_view) { return false; })).foreign; };
  Write(".DS_Store", "x");
  Write("data/Thumbs.db", "x");
  Write("lost+found/5", "x");
  std::filesystem::create_directories(bag / "proof/empty/emptier");
  CHECK(Problems().empty());
  CHECK(foreign() == std::vector<std::string>{".DS_Store", "data/Thumbs.db", "lost+found/5", "proof/empty/emptier/"});

  SECTION("a file of a folder's name is left by nobody") {
    Write(".Trashes", "x");
    CheckProblem(".Trashes", "is not listed in a manifest");
  }
  SECTION("a link of that name is left by nobody") {
    std::filesystem::remove(bag / ".DS_Store");
    std::filesystem::create_symlink("/etc/passwd", bag / ".DS_Store");
    CheckProblem(".DS_Store", "is not listed in a manifest");
  }
  SECTION("one that is listed is a file like others") {
    AppendTo(kManifest, HashOf("y") + "  data/Thumbs.db\n");
    AppendTo(kManifest512, Hash512Of("y") + "  data/Thumbs.db\n");
    CheckFinds("data/Thumbs.db: is not what the manifest says");
  }
  SECTION("a folder of that name that holds what is listed is looked into") {
    AppendTo(kTagManifest, HashOf("y") + "  lost+found/5\n");
    AppendTo(kTagManifest512, Hash512Of("y") + "  lost+found/5\n");
    CheckFinds("lost+found/5: is not what the manifest says");
  }
  SECTION("whatever lies in a system's folder is the system's") {
    std::filesystem::create_symlink("/etc/passwd", bag / "lost+found/link");
    CHECK(Problems().empty());
  }
}

TEST_CASE_METHOD(BagFixture, "what may not be read is not called changed", "[bag]") {
  namespace fs = std::filesystem;
  fs::permissions(folder.path(), fs::perms(0755));
  for (const auto& entry : fs::recursive_directory_iterator(bag)) {
    fs::permissions(entry, entry.is_directory() ? fs::perms(0755) : fs::perms(0644));
  }
  fs::permissions(bag, fs::perms(0755));
  SECTION("a file") {
    fs::permissions(bag / "data/1.age", fs::perms(0));
    const WithoutRights nobody;
    const auto problems = Unwrap(CheckBag(bag)).problems;
    REQUIRE(problems.size() == 1);
    CHECK(problems[0].because == ErrorCode::kPermission);
  }
  SECTION("a folder of ours") {
    fs::permissions(bag / "data", fs::perms(0));
    {
      const WithoutRights nobody;
      for (const auto& problem : Unwrap(CheckBag(bag)).problems) CHECK(problem.because == ErrorCode::kPermission);
    }
    fs::permissions(bag / "data", fs::perms(0755));
  }
  SECTION("a folder that an operating system keeps for itself") {
    fs::create_directory(bag / "lost+found");
    fs::permissions(bag / "lost+found", fs::perms(0));
    {
      const WithoutRights nobody;
      CHECK(Problems().empty());
    }
    fs::permissions(bag / "lost+found", fs::perms(0755));
  }
}

TEST_CASE_METHOD(BagFixture, "CR alone ends no line", "[bag]") {
  std::string manifest = Read(kManifest);
  for (std::size_t at = 0; (at = manifest.find('\n', at)) != std::string::npos; at += 2) manifest.insert(at, "\r");
  std::erase(manifest, '\n');
  Write(kManifest, manifest + "\n");
  FitTagManifest();
  CheckFinds("line 1: a name that has no place here: data/1-a.log\\r");
}

TEST_CASE_METHOD(BagFixture, "a manifest that is too large is not read into memory", "[bag]") {
  std::filesystem::resize_file(bag / kManifest, std::uintmax_t{1} << 40);
  CheckFinds("manifest-sha256.txt is longer than");
}

TEST_CASE_METHOD(BagFixture, "a damaged tag manifest is found", "[bag]") {
  SECTION("gone") {
    std::filesystem::remove(bag / kTagManifest);
    CheckFinds(kTagManifest);
  }
  SECTION("empty") {
    Write(kTagManifest, "");
    CHECK(Unwrap(CheckBag(bag)).problems.size() ==
          9);  // four that must be listed; all five are listed with their SHA-512 alone
  }
  SECTION("cut off in a line") {
    Write(kTagManifest, Read(kTagManifest).substr(0, 100));
    CheckFinds("tagmanifest-sha256.txt: line 2: it ends within the line");
  }
  SECTION("what nobody lists, listed in the other one alone") {
    AppendTo("tagmanifest-sha512.txt", std::string(128, '0') + "  bundle.note\n");
    Write("bundle.note", "x");
    CheckProblem("bundle.note", "is listed with its SHA-512 alone");
  }
  SECTION("a line left out") {
    Replace(kTagManifest, HashOf("entry") + "  proof/1.entry\n", "");
    CheckProblem("proof/1.entry", "is listed with its SHA-512 alone");
  }
  SECTION("without the manifest, which could then be exchanged unseen") {
    Replace(kTagManifest, HashOf(Read(kManifest)) + "  manifest-sha256.txt\n", "");
    const auto problems = Unwrap(CheckBag(bag)).problems;
    REQUIRE(problems.size() == 2);
    CHECK(problems[0].file == kManifest);
    CHECK(problems[0].message == "is not listed in the tag manifest");
  }
  SECTION("another hash") {
    Replace(kTagManifest, HashOf("entry"), HashOf("Entry"));
    CheckProblem("proof/1.entry", "is not what the manifest says");
  }
  SECTION("every flipped bit") {
    const std::string good = Read(kTagManifest);
    for (std::size_t at = 0; at < good.size(); ++at) {
      std::string flipped = good;
      flipped[at] = static_cast<char>(flipped[at] ^ 1);
      Write(kTagManifest, flipped);
      const auto checked = CheckBag(bag);
      CAPTURE(at);
      REQUIRE_FALSE((checked && checked->problems.empty()));
    }
  }
}

TEST_CASE_METHOD(BagFixture, "a manifest that was changed after the tag manifest is found", "[bag]") {
  Write("data/1.age", "Sealed");
  Replace(kManifest, HashOf("sealed"), HashOf("Sealed"));
  const auto problems = Unwrap(CheckBag(bag)).problems;
  REQUIRE(problems.size() == 2);
  CHECK(problems[0].file == "data/1.age");
  CHECK(problems[0].message == "is not what the manifest says: its SHA-512 is " + Hash512Of("Sealed"));
  CHECK(problems[1].file == kManifest);
  CHECK(problems[1].message.starts_with("is not what the manifest says: its SHA-256 is "));
}

TEST_CASE_METHOD(BagFixture, "what is listed with one of the two hashes alone is found", "[bag]") {
  SECTION("a file of the payload, without its SHA-512") {
    Replace(kManifest512, Hash512Of("sealed") + "  data/1.age\n", "");
    const auto problems = Unwrap(CheckBag(bag)).problems;
    REQUIRE(problems.size() == 2);
    CHECK(problems[0].file == "data/1.age");
    CHECK(problems[0].message == "is listed with its SHA-256 alone");
    CHECK(problems[1].file == kManifest512);
  }
  SECTION("a tag file, without its SHA-512") {
    Replace(kTagManifest512, Hash512Of("entry") + "  proof/1.entry\n", "");
    CheckProblem("proof/1.entry", "is listed with its SHA-256 alone");
  }
  SECTION("a file that is not there, with its SHA-512") {
    AppendTo(kTagManifest512, Hash512Of("") + "  proof/2.entry\n");
    CheckProblem("proof/2.entry", "is missing");
  }
  SECTION("another SHA-512") {
    Replace(kTagManifest512, Hash512Of("entry"), Hash512Of("Entry"));
    CheckProblem("proof/1.entry", "is not what the manifest says: its SHA-512 is " + Hash512Of("entry"));
  }
  SECTION("a SHA-256 in the place of a SHA-512") {
    Replace(kTagManifest512, Hash512Of("entry"), HashOf("entry"));
    CheckFinds("tagmanifest-sha512.txt: line 5: not a hash and a name");
  }
  SECTION("no manifest of SHA-512") {
    std::filesystem::remove(bag / GENERATE(as<std::string>(), "manifest-sha512.txt", "tagmanifest-sha512.txt"));
    CheckFinds("manifest-sha512.txt");
  }
}

TEST_CASE_METHOD(BagFixture, "what is no bag is said to be none", "[bag]") {
  CHECK_FAILS(CheckBag(folder.path() / "nothing"), ErrorCode::kNotFound, "nothing is not a folder");
  CHECK_FAILS(CheckBag(bag / "bagit.txt"), ErrorCode::kNotFound, "bagit.txt is not a folder");
  CHECK_FAILS(CheckBag(bag / "data"), ErrorCode::kInvalid, "is not a bag of BagIt 1.0");
  CHECK_FAILS(CheckBag(folder.path()), ErrorCode::kInvalid, "is not a bag of BagIt 1.0");
  CHECK(CheckBag(folder.path()).error().hint.find("the bag in it is ") == 0);
  const std::string bagit = Read("bagit.txt");
  for (const std::string other :
       {"", "BagIt-Version: 0.97\nTag-File-Character-Encoding: UTF-8\n",
        "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-16\n",
        "BagIt-Version: 1.0\r\nTag-File-Character-Encoding: UTF-8\r\n", "BagIt-Version: 1.0\n"}) {
    CAPTURE(other);
    Write("bagit.txt", other);
    CheckFinds("bagit.txt: ");
  }
  Write("bagit.txt", bagit + std::string(10'000, '\n'));
  CheckFinds("bagit.txt: ");
  Write("bagit.txt", bagit);
  std::filesystem::remove(bag / kManifest);
  CheckFinds(std::string(kManifest) + ": is missing");
  std::filesystem::remove(bag / "bagit.txt");
  CheckFinds("bagit.txt: is missing");
  Write("bagit.txt", bagit);
  std::filesystem::remove(bag / "bundle.note");
  CHECK_FAILS(CheckBag(bag), ErrorCode::kInvalid, "is a BagIt bag, but not an exhibit bundle");
}

TEST_CASE_METHOD(BagFixture, "a Payload-Oxum that is not so is found, however its label is written", "[bag]") {
  const std::string before = HashOf(Read("bag-info.txt"));
  const std::string before512 = Hash512Of(Read("bag-info.txt"));
  AppendTo("bag-info.txt", std::string(GENERATE("Payload-Oxum: 9.9", "payload-oxum:9.9", "PAYLOAD-OXUM: ")) + "\n");
  Replace(kTagManifest, before, HashOf(Read("bag-info.txt")));
  Replace(kTagManifest512, before512, Hash512Of(Read("bag-info.txt")));
  const auto problems = Unwrap(CheckBag(bag)).problems;
  REQUIRE(problems.size() == 1);
  CHECK(problems.front().file == "bag-info.txt");
  CHECK(problems.front().message.find("states a payload of ") != std::string::npos);
}

TEST_CASE("who made a bag need not hash its large files by SHA-512 again", "[bag]") {
  const TemporaryFolder folder;
  BagWriter writer(folder.path());
  Bytes large(bundle::kLargeFileBytes, 7);
  REQUIRE_OK(writer.WriteWhole("data/large", large));
  REQUIRE_OK(writer.WriteWhole("data/small", ViewOf("one")));
  REQUIRE_OK(writer.Close({}));
  WriteText(folder.path() / "bundle.note", "note");
  bundle::HashesByName written = writer.large_files();
  REQUIRE(written.size() == 1);
  CHECK(ToHex(written.at("data/large").sha512.view()) == Hash512Of(TextOf(large)));
  Pool pool(2);
  const auto problems = [&] {
    const bundle::BagManifests manifests = Unwrap(bundle::ReadBag(folder.path()));
    const bundle::BagFiles files = Unwrap(bundle::ListBag(folder.path(), [](std::string_view) { return false; }));
    return Unwrap(bundle::CheckBag(folder.path(), manifests, files, pool, nullptr, &written)).problems;
  };
  CHECK(problems().empty());

  SECTION("what is known is compared with the manifest") {
    written.at("data/large").sha512 = {};
    const auto found = problems();
    REQUIRE(found.size() == 1);
    CHECK(found[0].message == "is not what the manifest says: its SHA-512 is " + std::string(128, '0'));
  }
  SECTION("a file that was changed since is seen, and hashed anew") {
    large.back() ^= 1;
    WriteText(folder.path() / "data/large", TextOf(large));
    const auto found = problems();
    REQUIRE(found.size() == 1);
    CHECK(found[0].message.starts_with("is not what the manifest says: its SHA-256 is "));
    written.at("data/large").sha256 = {};
    CHECK(problems().size() == 1);
  }
}

}  // namespace exhibit::testing
