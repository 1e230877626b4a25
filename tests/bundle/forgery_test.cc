// Goal: whatever a sender makes of a bundle is found by who receives it.
// Method: a real vault's export, forged file by file; a forger makes the manifests fit, so nothing
// here is found by them unless the test says so.
#include "tests/bundle/bundle_fixture.h"
#include "vault/seal/age_file.h"
#include "vault/tlog/tlog_proof.h"

namespace exhibit::testing {

TEST_CASE_METHOD(BundleFixture, "a fingerprint that was brought decides which vault it is", "[bundle]") {
  const auto folder = Export("plain", {{1}});
  CHECK(Check(folder, {reader->fingerprint(), {}, nullptr}).ok());
  custody::Fingerprint other = reader->fingerprint();
  other.mutable_view()[31] ^= 1;
  const auto report = Check(folder, {other, {}, nullptr});
  CHECK(Names(report, Property::kGenesis, 0));
  CHECK(Says(report, "this is of another vault: its fingerprint is " + ToHex(reader->fingerprint().view())));
  CHECK(report.findings.size() == 1);
}

TEST_CASE_METHOD(BundleFixture, "a forger's own vault of the same name is found by the fingerprint alone", "[bundle]") {
  const auto expected = reader->fingerprint();
  BundleFixture forger;  // the same origin, the same names
  const auto folder = forger.Export("plain", {{1}});
  CHECK(forger.Check(folder).ok());
  CHECK(Names(forger.Check(folder, {expected, {}, nullptr}), Property::kGenesis, 0));
}

TEST_CASE_METHOD(BundleFixture, "an entry of another vault is refused by its signer and its proof", "[bundle]") {
  const auto folder = Export("plain", {{1}});
  BundleFixture other;
  const auto theirs = other.Export("plain", {{1}});
  SECTION("the entry") {
    fs::copy_file(theirs / "proof/1.entry", folder / "proof/1.entry", fs::copy_options::overwrite_existing);
    const auto report = CheckForged(folder);
    CHECK(Names(report, Property::kChain, 1));
    CHECK(Says(report, "is not admitted to this vault"));
    CHECK(Names(report, Property::kTree, 1));
  }
  SECTION("all of the item") {
    for (const char* const name : {"proof/1.entry", "proof/1.header", "proof/1.tlog-proof", "proof/1.metadata.json",
                                   "data/1.age", "data/1-a.log"}) {
      fs::copy_file(theirs / name, folder / name, fs::copy_options::overwrite_existing);
    }
    const auto report = CheckForged(folder);
    CHECK(Names(report, Property::kChain, 1));
    CHECK(Names(report, Property::kTree, 1));
  }
  SECTION("the genesis") {
    fs::copy_file(theirs / "proof/0.entry", folder / "proof/0.entry", fs::copy_options::overwrite_existing);
    const auto report = CheckForged(folder, {reader->fingerprint(), {}, nullptr});
    CHECK(Names(report, Property::kGenesis, 0));
    CHECK(Names(report, Property::kTree, 0));
    CHECK(Says(report, "proof/log.vkey is not the log key that the genesis names"));
  }
  SECTION("the log's key") {
    fs::copy_file(theirs / "proof/log.vkey", folder / "proof/log.vkey", fs::copy_options::overwrite_existing);
    CHECK(Says(CheckForged(folder), "proof/log.vkey is not the log key that the genesis names"));
  }
  SECTION("made for another origin by the same custodian") {
    custody::Entry entry = Unwrap(reader->Entry({1})).parsed();
    entry.origin = Unwrap(tlog::Origin::Parse("other.example/vault"));
    const auto passphrase = [](std::string_view) -> Result<crypto::SecretText> {
      return Fail(ErrorCode::kDenied, "none");
    };
    const auto custodian = Unwrap(custody::LoadKey(key(), passphrase));
    WriteText(folder / "proof/1.entry", TextOf(Unwrap(custody::SignedEntry::Sign(entry, custodian)).bytes()));
    const auto report = CheckForged(folder);
    CHECK(Says(report, "belongs to another vault: origin other.example/vault"));
    CHECK(Names(report, Property::kTree, 1));
  }
}

TEST_CASE_METHOD(BundleFixture, "files of two items that were exchanged are found for both", "[bundle]") {
  const auto folder = CopyOf(Export("plain", {{1}, {2}}));
  struct Row {
    std::string a;
    std::string b;
    Property property;
    std::string words;
  };
  const std::vector<Row> rows = {
      {"proof/1.entry", "proof/2.entry", Property::kChain, "says that it is entry 2"},
      {"proof/1.tlog-proof", "proof/2.tlog-proof", Property::kTree, "its proof is of another position"},
      {"proof/1.header", "proof/2.header", Property::kHeader, "the age header is not the one that the entry names"},
      {"data/1.age", "data/2.age", Property::kPayload, "the entry names"},
      {"proof/1.metadata.json", "proof/2.metadata.json", Property::kMetadata, "is not the metadata that was sealed"},
      {"data/1-a.log", "data/2-b.txt", Property::kContent, "is not the original that was sealed"}};
  for (const Row& row : rows) {
    CAPTURE(row.a);
    Swap(folder / row.a, folder / row.b);
    const auto by_manifest = Check(folder);
    CHECK(Says(by_manifest, row.a + " is not what the manifest says"));
    CHECK(Says(by_manifest, row.b + " is not what the manifest says"));
    const auto report = CheckForged(folder);
    INFO(Everything(report));
    CHECK_FALSE(Names(report, Property::kBundle));
    CHECK(Names(report, row.property, 1));
    CHECK(Names(report, row.property, 2));
    CHECK(Says(report, row.words));
    Swap(folder / row.a, folder / row.b);
    CHECK(CheckForged(folder).ok());
  }
  for (const Row& row : rows) Swap(folder / row.a, folder / row.b);
  const auto report = CheckForged(folder);
  CHECK(Names(report, Property::kChain, 1));
  CHECK(Names(report, Property::kChain, 2));
}

TEST_CASE_METHOD(BundleFixture, "a sealed file under another item's header is found where a key is at hand",
                 "[bundle]") {
  const auto friends = seal::X25519Identity::Generate();
  const auto folder = Export("sealed", {{1}, {2}}, {friends.recipient()});
  const auto parts = [&](const std::string& name) {
    const std::string file = ReadText(folder / name);
    const std::size_t size = Unwrap(seal::ParseHeader(ViewOf(file))).size_bytes;
    return std::pair(file.substr(0, size), file.substr(size));
  };
  WriteText(folder / "data/1.age", parts("data/2.age").first + parts("data/1.age").second);
  // Nobody can tell without a key, and nobody is told that content was checked.
  const auto blind = CheckForged(folder);
  CHECK(blind.ok());
  CHECK(blind.contents == 0);
  const auto report = Check(folder, {{}, std::span(&friends, 1), nullptr});
  CHECK(Names(report, Property::kSealed, 1));
  CHECK_FALSE(Names(report, Property::kSealed, 2));
}

TEST_CASE_METHOD(BundleFixture, "a proof of another position does not prove this one", "[bundle]") {
  const auto folder = Export("plain", {{1}, {2}});
  std::string proof = ReadText(folder / "proof/2.tlog-proof");
  const std::size_t at = proof.find("index 2\n");
  REQUIRE(at != std::string::npos);
  SECTION("as it is") {
    WriteText(folder / "proof/1.tlog-proof", proof);
    CHECK(Says(CheckForged(folder), "its proof is of another position"));
  }
  SECTION("with the position changed to fit") {
    WriteText(folder / "proof/1.tlog-proof", proof.replace(at, 8, "index 1\n"));
    const auto report = CheckForged(folder);
    CHECK(Names(report, Property::kTree, 1));
    CHECK_FALSE(Says(report, "its proof is of another position"));
  }
  SECTION("for an item that was moved to another position, all its files with it") {
    for (const auto& file : FilesOf(folder)) {
      const auto name = fs::path(file).filename().native();
      if (!name.starts_with("2.") && !name.starts_with("2-")) continue;
      fs::rename(folder / file, (folder / file).parent_path() / ("7" + name.substr(1)));
    }
    WriteText(folder / "proof/7.tlog-proof", proof.replace(at, 8, "index 7\n"));
    const auto report = CheckForged(folder);
    CHECK(Names(report, Property::kChain, 7));
    CHECK(Names(report, Property::kTree, 7));
  }
}

TEST_CASE_METHOD(BundleFixture, "proofs under two heads are reported", "[bundle]") {
  const auto folder = Export("before", {{1}, {2}});
  Add({{"c.txt", "four\n"}});
  reader = Unwrap(OpenReader());
  const auto after = Export("after", {{1}, {2}});
  CHECK(Check(folder).ok());  // an older head is no fault
  fs::copy_file(after / "proof/2.tlog-proof", folder / "proof/2.tlog-proof", fs::copy_options::overwrite_existing);
  const auto report = CheckForged(folder);
  CHECK(Names(report, Property::kHead, 2));
  CHECK(report.findings.size() == 1);
}

TEST_CASE_METHOD(BundleFixture, "an original that was changed is found, though the manifests fit", "[bundle]") {
  const auto folder = Export("plain", {{1}, {2}});
  SECTION("one byte") {
    WriteText(folder / "data/1-a.log", "one\ntwO\n");
    const auto report = CheckForged(folder);
    REQUIRE(report.findings.size() == 1);
    CHECK(Names(report, Property::kContent, 1));
    CHECK(Says(report, "data/1-a.log is not the original that was sealed"));
  }
  SECTION("with metadata that says the same") {
    WriteText(folder / "data/1-a.log", "ONE\ntwo\n");
    std::string json = ReadText(folder / "proof/1.metadata.json");
    const std::size_t at = json.find(HashOf("one\ntwo\n"));
    REQUIRE(at != std::string::npos);
    WriteText(folder / "proof/1.metadata.json", json.replace(at, 64, HashOf("ONE\ntwo\n")));
    const auto report = CheckForged(folder);
    CHECK(Names(report, Property::kContent, 1));
    CHECK(Names(report, Property::kMetadata, 1));
  }
  SECTION("a byte more, and a byte less") {
    WriteText(folder / "data/1-a.log", "one\ntwo\n\n");
    CHECK(Names(CheckForged(folder), Property::kContent, 1));
    WriteText(folder / "data/1-a.log", "one\ntwo");
    CHECK(Names(CheckForged(folder), Property::kContent, 1));
  }
  SECTION("taken away") {
    fs::remove(folder / "data/1-a.log");
    CHECK(Says(CheckForged(folder), "data/1-a.log is missing"));
  }
  SECTION("under another name") {
    fs::rename(folder / "data/1-a.log", folder / "data/1-z.log");
    const auto report = CheckForged(folder);
    CHECK(Says(report, "data/1-a.log is missing"));
    CHECK(Says(report, "data/1-z.log"));
  }
  SECTION("with another beside it") {
    WriteText(folder / "data/1-confession.txt", "I did it");
    const auto report = CheckForged(folder);
    INFO(Everything(report));
    CHECK(Names(report, Property::kContent, 1));
    CHECK(Says(report, "data/1-confession.txt"));
    CHECK(report.findings.size() == 1);
  }
  SECTION("and the sealed file made anew, by who has the bundle's identity") {
    const auto identities = Unwrap(seal::ParseIdentityFile(ReadText(folder / "proof/identity.txt")));
    const std::string old = ReadText(folder / "data/1.age");
    const auto parsed = Unwrap(seal::ParseHeader(ViewOf(old)));
    const auto file_key = Unwrap(seal::OpenHeader(parsed.header, identities));
    std::string plaintext;
    seal::PayloadOpener opener(file_key.Duplicate(), [&](ByteView piece) {
      plaintext += TextOf(piece);
      return Result<void>();
    });
    REQUIRE_OK(opener.Push(ViewOf(old).subspan(parsed.size_bytes)));
    REQUIRE_OK(opener.Finish());
    // The same length throughout: another original, the metadata to fit, the same file key and
    // nonce.
    const auto replace = [&](const std::string& from, const std::string& to) {
      const std::size_t at = plaintext.find(from);
      REQUIRE(at != std::string::npos);
      plaintext.replace(at, from.size(), to);
    };
    replace("one\ntwo\n", "ONE\ntwo\n");
    replace(HashOf("one\ntwo\n"), HashOf("ONE\ntwo\n"));
    const auto nonce = ViewOf(old).subspan(parsed.size_bytes, seal::PayloadNonce::kSize);
    Bytes sealed;
    seal::ChunkCipher(seal::DerivePayloadKey(file_key, *seal::PayloadNonce::From(nonce)))
        .Seal(0, seal::RunEnd::kFinal, ViewOf(plaintext), sealed);
    WriteText(folder / "data/1.age",
              old.substr(0, parsed.size_bytes + seal::PayloadNonce::kSize) + std::string(TextOf(sealed)));
    WriteText(folder / "data/1-a.log", "ONE\ntwo\n");
    WriteText(folder / "proof/1.metadata.json", Unwrap(seal::FindMetadata(ViewOf(plaintext))));
    const auto report = CheckForged(folder);
    INFO(Everything(report));
    // All of it agrees with itself, and not with what was signed.
    REQUIRE(report.findings.size() == 1);
    CHECK(Names(report, Property::kPayload, 1));
  }
}

TEST_CASE_METHOD(BundleFixture, "a plain bundle whose identity is gone is not a sealed one", "[bundle]") {
  const auto folder = Export("plain", {{1}});
  fs::remove(folder / "proof/identity.txt");
  SECTION("the originals cannot be compared with anything, and that is said") {
    WriteText(folder / "data/1-a.log", "forged\n");
    const auto report = CheckForged(folder);
    INFO(Everything(report));
    CHECK(report.contents == 0);
    CHECK(Says(report, "data/1-a.log"));
    CHECK(Says(report, "proof/1.metadata.json"));
  }
  SECTION("neither with an identity that the receiver brings") {
    const auto mine = seal::X25519Identity::Generate();
    const auto sealed = Export("sealed", {{1}}, {mine.recipient()});
    fs::copy_file(sealed / "data/1.age", folder / "data/1.age", fs::copy_options::overwrite_existing);
    WriteText(folder / "data/1-a.log", "forged\n");
    const auto report = CheckForged(folder, {{}, std::span(&mine, 1), nullptr});
    CHECK(report.contents == 1);  // of data/1.age
    CHECK(Says(report, "data/1-a.log"));
  }
  SECTION("without originals it is a bundle sealed to nobody at hand") {
    fs::remove(folder / "data/1-a.log");
    fs::remove(folder / "proof/1.metadata.json");
    const auto report = CheckForged(folder);
    CHECK(report.ok());
    CHECK(report.depth == verify::Depth::kSealed);
    CHECK(report.contents == 0);
  }
  SECTION("an identity file that is none") {
    for (const std::string text : {"", "# nothing\n", "AGE-SECRET-KEY-1QQQQ\n"}) {
      WriteText(folder / "proof/identity.txt", text);
      const auto report = CheckForged(folder);
      CHECK(Says(report, "proof/identity.txt: "));
      CHECK(report.contents == 0);
      CHECK_FALSE(Says(report, "1QQQQ"));
    }
  }
}

TEST_CASE_METHOD(BundleFixture, "a sealed file of another length is found", "[bundle]") {
  const auto folder = Export("plain", {{1}});
  const std::string good = ReadText(folder / "data/1.age");
  const std::size_t header = Unwrap(seal::ParseHeader(ViewOf(good))).size_bytes;
  for (std::size_t size = 0; size < good.size(); ++size) {
    WriteText(folder / "data/1.age", std::string_view(good).substr(0, size));
    const auto report = CheckForged(folder);
    CAPTURE(size);
    REQUIRE(Names(report, size < header ? Property::kHeader : Property::kPayload, 1));
    REQUIRE(report.contents == 0);
  }
  WriteText(folder / "data/1.age", good + "x");
  CHECK(Says(CheckForged(folder), "the sealed file has a payload of"));
  fs::remove(folder / "data/1.age");
  CHECK(Names(CheckForged(folder), Property::kHeader, 1));
}

namespace {

bool IsPutRight(const std::string& name) {
  return name.find("manifest-sha") != std::string::npos || name == bundle::kNoteFile;
}

}  // namespace

TEST_CASE_METHOD(BundleFixture, "no byte of a bundle can be changed, though the manifests fit", "[bundle]") {
  const auto folder = Export("plain", {{1}});
  for (const std::string& name : FilesOf(folder)) {
    // A bag's own description and what is made for people are not evidence, and nothing is believed because of them.
    // The manifests are put right, and the note over them is by a custodian (bundle_note_test.cc has its own bytes).
    if (name == "bag-info.txt" || bundle::IsForPeople(name) || IsPutRight(name)) continue;
    const std::string good = ReadText(folder / name);
    for (std::size_t at = 0; at < good.size(); ++at) {
      std::string flipped = good;
      flipped[at] = static_cast<char>(flipped[at] ^ 1);
      WriteText(folder / name, flipped);
      RewriteManifests(folder);
      SignAnew(folder, signer);
      const auto report = bundle::VerifyBundle(folder, {}, pool());
      CAPTURE(name, at);
      REQUIRE_FALSE((report && report->ok()));
    }
    WriteText(folder / name, good);
  }
  CHECK(CheckForged(folder).ok());
}

TEST_CASE_METHOD(BundleFixture, "a file that is missing is found, though the manifests fit", "[bundle]") {
  const auto good = Export("plain", {{1}, {2}});
  for (const std::string& name : FilesOf(good)) {
    if (bundle::IsForPeople(name) || (name != bundle::kNoteFile && IsPutRight(name))) continue;
    const auto folder = CopyOf(good);
    fs::remove(folder / name);
    RewriteManifests(folder);
    SignAnew(folder, signer);
    const auto report = bundle::VerifyBundle(folder, {}, pool());
    CAPTURE(name);
    CHECK_FALSE((report && report->ok()));
  }
}

TEST_CASE_METHOD(BundleFixture, "a bundle without one of its items is a smaller bundle, and counts so", "[bundle]") {
  const auto folder = Export("plain", {{1}, {2}});
  for (const std::string& name : FilesOf(folder)) {
    if (fs::path(name).filename().native().starts_with("2")) fs::remove(folder / name);
  }
  const auto report = CheckForged(folder);
  INFO(Everything(report));
  CHECK(report.ok());
  CHECK(report.items == 1);
  CHECK(report.contents == 1);
}

TEST_CASE_METHOD(BundleFixture, "what has no place in a bundle is named, though the manifests fit", "[bundle]") {
  const auto folder = Export("plain", {{1}});
  for (const std::string name :
       {"data/notes.txt",  "data/01.age",       "data/0.age",         "data/0-genesis",      "data/1",
        "data/1.age.bak",  "data/1.log",        "data/.hidden",       "data/1-x/forged.log", "data/deep/1-a.log",
        "proof/notes.txt", "proof/1.entry.bak", "proof/01.entry",     "proof/0.header",      "proof/0.metadata.json",
        "proof/1.age",     "proof/1-a.log",     "proof/deep/1.entry", "README.txt",          "manifest-md5.txt",
        "more/1.entry",    "1.entry",           "identity.txt"}) {
    CAPTURE(name);
    const auto copy = CopyOf(folder);
    WriteText(copy / name, "x");
    const auto report = CheckForged(copy);
    INFO(Everything(report));
    CHECK(Names(report, Property::kBundle));
    CHECK(Says(report, "has no place in a bundle"));
  }
}

TEST_CASE_METHOD(BundleFixture, "an entry that is not of the one form is found", "[bundle]") {
  const auto folder = Export("plain", {{1}});
  const std::string good = ReadText(folder / "proof/1.entry");
  for (const std::string& bad :
       {std::string(), std::string("x"), good + good, std::string(100'000, '['), good + "\n"}) {
    CAPTURE(bad.substr(0, 100));
    WriteText(folder / "proof/1.entry", bad);
    const auto report = CheckForged(folder);
    CHECK(Names(report, Property::kEntry, 1));
    CHECK(report.items == 0);
    WriteText(folder / "proof/1.entry", good);
  }
  WriteText(folder / "proof/0.entry", good);
  CHECK(Names(CheckForged(folder), Property::kGenesis, 0));
}

TEST_CASE_METHOD(BundleFixture, "a genesis signed by another key is found", "[bundle]") {
  const auto folder = Export("plain", {{1}});
  const auto genesis = Unwrap(reader->Entry({0}));
  const auto stranger = tlog::SigningKey::Generate(Unwrap(tlog::KeyName::Parse("Tester")));
  WriteText(folder / "proof/0.entry",
            TextOf(Unwrap(tlog::SignNote(custody::EncodeEntryText(genesis.parsed()), stranger))));
  CHECK(Names(CheckForged(folder), Property::kSignature, 0));
}

namespace {

// An insider with the keys of the log and of the custodian: any entry 1 gets a log of its own
// around it, so that the proofs fit and what is left to find is what the entry says.
struct InsiderFixture : BundleFixture {
  static tlog::SigningKey Load(const fs::path& file) {
    return Unwrap(custody::LoadKey(file, [](std::string_view) -> Result<crypto::SecretText> {
      return Fail(ErrorCode::kDenied, "no passphrase in tests");
    }));
  }
  tlog::SigningKey log_key = Load(VaultPaths(vault()).log_key);
  tlog::SigningKey custodian = Load(key());
  fs::path folder = Export("plain", {{1}});
  custody::Entry entry = Unwrap(reader->Entry({1})).parsed();

  Bytes Signed(const tlog::SigningKey& by) { return Unwrap(tlog::SignNote(custody::EncodeEntryText(entry), by)); }
  verify::Report CheckWith(const Bytes& first_entry) {
    const auto genesis = tlog::AsNode(Unwrap(reader->Entry({0})).leaf());
    const auto first = tlog::AsNode(tlog::HashLeaf(first_entry));
    const tlog::Checkpoint head{reader->head().origin, {2}, tlog::AsRoot(tlog::HashChildren(genesis, first))};
    const Bytes note = Unwrap(tlog::SignCheckpoint(head, log_key));
    WriteText(folder / "proof/1.entry", TextOf(first_entry));
    WriteText(folder / "proof/0.tlog-proof", TextOf(tlog::EncodeTlogProof({{}, {0}, {first}, note})));
    WriteText(folder / "proof/1.tlog-proof", TextOf(tlog::EncodeTlogProof({{}, {1}, {genesis}, note})));
    auto statement = Unwrap(bundle::ParseBundleNote(ViewOf(ReadText(folder / bundle::kNoteFile))));
    statement.size = head.size;
    WriteText(folder / bundle::kNoteFile, TextOf(Unwrap(bundle::SignBundle(statement, custodian))));
    return CheckForged(folder, {reader->fingerprint(), {}, nullptr});
  }
  void CheckOnly(const verify::Report& report, Property property, std::string_view words) {
    INFO(Everything(report));
    REQUIRE_FALSE(report.ok());
    for (const auto& finding : report.findings) {
      CHECK(finding.property == property);
      CHECK(finding.entry == tlog::Sequence{1});
    }
    CHECK(Says(report, words));
  }
};

}  // namespace

TEST_CASE_METHOD(InsiderFixture, "an item's entry is judged for itself where its proof fits", "[bundle]") {
  const auto stranger = tlog::SigningKey::Generate(custodian.verifier().name());
  SECTION("the good one") { CHECK(CheckWith(Signed(custodian)).ok()); }
  SECTION("signed by another key in the custodian's name") {
    CheckOnly(CheckWith(Signed(stranger)), Property::kSignature, "signature by " + entry.actor);
  }
  SECTION("signed by somebody who was not admitted") {
    entry.actor = custody::ActorOf(stranger.verifier());
    CheckOnly(CheckWith(Signed(stranger)), Property::kChain, "is not admitted to this vault");
  }
  SECTION("signed by two") {
    const auto note = Unwrap(tlog::SignedNote::Parse(Signed(custodian)));
    CheckOnly(CheckWith(Unwrap(tlog::AddSignature(note, stranger))), Property::kSignature, "carries 2 signatures");
  }
  SECTION("of another origin") {
    entry.origin = Unwrap(tlog::Origin::Parse("other.example/vault"));
    CheckOnly(CheckWith(Signed(custodian)), Property::kChain, "belongs to another vault");
  }
  SECTION("that says it stands elsewhere") {
    entry.sequence.value = 5;
    CheckOnly(CheckWith(Signed(custodian)), Property::kChain, "says that it is entry 5");
  }
  SECTION("of another payload") {
    std::get<custody::Item>(entry.body).sealed.payload_root.mutable_view()[0] ^= 1;
    CheckOnly(CheckWith(Signed(custodian)), Property::kPayload, "the entry names");
  }
  SECTION("whose tail begins elsewhere") {
    std::get<custody::Item>(entry.body).sealed.payload_bytes += seal::kSealedChunkBytes;
    const auto report = CheckWith(Signed(custodian));
    CHECK(Names(report, Property::kPayload, 1));
    CHECK(report.contents == 0);
  }
  SECTION("of a header that commits to another file key") {
    seal::FileKey another;
    another.ExposeSecretForWriting()[0] = 1;
    const auto recipient = VaultKey().front().recipient();
    const Bytes header = seal::SealHeader(another, std::span(&recipient, 1));
    std::get<custody::Item>(entry.body).sealed.header = custody::DigestOfHeader(header);
    WriteText(folder / "proof/1.header", TextOf(header));
    const auto report = CheckWith(Signed(custodian));
    CHECK(Names(report, Property::kSealed, 1));
    CHECK(report.contents == 0);
  }
  SECTION("that is a second genesis") {
    const Bytes genesis = Unwrap(reader->ReadEntry({0}));
    const auto report = CheckWith(genesis);
    CHECK(Names(report, Property::kChain, 1));
    CHECK(Says(report, "holds no sealed file"));
    CHECK(report.items == 0);
  }
}

}  // namespace exhibit::testing
