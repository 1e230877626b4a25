// Goal: a bundle proves itself to who has nothing else, by whichever path it is reached.
#include <thread>

#include "tests/bundle/bundle_fixture.h"
#include "vault/seal/age_file.h"
#include "vault/seal/frames.h"

namespace exhibit::testing {

TEST_CASE_METHOD(BundleFixture, "a plain bundle verifies with nothing but itself", "[bundle]") {
  const auto folder = Export("plain", {{1}, {2}});
  CHECK(FilesOf(folder) == std::vector<std::string>{"VERIFY.txt",
                                                    "bag-info.txt",
                                                    "bagit.txt",
                                                    "bundle.note",
                                                    "certificate.txt",
                                                    "custody.jsonld",
                                                    "data/1-a.log",
                                                    "data/1.age",
                                                    "data/2-b.txt",
                                                    "data/2.age",
                                                    "items.csv",
                                                    "manifest-sha256.txt",
                                                    "manifest-sha512.txt",
                                                    "omissions.json",
                                                    "proof/0.entry",
                                                    "proof/0.tlog-proof",
                                                    "proof/1.entry",
                                                    "proof/1.header",
                                                    "proof/1.metadata.json",
                                                    "proof/1.tlog-proof",
                                                    "proof/2.entry",
                                                    "proof/2.header",
                                                    "proof/2.metadata.json",
                                                    "proof/2.tlog-proof",
                                                    "proof/identity.txt",
                                                    "proof/log.vkey",
                                                    "report.html",
                                                    "tagmanifest-sha256.txt",
                                                    "tagmanifest-sha512.txt"});
  CHECK(ReadText(folder / "data/1-a.log") == "one\ntwo\n");
  CHECK(ReadText(folder / "data/2-b.txt") == "three\n");

  const auto report = Check(folder);
  INFO(Everything(report));
  CHECK(report.ok());
  CHECK(report.depth == verify::Depth::kContent);
  CHECK(report.entries == 3);
  CHECK(report.items == 2);
  CHECK(report.contents == 2);
  CHECK(report.content_bytes == 14);
  CHECK(report.head == reader->head());
  CHECK(report.fingerprint == reader->fingerprint());
}

TEST_CASE_METHOD(BundleFixture, "a sealed bundle says what it could not check", "[bundle]") {
  const auto friends = seal::X25519Identity::Generate();
  const auto second = seal::X25519Identity::Generate();
  const auto folder = Export("sealed", {{1}, {2}}, {friends.recipient(), second.recipient()});

  SECTION("without an identity: everything but content") {
    const auto report = Check(folder);
    INFO(Everything(report));
    CHECK(report.ok());
    CHECK(report.depth == verify::Depth::kSealed);
    CHECK(report.items == 2);
    CHECK(report.contents == 0);
    CHECK(report.content_bytes == 0);
  }
  SECTION("with either receiver's identity: content, too") {
    for (const auto* const identity : {&friends, &second}) {
      const auto report = Check(folder, {{}, std::span(identity, 1), nullptr});
      INFO(Everything(report));
      CHECK(report.ok());
      CHECK(report.depth == verify::Depth::kContent);
      CHECK(report.contents == 2);
      CHECK(report.content_bytes == 14);
    }
  }
  SECTION("with a stranger's identity it does not open, and is not called checked, nor changed") {
    const auto stranger = seal::X25519Identity::Generate();
    const auto report = Check(folder, {{}, std::span(&stranger, 1), nullptr});
    CHECK(report.ok());
    CHECK(verify::OpensNothing(report));
    CHECK(report.depth == verify::Depth::kSealed);
    CHECK(report.unopened == std::vector<tlog::Sequence>{{1}, {2}});
    CHECK(report.contents == 0);
  }
  SECTION("not even the vault's own key opens it") {
    const auto vault_key = VaultKey();
    CHECK(verify::OpensNothing(Check(folder, {{}, vault_key, nullptr})));
  }
  SECTION("a wrong key hides no change") {
    const auto stranger = seal::X25519Identity::Generate();
    std::string sealed = ReadText(folder / "data/2.age");
    sealed.back() = static_cast<char>(sealed.back() ^ 1);
    WriteText(folder / "data/2.age", sealed);
    const auto report = Check(folder, {{}, std::span(&stranger, 1), nullptr});
    CHECK(Names(report, Property::kPayload, 2));
    CHECK(report.failed_items == std::vector<tlog::Sequence>{{2}});
  }
  SECTION("it holds nothing that can be read") {
    for (const std::string& name : FilesOf(folder)) {
      CAPTURE(name);
      CHECK(name.find("a.log") == std::string::npos);
      const std::string text = ReadText(folder / name);
      CHECK(text.find("a.log") == std::string::npos);
      CHECK(text.find("one\ntwo") == std::string::npos);
      CHECK(text.find("AGE-SECRET-KEY") == std::string::npos);
    }
  }
}

TEST_CASE_METHOD(BundleFixture, "each plain bundle has an identity of its own, which opens nothing else", "[bundle]") {
  const auto first = Export("first", {{1}});
  const auto second = Export("second", {{1}});
  const std::string identity = ReadText(first / "proof/identity.txt");
  CHECK(identity != ReadText(second / "proof/identity.txt"));
  WriteText(second / "proof/identity.txt", identity);
  const auto report = CheckForged(second);
  CHECK(Names(report, Property::kSealed, 1));
  CHECK(report.contents == 0);
  const auto identities = Unwrap(seal::ParseIdentityFile(identity));
  const Bytes in_vault = Unwrap(reader->ReadHeader({1}));
  CHECK_FAILS(seal::OpenHeader(Unwrap(seal::ParseHeader(in_vault)).header, identities), ErrorCode::kDenied,
              "not sealed to");
}

TEST_CASE("an item of many blocks comes out whole, and a changed block is named", "[bundle]") {
  const std::string large = Noise(3'500'000);
  BundleFixture vault(Items{{"disk.img", large}, {"empty", ""}});
  const auto folder = vault.Export("plain", {{1}, {2}});
  CHECK(HashOf(ReadText(folder / "data/1-disk.img")) == HashOf(large));
  CHECK(ReadText(folder / "data/2-empty").empty());
  CHECK(vault.Check(folder).ok());

  std::string sealed = ReadText(folder / "data/1.age");
  const std::size_t middle = sealed.size() / 2;  // in block 2: a block is 1,048,832 bytes
  sealed[middle] = static_cast<char>(sealed[middle] ^ 1);
  WriteText(folder / "data/1.age", sealed);
  const auto report = vault.CheckForged(folder);
  CHECK(Names(report, Property::kPayload, 1));
  CHECK(std::ranges::any_of(report.findings, [](const auto& finding) {
    return finding.property == Property::kSealed && finding.block == 2 && finding.entry == tlog::Sequence{1};
  }));
  CHECK(report.contents == 1);  // the other one
}

TEST_CASE("a name is made safe for the bag and stands true in the metadata", "[bundle]") {
  BundleFixture vault(Items{{"é %0A\n\x1b[2J.log", "one"}});
  const auto folder = vault.Export("plain", {{1}});
  CHECK(fs::exists(folder / "data/1-____0A___2J.log"));
  CHECK(vault.Check(folder).ok());
  const auto metadata = Unwrap(seal::DecodeMetadata(ReadText(folder / "proof/1.metadata.json")));
  CHECK(metadata.name == "é %0A\n\x1b[2J.log");
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

TEST_CASE_METHOD(BundleFixture, "the same item asked for twice is there once", "[bundle]") {
  const auto folder = Export("plain", {{2}, {1}, {2}, {2}});
  CHECK(FilesOf(folder) == FilesOf(Export("once", {{1}, {2}})));
  const auto report = Check(folder);
  CHECK(report.ok());
  CHECK(report.items == 2);
}

TEST_CASE("a check that is interrupted accuses nobody", "[bundle]") {
  BundleFixture vault(Items{{"disk.img", Noise(6'000'000)}});
  const auto folder = vault.Export("plain", {{1}});
  const std::atomic<bool> already{true};
  CHECK_FAILS(bundle::VerifyBundle(folder, {{}, {}, &already}, vault.pool()), ErrorCode::kInterrupted, "interrupted");

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
    const auto report = bundle::VerifyBundle(folder, {{}, {}, &flag}, vault.pool());
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

TEST_CASE_METHOD(BundleFixture, "what speaks against one item, a page or a list is told apart", "[bundle]") {
  const auto folder = Export("plain", {{1}, {2}});
  const auto flip = [&](const std::string& name) {
    std::string text = ReadText(folder / name);
    text[text.size() / 2] = static_cast<char>(text[text.size() / 2] ^ 1);
    WriteText(folder / name, text);
  };
  const auto only = [](const verify::Report& report, Property property) {
    return !report.findings.empty() &&
           std::ranges::all_of(report.findings, [&](const auto& one) { return one.property == property; });
  };
  SECTION("nothing") {
    const auto report = Check(folder);
    CHECK(report.evidence == 2);
    CHECK(report.failed_items.empty());
    CHECK(report.not_here.empty());
  }
  SECTION("a page for people") {
    flip(GENERATE(as<std::string>(), "report.html", "certificate.txt", "items.csv", "custody.jsonld", "bag-info.txt",
                  "omissions.json"));
    const auto report = Check(folder);
    INFO(Everything(report));
    CHECK(only(report, Property::kCompanion));
    CHECK(report.failed_items.empty());
    CHECK(report.contents == 2);
  }
  SECTION("a page that is gone") {
    fs::remove(folder / "report.html");
    CHECK(only(Check(folder), Property::kCompanion));
  }
  SECTION("any file of an item") {
    flip(GENERATE(as<std::string>(), "data/2.age", "data/2-b.txt", "proof/2.entry", "proof/2.header",
                  "proof/2.metadata.json", "proof/2.tlog-proof"));
    const auto report = Check(folder);
    INFO(Everything(report));
    CHECK(report.evidence == 2);
    CHECK(report.failed_items == std::vector<tlog::Sequence>{{2}});
    CHECK(std::ranges::all_of(report.findings, [](const auto& one) { return one.entry == tlog::Sequence{2}; }));
  }
  SECTION("a list, without which the rest is still compared with the other one") {
    WriteText(folder / "manifest-sha512.txt", "not a list\n");
    flip("data/1-a.log");
    const auto report = Check(folder);
    CHECK(Says(report, "manifest-sha512.txt line 1: not a hash and a name"));
    CHECK(Says(report, "data/1-a.log is not what the manifest says"));
    CHECK(report.failed_items == std::vector<tlog::Sequence>{{1}});
  }
}

TEST_CASE("what a bundle does not hold is named over the whole log", "[bundle]") {
  BundleFixture vault(Items{{"a", "1"}, {"b", "2"}, {"c", "3"}, {"d", "4"}, {"e", "5"}});
  const auto report = vault.Check(vault.Export("plain", {{2}, {4}}));
  CHECK(report.not_here == std::vector<tlog::SequenceRange>{{{1}, {1}}, {{3}, {3}}, {{5}, {5}}});
}

TEST_CASE_METHOD(BundleFixture, "what is no bundle is said to be none", "[bundle]") {
  CHECK_FAILS(bundle::VerifyBundle(path() / "nothing", {}, pool()), ErrorCode::kNotFound, "is not a folder");
  CHECK_FAILS(bundle::VerifyBundle(vault(), {}, pool()), ErrorCode::kInvalid, "is not a bag");
  const auto folder = Export("plain", {{1}});
  fs::remove(folder / "proof/0.entry");
  CHECK(Names(CheckForged(folder), Property::kEntry, 0));
  fs::remove_all(folder / "data");
  CHECK_FALSE(CheckForged(folder).ok());
}

TEST_CASE_METHOD(BundleFixture, "a bag of ours that holds no item proves nothing, and says so", "[bundle]") {
  const auto folder = Export("plain", {{1}});
  for (const std::string& name : FilesOf(folder)) {
    if (fs::path(name).filename().native().starts_with("1")) fs::remove(folder / name);
  }
  CHECK(Says(CheckForged(folder), "the bundle holds no item"));
}

TEST_CASE_METHOD(BundleFixture, "a bundle is private to who made it until it is handed over", "[bundle]") {
  const auto folder = Export("plain", {{1}});
  const auto mode = [](const fs::path& file) { return fs::status(file).permissions(); };
  CHECK((mode(folder) & (fs::perms::group_all | fs::perms::others_all)) == fs::perms::none);
  CHECK(mode(folder / "proof/identity.txt") == (fs::perms::owner_read | fs::perms::owner_write));
  CHECK(mode(folder / "data/1-a.log") == (fs::perms::owner_read | fs::perms::owner_write));
}

}  // namespace exhibit::testing
