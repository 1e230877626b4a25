// Goal: what a kit holds is enough, opens nothing by itself, and a drill finds each way in which it is not what it should be.
// Method: kits of small vaults, checked as they are and with one thing changed.
#include "vault/work/kit.h"

#include <fstream>

#include "tests/support/vault_fixture.h"
#include "vault/work/change_readers.h"
#include "vault/work/kit_check.h"
#include "vault/work/kit_papers.h"

namespace exhibit::testing {
namespace {

namespace fs = std::filesystem;

bool Says(const std::vector<std::string>& lines, std::string_view words) {
  return std::ranges::any_of(lines, [&](const std::string& line) { return line.find(words) != std::string::npos; });
}

struct KitFixture : VaultFixture {
  KitFixture() { Add({{"a", "one"}}); }
  fs::path kit() const { return path() / "kit"; }
  Result<work::MadeKit> TryMake(seal::Identities keys = {}) {
    const auto reader = Unwrap(OpenReader());
    return work::MakeKit(*reader, {.folder = vault(), .out = kit(), .keys = keys, .program = "exhibit test"});
  }
  work::MadeKit Make() {
    const VaultKeys keys = VaultKey();
    return Unwrap(TryMake(keys));
  }
  custody::Fingerprint Fingerprint() { return Unwrap(OpenReader())->fingerprint(); }
  // As on another machine: with the kit, an identity and a fingerprint.
  work::KitCheck Check(seal::Identities identities) {
    work::KitCheckRequest request{.kit = kit(), .identities = identities, .passphrase = NoPassphrase};
    request.fingerprint = Fingerprint();
    return Unwrap(work::CheckKit(request, pool()));
  }
  work::KitCheck Check() { return Check(ReaderIdentities()); }
  void Change(const std::string& name, std::string_view text) {
    fs::permissions(kit() / name, fs::perms::owner_all);
    std::ofstream(kit() / name, std::ios::binary | std::ios::trunc) << text;
  }
  // The file's line becomes that of what it is now.
  void MendSums(const std::string& name) {
    std::string sums = ReadText(kit() / "SHA256SUMS");
    const std::size_t at = sums.find("  " + name + "\n");
    REQUIRE(at != std::string::npos);
    sums.replace(at - 64, 64, HashOf(ReadText(kit() / name)));
    Change("SHA256SUMS", sums);
  }
};

}  // namespace

TEST_CASE_METHOD(KitFixture, "a kit has what must be kept, and others cannot read it", "[kit]") {
  const work::MadeKit made = Make();
  CHECK(made.checkpoint.size == tlog::TreeSize{2});
  CHECK(made.files == std::vector<std::string>{"README.txt", "SHA256SUMS", "checkpoint", "fingerprint",
                                               "keys/reader.age", "keys/recovery.age", "law.proof", "print.html"});
  for (const std::string& name : made.files)
    CHECK(fs::status(kit() / name).permissions() == (fs::perms::owner_read | fs::perms::owner_write));
  CHECK(ReadText(kit() / "fingerprint") == ToHex(Fingerprint().view()) + "\n");
  CHECK(ReadText(kit() / "keys/reader.age") == ReadText(vault() / "keys/reader.age"));
  // Keys without a passphrase would let whoever finds the kit sign.
  CHECK(Says(made.left_out, "keys/log.key"));
  CHECK(Says(made.left_out, "keys/label.key"));
  CHECK_FALSE(fs::exists(kit() / "keys/log.key"));
}

TEST_CASE_METHOD(KitFixture, "a kit never takes the place of what is there", "[kit]") {
  fs::create_directory(kit());
  CHECK_FAILS(TryMake(), ErrorCode::kExists, "kit");
  CHECK(fs::is_empty(kit()));
}

TEST_CASE_METHOD(KitFixture, "with a reader's key it says whose keys they are, and who reads", "[kit]") {
  SECTION("with it") {
    Make();
    CHECK(ReadText(kit() / "README.txt").find("test.example/vault/k1  person 1, Tester (custodian)") !=
          std::string::npos);
    CHECK(ReadText(kit() / "README.txt").find("It names people") != std::string::npos);
    CHECK(ReadText(kit() / "print.html").find("Tester") != std::string::npos);
    CHECK(ReadText(kit() / "law.proof").find("Tester") != std::string::npos);
  }
  SECTION("without it: sealed words stay sealed") {
    Unwrap(TryMake());
    for (const char* const name : {"README.txt", "print.html", "law.proof"})
      CHECK(ReadText(kit() / name).find("Tester") == std::string::npos);
    CHECK(ReadText(kit() / "README.txt").find("Whose the keys are is sealed") != std::string::npos);
    CHECK(ReadText(kit() / "README.txt").find("It names people") == std::string::npos);
  }
}

TEST_CASE_METHOD(KitFixture, "the page needs nothing outside of itself, and has codes for what is short", "[kit]") {
  Make();
  const std::string page = ReadText(kit() / "print.html");
  CHECK(page.find("default-src 'none'") != std::string::npos);
  CHECK(page.find("http://") == std::string::npos);
  CHECK(page.find("src=") == std::string::npos);
  std::size_t codes = 0;
  for (std::size_t at = page.find("<svg "); at != std::string::npos; at = page.find("<svg ", at + 1)) ++codes;
  CHECK(codes == 3);  // fingerprint and checkpoint, reader.age, recovery.age
  CHECK(page.find(ReadText(vault() / "keys/reader.age")) != std::string::npos);
}

TEST_CASE("what is too long for paper is named, and hostile names are harmless", "[kit]") {
  const tlog::Checkpoint checkpoint{Unwrap(tlog::Origin::Parse("x7.example/q4d2")), {2}, {}};
  work::KitWords words{.checkpoint = checkpoint, .checkpoint_note = "note\n", .fingerprint = {}};
  words.people.push_back(
      {"x7.example/q4d2/k1", {.person = custody::Person{1}, .name = "<script>\x1b[2J"}, "custodian", true});
  words.names_people = true;
  words.secrets.push_back({"keys/reader.age", std::string(5000, 'a')});
  const std::string page = Unwrap(work::KitPage(words));
  CHECK(page.find("keys/reader.age has 5000 bytes, too many for paper: keep the file") != std::string::npos);
  CHECK(page.find("<script>") == std::string::npos);
  CHECK(work::KitReadme(words).find('\x1b') == std::string::npos);
}

TEST_CASE_METHOD(KitFixture, "no kit is made of keys that are not those of the log", "[kit]") {
  SECTION("another reader.age") {
    WriteText(vault() / "keys/reader.age", ReadText(vault() / "keys/recovery.age"));
    CHECK_FAILS(TryMake(), ErrorCode::kTampered, "is not the file that the log names");
  }
  SECTION("no recovery.age") {
    fs::remove(vault() / "keys/recovery.age");
    CHECK_FAILS(TryMake(), ErrorCode::kNotFound, "the log names a recovery key");
  }
  CHECK_FALSE(fs::exists(kit()));
}

TEST_CASE_METHOD(KitFixture, "a drill shows that a kit opens and could act, and what it does not show", "[kit]") {
  Make();
  fs::remove_all(vault() / "keys");  // nothing of the vault is asked
  const work::KitCheck check = Check();
  CHECK(check.ok());
  CHECK(check.opens);
  CHECK(Says(check.shown, "files: 7 are what SHA256SUMS says"));
  CHECK(Says(check.shown, "keys/reader.age opens, and holds the key of the recipient"));
  CHECK(Says(check.shown, "keys/recovery.age opens, and holds the recovery key that the log names: it could sign"));
  CHECK(Says(check.not_shown, "that the evidence is whole"));
  CHECK(Says(check.not_shown, "what changed after entry 1"));
  CHECK(Says(check.not_shown, "the log's key is kept"));
}

TEST_CASE_METHOD(KitFixture, "a drill without a key, or with a stranger's, says so", "[kit]") {
  Make();
  SECTION("without") {
    const work::KitCheck check = Check({});
    CHECK(check.ok());
    CHECK_FALSE(check.opens);
    CHECK(Says(check.not_shown, "that keys/reader.age opens: no identity was brought"));
  }
  SECTION("a stranger's") {
    const seal::Identity stranger = seal::X25519Identity::Generate();
    const work::KitCheck check = Check({&stranger, 1});
    CHECK_FALSE(check.opens);
    CHECK(check.wrong_keys.size() == 2);
    CHECK(check.faults.empty());
  }
  SECTION("without a fingerprint it is anybody's") {
    const work::KitCheck check =
        Unwrap(work::CheckKit({.kit = kit(), .identities = ReaderIdentities(), .passphrase = NoPassphrase}, pool()));
    CHECK(Says(check.not_shown, "whose vault it is"));
  }
}

TEST_CASE_METHOD(KitFixture, "a drill finds what is not as it was made", "[kit]") {
  Make();
  SECTION("a changed file") {
    Change("README.txt", "throw it away\n");
    CHECK(Says(Check().faults, "README.txt is not what was written"));
  }
  SECTION("a missing file") {
    fs::remove(kit() / "keys/recovery.age");
    CHECK(Says(Check().faults, "keys/recovery.age"));
  }
  SECTION("a file that has no line") {
    WriteText(kit() / "notes.txt", "in the safe since May\n");
    const work::KitCheck check = Check();
    CHECK(check.ok());
    CHECK(Says(check.not_shown, "notes.txt is no part of the kit"));
  }
  SECTION("sums that were made anew over another checkpoint") {
    Change("checkpoint", "another\n");
    MendSums("checkpoint");
    CHECK(Says(Check().faults, "checkpoint is another than that of law.proof"));
  }
  SECTION("and over a changed entry") {
    std::string proof = ReadText(kit() / "law.proof");
    proof.replace(proof.find("\"pad\":1"), 7, "\"pad\":2");
    Change("law.proof", proof);
    MendSums("law.proof");
    CHECK_FALSE(Check().ok());
  }
  SECTION("another key in recovery.age, sealed to the same reader") {
    const auto other = GenerateRecoveryKey(Unwrap(tlog::Origin::Parse(kVaultOrigin)));
    Change("keys/recovery.age", TextOf(Unwrap(SealRecoveryKey(other, {{VaultReaderRecipient()}}))));
    MendSums("keys/recovery.age");
    CHECK(Says(Check().faults, "keys/recovery.age holds another key than the log names"));
  }
  SECTION("another key in reader.age, sealed to the same reader") {
    const seal::Identity other = seal::X25519Identity::Generate();
    Change("keys/reader.age", TextOf(Unwrap(SealKeyFile({&other, 1}, {{VaultReaderRecipient()}}))));
    MendSums("keys/reader.age");
    const work::KitCheck check = Check();
    CHECK(Says(check.faults, "keys/reader.age is another file than the log names"));
    CHECK(Says(check.faults, "holds another key than that of the recipient"));
  }
}

TEST_CASE_METHOD(KitFixture, "a folder that is no kit is no kit", "[kit]") {
  work::KitCheckRequest request{.kit = path() / "nothing", .passphrase = NoPassphrase};
  CHECK_FAILS(work::CheckKit(request, pool()), ErrorCode::kNotFound, "nothing");
  request.kit = vault();
  CHECK_FAILS(work::CheckKit(request, pool()), ErrorCode::kInvalid, "is no kit");
}

TEST_CASE_METHOD(KitFixture, "a kit is remembered, and is old once who reads has changed", "[kit]") {
  const auto age = [&] { return Unwrap(work::AgeOfKit(*Unwrap(OpenReader()))); };
  CHECK_FALSE(age().made_at);
  CHECK(Make().not_remembered.empty());
  Add({{"b", "two"}});
  Act(custody::Hold{Unwrap(custody::ItemSet::Of({{1}}))});
  CHECK(age().made_at == tlog::TreeSize{2});
  CHECK_FALSE(age().newer_law);
  const VaultKeys keys = VaultKey();
  Unwrap(work::ChangeReaders(*Unwrap(OpenWriterAs(key(), custody::ReaderChange::kForm)),
                             {.readers = {{seal::RecipientText(VaultReaderRecipient())}}, .keys = keys}));
  CHECK(age().newer_law == tlog::Sequence{4});
  CHECK(age().newer_type == "reader");
  // Another user made none.
  UseState("another");
  CHECK_FALSE(age().made_at);
}

}  // namespace exhibit::testing
