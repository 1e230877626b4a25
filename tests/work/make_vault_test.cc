// Goal: a vault is made whole or not at all, with all keys that its log names. Method: vaults in folders of their own, opened
// and added to afterwards.
#include "vault/work/make_vault.h"

#include "tests/support/vault_fixture.h"
#include "vault/session/label_key.h"
#include "vault/session/recovery_key.h"
#include "vault/store/memory_store.h"

namespace exhibit::testing {
namespace {

namespace fs = std::filesystem;

// The fixture's own vault is beside: it gives each test a home.
struct MakingFixture : VaultFixture {
  work::NewVault Wanted() {
    work::NewVault wanted{.folder = path() / "other",
                          .origin = Unwrap(tlog::Origin::Parse("x7.example/q4d2")),
                          .custodian = {.name = "Alice Examiner", .contact = "alice@example.org"},
                          .readers = {{seal::RecipientText(VaultReaderRecipient()), "Carol"}},
                          .custodian_key = path() / "keys/alice.key"};
    wanted.engine = &other_disk_;
    return wanted;
  }
  Result<std::unique_ptr<VaultReader>> OpenOther() { return VaultReader::Open(path() / "other", {{}, &other_disk_}); }
  Result<std::unique_ptr<VaultWriter>> OpenOtherToAdd() {
    return VaultWriter::Open({path() / "other",
                              path() / "keys/alice.key",
                              std::chrono::milliseconds(0),
                              custody::Item::kForm,
                              {{}, &other_disk_}},
                             NoPassphrase, pool());
  }
  VaultKeys OtherKeys() { return Unwrap(OpenReaderKeys(path() / "other", ReaderIdentities(), NoPassphrase)); }
  store::MemoryDisk other_disk_;
};

}  // namespace

TEST_CASE_METHOD(MakingFixture, "a new vault has the keys that its log names, and can be added to", "[make]") {
  const work::MadeVault made = Unwrap(work::MakeVault(Wanted()));
  CHECK(made.custodian_key.name().text() == "x7.example/q4d2/k1");
  CHECK(made.checkpoint.size == tlog::TreeSize{1});
  const auto vault = Unwrap(OpenOther());
  CHECK(vault->fingerprint() == made.fingerprint);
  const auto& genesis = std::get<custody::Genesis>(vault->genesis().parsed().body);
  CHECK(genesis.log.ed25519 == made.log_key);
  CHECK(genesis.custodian == custody::Custodian{{1}, made.custodian_key, {custody::Role::kCustodian}});
  CHECK(genesis.recovery == made.recovery_key);
  CHECK(genesis.recipient == made.recipient);
  CHECK(genesis.key_file == Unwrap(LookAtKeyFile(path() / "other/keys/reader.age")).digest);
  CHECK(Unwrap(OpenRecoveryKey(path() / "other", ReaderIdentities(), NoPassphrase)).verifier() == *made.recovery_key);

  const auto writer = Unwrap(OpenOtherToAdd());
  Unwrap(writer->CommitAct({custody::Note{}, {{"items", "0"}, {"text", "labelled"}}, {"IR-2025-014"}}));
  const auto secret = Unwrap(LoadLabelSecret(VaultPaths(path() / "other"), NoPassphrase));
  const auto entry = Unwrap(writer->Entry({1}));
  const auto label = secret.KeyOf("IR-2025-014").LabelFor(made.fingerprint, entry.parsed().sealed->header);
  CHECK(entry.parsed().sealed->labels.Has(label));
}

TEST_CASE_METHOD(MakingFixture, "whose the first key is, and who reads, is sealed", "[make]") {
  Unwrap(work::MakeVault(Wanted()));
  const auto vault = Unwrap(OpenOther());
  const std::string bytes(TextOf(vault->genesis().bytes()));
  CHECK(bytes.find("Alice") == std::string::npos);
  CHECK(bytes.find("Carol") == std::string::npos);
  const auto fields = Unwrap(vault->ReadFields(vault->genesis(), OtherKeys()));
  CHECK(custody::PersonFactsIn(fields) ==
        custody::PersonFacts{custody::Person{1}, "Alice Examiner", {}, "alice@example.org"});
  CHECK(custody::ReaderFactsIn(fields) == Wanted().readers);
}

TEST_CASE_METHOD(MakingFixture, "a vault is made without a recovery key where nobody wants one", "[make]") {
  auto wanted = Wanted();
  wanted.recovery = work::NewVault::Recovery::kNone;
  CHECK_FALSE(Unwrap(work::MakeVault(wanted)).recovery_key);
  CHECK_FALSE(fs::exists(path() / "other/keys/recovery.age"));
  CHECK(Unwrap(Unwrap(OpenOther())->State()).facts().recovery() == nullptr);
}

TEST_CASE_METHOD(MakingFixture, "passphrases seal the keys of a vault without readers", "[make]") {
  auto wanted = Wanted();
  const crypto::SecretText reader("reader's passphrase");
  const crypto::SecretText key("key's passphrase");
  wanted.readers.clear();
  wanted.reader_passphrase = &reader;
  wanted.key_passphrase = &key;
  wanted.work = {10};
  Unwrap(work::MakeVault(wanted));
  const auto give = [](std::string_view text) {
    return [text](const custody::PassphraseRequest&) -> Result<crypto::SecretText> { return crypto::SecretText(text); };
  };
  CHECK(Unwrap(OpenReaderKeys(path() / "other", {}, give("reader's passphrase"))).size() == 1);
  REQUIRE_OK(OpenRecoveryKey(path() / "other", {}, give("reader's passphrase")));
  CHECK_FAILS(OpenReaderKeys(path() / "other", {}, give("key's passphrase")), ErrorCode::kWrongKey, "reader key");
  for (const char* const name : {"keys/alice.key", "other/keys/log.key"}) {
    REQUIRE_OK(custody::LoadKey(path() / name, give("key's passphrase")));
  }
  REQUIRE_OK(LoadLabelSecret(VaultPaths(path() / "other"), give("key's passphrase")));
}

TEST_CASE_METHOD(MakingFixture, "a vault is refused where something is, and nothing is made", "[make]") {
  auto wanted = Wanted();
  SECTION("where a signing key is") {
    wanted.custodian_key = key();
    CHECK_FAILS(work::MakeVault(wanted), ErrorCode::kExists, "there is a signing key already");
    CHECK(fs::exists(key()));
  }
  SECTION("of an origin that was seen before") {
    wanted.origin = Unwrap(tlog::Origin::Parse(kVaultOrigin));
    CHECK_FAILS(work::MakeVault(wanted), ErrorCode::kExists, "has seen a vault of the origin");
  }
  SECTION("without a name") {
    wanted.custodian.name = " ";
    CHECK_FAILS(work::MakeVault(wanted), ErrorCode::kInvalid, "the custodian has no name");
  }
  SECTION("for a reader who is none, or is there twice") {
    wanted.readers.push_back(wanted.readers.front());
    CHECK_FAILS(work::MakeVault(wanted), ErrorCode::kInvalid, "the same reader twice");
    wanted.readers = {{"age1qqqq", std::nullopt}};
    CHECK_FAILS(work::MakeVault(wanted), ErrorCode::kInvalid, "reader age1qqqq");
  }
  CHECK_FALSE(fs::exists(path() / "other"));
  CHECK_FALSE(fs::exists(path() / "keys/alice.key"));
}

}  // namespace exhibit::testing
