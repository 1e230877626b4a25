// Goal: a bag is whole or says what is wrong with it. Method: a bag written, and then each way in which its files can be
// other than listed. That stock tools agree is for the end-to-end tests; bag_lists_test.cc is of the lists themselves.
#include "vault/bundle/bag.h"

#include <sys/stat.h>
#include <unistd.h>

#include "tests/bundle/bag_fixture.h"
#include "tests/support/without_rights.h"
#include "vault/bundle/layout.h"

namespace exhibit::testing {

using bundle::BagWriter;

TEST_CASE_METHOD(BagFixture, "a bag is written as RFC 8493 has it", "[bag]") {
  CHECK(Read("bagit.txt") == "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n");
  CHECK(Read("bag-info.txt") == "Source-Organization: Tester\nPayload-Oxum: 14.2\n");
  CHECK(Read(kManifest) == HashOf("one\ntwo\n") + "  data/1-a.log\n" + HashOf("sealed") + "  data/1.age\n");
  CHECK(Read(kTagManifest) == HashOf(Read("bag-info.txt")) + "  bag-info.txt\n" + HashOf(Read("bagit.txt")) +
                                  "  bagit.txt\n" + HashOf(Read(kManifest)) + "  manifest-sha256.txt\n" +
                                  HashOf(Read(kManifest512)) + "  manifest-sha512.txt\n" + HashOf("policy") +
                                  "  policy.txt\n");
  CHECK(Read(kManifest512) == Hash512Of("one\ntwo\n") + "  data/1-a.log\n" + Hash512Of("sealed") + "  data/1.age\n");
  CHECK(Read(kTagManifest512) == Hash512Of(Read("bag-info.txt")) + "  bag-info.txt\n" + Hash512Of(Read("bagit.txt")) +
                                     "  bagit.txt\n" + Hash512Of(Read(kManifest)) + "  manifest-sha256.txt\n" +
                                     Hash512Of(Read(kManifest512)) + "  manifest-sha512.txt\n" + Hash512Of("policy") +
                                     "  policy.txt\n");
  CHECK(Unwrap(CheckBag(bag)).problems.empty());
}

TEST_CASE("a file that is written by pieces has the hash of the whole", "[bag]") {
  const TemporaryFolder folder;
  BagWriter writer(folder.path());
  auto file = Unwrap(writer.Create("data/1.age"));
  for (const std::string piece : {"on", "", "e\n"}) REQUIRE_OK(file.Write(ViewOf(piece)));
  REQUIRE_OK(writer.Finish(std::move(file)));
  REQUIRE_OK(writer.WriteWhole("data/2.age", {}));
  REQUIRE_OK(writer.WriteWhole("policy.txt", {}));
  REQUIRE_OK(writer.ClosePayload());
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
  REQUIRE_OK(writer.WriteWhole("policy.txt", {}));
  REQUIRE_OK(writer.ClosePayload());
  REQUIRE_OK(writer.Close({{"Source-Organization", "A\nPayload-Oxum: 9.9\r\x1b[2J"}}));
  CHECK(ReadText(folder.path() / "bag-info.txt") ==
        "Source-Organization: A\\nPayload-Oxum: 9.9\\r\\x1b[2J\nPayload-Oxum: 0.1\n");
}

TEST_CASE_METHOD(BagFixture, "a file that is missing, changed or additional is named", "[bag]") {
  SECTION("missing payload") {
    std::filesystem::remove(bag / "data/1.age");
    CheckProblem("data/1.age", "is missing");
  }
  SECTION("a missing tag file") {
    std::filesystem::remove(bag / "policy.txt");
    CheckProblem("policy.txt", "is missing");
  }
  SECTION("missing bag-info.txt") {
    std::filesystem::remove(bag / "bag-info.txt");
    CheckProblem("bag-info.txt", "is missing");
  }
  SECTION("changed") {
    Write("data/1.age", "Sealed");
    CheckProblem("data/1.age", "is not what the manifest says: its SHA-256 is " + HashOf("Sealed"));
  }
  SECTION("a byte longer") {
    AppendTo("policy.txt", "x");
    CheckProblem("policy.txt", "is not what the manifest says");
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
  std::filesystem::remove(bag / "policy.txt");
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

TEST_CASE_METHOD(BagFixture, "what an operating system leaves is named, and no problem", "[bag]") {
  const auto foreign = [&] { return Unwrap(bundle::ListBag(bag, [](std::string_view) { return false; })).foreign; };
  Write(".DS_Store", "x");
  Write("data/Thumbs.db", "x");
  Write("lost+found/5", "x");
  std::filesystem::create_directories(bag / "log/empty/emptier");
  CHECK(Problems().empty());
  CHECK(foreign() == std::vector<std::string>{".DS_Store", "data/Thumbs.db", "log/empty/emptier/", "lost+found/5"});

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

TEST_CASE_METHOD(BagFixture, "what is no bag is said to be none", "[bag]") {
  CHECK_FAILS(CheckBag(folder.path() / "nothing"), ErrorCode::kNotFound, "nothing does not exist");
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

TEST_CASE_METHOD(BagFixture, "a Payload-Oxum may have blanks around it, and CRLF behind", "[bag]") {
  const std::string before = HashOf(Read("bag-info.txt"));
  const std::string before512 = Hash512Of(Read("bag-info.txt"));
  AppendTo("bag-info.txt", "Payload-Oxum: \t14.2 \r\n");
  Replace(kTagManifest, before, HashOf(Read("bag-info.txt")));
  Replace(kTagManifest512, before512, Hash512Of(Read("bag-info.txt")));
  CHECK(Problems().empty());
}

TEST_CASE("who made a bag need not hash its large files by SHA-512 again", "[bag]") {
  const TemporaryFolder folder;
  BagWriter writer(folder.path(), bundle::Digests::kSha256And512);
  Bytes large(bundle::kLargeFileBytes, 7);
  REQUIRE_OK(writer.WriteWhole("data/large", large));
  REQUIRE_OK(writer.WriteWhole("data/small", ViewOf("one")));
  REQUIRE_OK(writer.ClosePayload());
  REQUIRE_OK(writer.Close({}));
  WriteText(folder.path() / "bundle.note", "note");
  bundle::HashesByName written = writer.large_files();
  REQUIRE(written.size() == 1);
  CHECK(ToHex(written.at("data/large").sha512->view()) == Hash512Of(TextOf(large)));
  Pool pool(2);
  const auto problems = [&] {
    const bundle::BagManifests manifests = Unwrap(bundle::ReadBag(folder.path()));
    const bundle::BagFiles files = Unwrap(bundle::ListBag(folder.path(), [](std::string_view) { return false; }));
    return Unwrap(bundle::CheckBag(folder.path(), manifests, files, pool, nullptr, &written)).problems;
  };
  CHECK(problems().empty());

  SECTION("what is known is compared with the manifest") {
    written.at("data/large").sha512 = crypto::Sha512Digest();
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
