// Goal: a bundle proves itself to who has nothing else, by whichever path it is reached; what was changed of one item leaves
// the others.
#include <thread>

#include "tests/bundle/bundle_fixture.h"

namespace exhibit::testing {

TEST_CASE_METHOD(BundleFixture, "a plain bundle verifies with nothing but itself", "[bundle]") {
  const auto folder = Export("plain", {{1}, {2}});
  CHECK(FilesOf(folder) == std::vector<std::string>{"VERIFY.txt", "bag-info.txt", "bagit.txt", "bundle.note",
                                                    "data/fs01/logs/a.log", "data/fs01/logs/b.txt", "log/checkpoint",
                                                    "log/entries", "log/fields", "log/files", "log/hashes",
                                                    "manifest-sha256.txt", "tagmanifest-sha256.txt"});
  CHECK(ReadText(folder / "data/fs01/logs/a.log") == "one\ntwo\n");
  CHECK(ReadText(folder / "log/files") == "1  fs01/logs/a.log\n2  fs01/logs/b.txt\n");

  const auto report = Check(folder);
  INFO(Everything(report));
  CHECK(report.ok());
  CHECK(report.depth == verify::Depth::kContent);
  CHECK(report.entries == 5);  // genesis, two items, and the two acts of the export
  CHECK(report.items == 0);    // sealed files
  CHECK(report.contents == 2);
  CHECK(report.content_bytes == 14);
  CHECK(report.evidence == 2);
  CHECK(report.not_here.empty());
  CHECK(report.head == reader->head());
  CHECK(report.fingerprint == reader->fingerprint());
}

TEST_CASE_METHOD(BundleFixture, "a sealed bundle says what it could not check", "[bundle]") {
  const seal::Identity friends = seal::X25519Identity::Generate();
  const seal::Identity second = seal::X25519Identity::Generate();
  const auto folder =
      Export("sealed", {{1}, {2}}, {Unwrap(seal::RecipientOf(friends)), Unwrap(seal::RecipientOf(second))});

  SECTION("without an identity: everything but content") {
    const auto report = Check(folder);
    INFO(Everything(report));
    CHECK(report.ok());
    CHECK(report.depth == verify::Depth::kSealed);
    CHECK(report.items == 2);
    CHECK(report.contents == 0);
  }
  SECTION("with either receiver's identity: content, too") {
    for (const auto* const identity : {&friends, &second}) {
      const auto report = Check(folder, {.identities = {identity, 1}});
      INFO(Everything(report));
      CHECK(report.ok());
      CHECK(report.depth == verify::Depth::kContent);
      CHECK(report.contents == 2);
      CHECK(report.content_bytes == 14);
    }
  }
  SECTION("with a stranger's identity it does not open, and is not called checked, nor changed") {
    const seal::Identity stranger = seal::X25519Identity::Generate();
    const auto report = Check(folder, {.identities = {&stranger, 1}});
    CHECK(report.ok());
    CHECK(verify::OpensNothing(report));
    CHECK(report.depth == verify::Depth::kSealed);
    CHECK(report.unopened == std::vector<tlog::Sequence>{{1}, {2}});
  }
  SECTION("not even the vault's own key opens it") {
    const VaultKeys keys = VaultKey();
    CHECK(verify::OpensNothing(Check(folder, {.identities = keys})));
  }
  SECTION("a wrong key hides no change") {
    const seal::Identity stranger = seal::X25519Identity::Generate();
    std::string sealed = ReadText(folder / "data/2.age");
    sealed.back() = static_cast<char>(sealed.back() ^ 1);
    WriteText(folder / "data/2.age", sealed);
    const auto report = Check(folder, {.identities = {&stranger, 1}});
    CHECK(Names(report, Property::kPayload, 2));
    CHECK(report.failed_items == std::vector<tlog::Sequence>{{2}});
  }
  SECTION("it tells no name, no content, and nothing of what for") {
    for (const std::string& name : FilesOf(folder)) {
      CAPTURE(name);
      CHECK(name.find("a.log") == std::string::npos);
      const std::string text = ReadText(folder / name);
      for (const char* const word : {"a.log", "one\ntwo", "AGE-SECRET-KEY", "\"purpose\",\"", "fs01"})
        CHECK(text.find(word) == std::string::npos);
    }
  }
}

TEST_CASE("an item of many blocks comes out whole, and a change in it is found", "[bundle]") {
  const std::string large = Noise(3'500'000);
  BundleFixture vault(Items{{"disk.img", large}, {"empty", ""}});
  const auto folder = vault.Export("plain", {{1}, {2}});
  CHECK(HashOf(ReadText(folder / "data/1")) == HashOf(large));
  CHECK(ReadText(folder / "data/fs01/logs/empty").empty());
  CHECK(vault.Check(folder).ok());
  Flip(folder / "data/1");
  const auto report = vault.Check(folder);
  CHECK(Names(report, Property::kContent, 1));
  CHECK(report.failed_items == std::vector<tlog::Sequence>{{1}});
  CHECK(report.contents == 1);  // the other one
}

TEST_CASE_METHOD(BundleFixture, "a bundle is the same by whichever path it is reached", "[bundle]") {
  const auto folder = Export("plain", {{1}});
  fs::create_directory_symlink(folder, path() / "link");
  const auto other_ways = {fs::path(folder.native() + "/"),
                           fs::path(folder.native() + "//"),
                           path() / "." / "plain",
                           folder / "data" / "..",
                           path() / "link",
                           fs::relative(folder)};
  for (const fs::path& way : other_ways) {
    CAPTURE(way);
    const auto report = Check(way);
    INFO(Everything(report));
    CHECK(report.ok());
    CHECK(report.contents == 1);
  }
}

TEST_CASE("a check that is interrupted accuses nobody", "[bundle]") {
  BundleFixture vault(Items{{"disk.img", Noise(6'000'000)}});
  const auto folder = vault.Export("plain", {{1}});
  const std::atomic<bool> already{true};
  CHECK_FAILS(bundle::VerifyBundle(folder, {.interrupted = &already}, vault.pool()), ErrorCode::kInterrupted,
              "interrupted");

  // Wherever it is reached: the check said so, or was done.
  int interrupted = 0;
  const auto begin = std::chrono::steady_clock::now();
  REQUIRE(vault.Check(folder).ok());
  const auto whole = std::chrono::steady_clock::now() - begin;
  constexpr int kSteps = 40;
  for (int step = 0; step < kSteps; ++step) {
    std::atomic<bool> flag{false};
    std::thread user([&, step] {
      std::this_thread::sleep_for(whole * step / kSteps);
      flag = true;
    });
    const auto report = bundle::VerifyBundle(folder, {.interrupted = &flag}, vault.pool());
    user.join();
    CAPTURE(step);
    if (report) {
      INFO(Everything(*report));
      CHECK(report->ok());
    } else {
      CHECK(report.error().code == ErrorCode::kInterrupted);
      ++interrupted;
    }
  }
  CHECK(interrupted > 0);
}

TEST_CASE_METHOD(BundleFixture, "what speaks against one item, a page or the log is told apart", "[bundle]") {
  REQUIRE_OK(ExportFrom(*reader,
                        {.target = path() / "plain", .items = {{1}, {2}}, .digests = bundle::Digests::kSha256And512}));
  const auto folder = path() / "plain";
  const auto change = [&](const std::string& name, const std::string& from, const std::string& to) {
    std::string text = ReadText(folder / name);
    const std::size_t at = text.rfind(from);
    REQUIRE(at != std::string::npos);
    WriteText(folder / name, text.replace(at, from.size(), to));
  };
  SECTION("a page for people") {
    Flip(folder / "VERIFY.txt");
    const auto report = Check(folder);
    INFO(Everything(report));
    REQUIRE(report.findings.size() == 1);
    CHECK(report.findings.front().property == Property::kCompanion);
    CHECK(report.failed_items.empty());
    CHECK(report.contents == 2);
  }
  SECTION("an original that is gone") {
    fs::remove(folder / "data/fs01/logs/b.txt");
    const auto report = Check(folder);
    INFO(Everything(report));
    CHECK(report.findings.size() == 1);
    CHECK(report.failed_items == std::vector<tlog::Sequence>{{2}});
  }
  SECTION("what is told of an item") {
    change("log/fields", "logs/b.txt", "logs/c.txt");
    const auto report = Check(folder);
    INFO(Everything(report));
    CHECK(Names(report, Property::kFields, 2));
    CHECK(report.failed_items == std::vector<tlog::Sequence>{{2}});
    CHECK(report.contents == 1);
  }
  SECTION("an entry, whose signature does not fit then") {
    std::string entries = ReadText(folder / "log/entries");
    const std::size_t second = entries.find("\"seq\":2,");
    const std::size_t header = entries.find("\"header\":\"", second) + 10;
    entries[header] = entries[header] == 'a' ? 'b' : 'a';
    WriteText(folder / "log/entries", entries);
    const auto report = Check(folder);
    INFO(Everything(report));
    CHECK(Names(report, Property::kSignature, 2));
    CHECK(Names(report, Property::kTree));
    CHECK(report.failed_items == std::vector<tlog::Sequence>{{2}});
  }
  SECTION("a list, without which the rest is still compared with the other one") {
    WriteText(folder / "manifest-sha512.txt", "not a list\n");
    Flip(folder / "data/fs01/logs/a.log");
    const auto report = Check(folder);
    CHECK(Says(report, "manifest-sha512.txt line 1: not a hash and a name"));
    CHECK(Says(report, "data/fs01/logs/a.log is not what the manifest says"));
    CHECK(report.failed_items == std::vector<tlog::Sequence>{{1}});
  }
}

TEST_CASE_METHOD(BundleFixture, "a fingerprint that was brought decides which vault it is", "[bundle]") {
  const auto folder = Export("plain", {{1}});
  CHECK(Check(folder, {.fingerprint = reader->fingerprint()}).ok());
  custody::Fingerprint other = reader->fingerprint();
  other.mutable_view()[31] ^= 1;
  const auto report = Check(folder, {.fingerprint = other});
  CHECK(Names(report, Property::kGenesis, 0));
  CHECK(Says(report, "this is of another vault: its fingerprint is " + ToHex(reader->fingerprint().view())));
  CHECK(report.findings.size() == 1);
}

TEST_CASE_METHOD(BundleFixture, "what is no bundle is said to be none", "[bundle]") {
  CHECK_FAILS(bundle::VerifyBundle(path() / "nothing", {}, pool()), ErrorCode::kNotFound, "does not exist");
  CHECK_FAILS(bundle::VerifyBundle(vault(), {}, pool()), ErrorCode::kInvalid, "is not a bag");
  const auto folder = Export("plain", {{1}});
  fs::remove(folder / "log/entries");
  CHECK(Says(Check(folder), "no entry is told"));
  fs::remove_all(folder / "data");
  CHECK_FALSE(Check(folder).ok());
}

TEST_CASE_METHOD(BundleFixture, "a bundle is private to who made it until it is handed over", "[bundle]") {
  const auto folder = Export("plain", {{1}});
  const auto mode = [](const fs::path& file) { return fs::status(file).permissions(); };
  CHECK((mode(folder) & (fs::perms::group_all | fs::perms::others_all)) == fs::perms::none);
  CHECK(mode(folder / "log/fields") == (fs::perms::owner_read | fs::perms::owner_write));
  CHECK(mode(folder / "data/fs01/logs/a.log") == (fs::perms::owner_read | fs::perms::owner_write));
}

}  // namespace exhibit::testing
