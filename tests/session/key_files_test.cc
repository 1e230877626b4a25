// Keys at rest, and replacements of them that were cut short at each step.
#include "vault/session/key_files.h"

#include "tests/support/log_key_rotation.h"
#include "tests/support/vault_fixture.h"
#include "vault/store/folder_sums.h"

namespace exhibit::testing {
namespace {

const custody::PassphraseProvider kPassphrase = [](const custody::PassphraseRequest&) {
  return Result<crypto::SecretText>(crypto::SecretText("correct horse"));
};

struct KeysFixture : VaultFixture {
  VaultPaths paths() const { return VaultPaths(vault()); }
  seal::Identity bob = seal::X25519Identity::Generate();

  Result<VaultKeys> OpenAs(const seal::Identity& who) { return OpenReaderKeys(vault(), {&who, 1}, NoPassphrase); }
  bool IsLogs(const tlog::SigningKey& recovery) {
    const auto state = Unwrap(Unwrap(OpenReader())->State());
    return state.facts().recovery() != nullptr && *state.facts().recovery() == recovery.verifier();
  }
  // Everything in keys/ is what its sums say, and nothing waits there.
  void CheckTidy() { CHECK(Unwrap(store::FolderSums(paths().keys).Check()).empty()); }

  // Bob takes the reader's place, with this recovery key, up to the commit.
  enum class UpTo : std::uint8_t { kReady, kCommitted };
  void GiveToBob(const tlog::SigningKey& recovery, UpTo end) {
    const KeyFileSeal seal{{Unwrap(seal::RecipientOf(bob))}};
    const auto keys = VaultKey();
    auto writer = Unwrap(OpenWriterAs(key(), custody::ReaderChange::kForm));
    const auto digest = Unwrap(key_files::PrepareReaderKey(paths(), keys, seal));
    REQUIRE_OK(key_files::PrepareRecoveryKey(paths(), recovery, seal));
    if (end == UpTo::kReady) return;
    REQUIRE_OK(writer->CommitAct({custody::ReaderChange{digest, recovery.verifier()}, {{"reason", "test"}}}));
  }
};

}  // namespace

TEST_CASE_METHOD(KeysFixture, "the label secret at rest", "[session]") {
  const auto secret = custody::LabelSecret::Generate();
  const auto is_same = [&](const custody::LabelSecret& other) {
    const custody::HeaderDigest header;
    const custody::Fingerprint any;
    return other.KeyOf("IR-1").LabelFor(any, header) == secret.KeyOf("IR-1").LabelFor(any, header);
  };
  const crypto::SecretText passphrase("correct horse");
  SECTION("plain, for its user alone") {
    REQUIRE_OK(ProtectLabelSecret(paths(), secret, nullptr));
    CHECK(ReadText(paths().label_key).starts_with("exhibit-label-secret+"));
    CHECK(is_same(Unwrap(LoadLabelSecret(paths(), NoPassphrase))));
    std::filesystem::permissions(paths().label_key, std::filesystem::perms{0640});
    CHECK_FAILS(LoadLabelSecret(paths(), NoPassphrase), ErrorCode::kDenied, "can be read by others");
  }
  SECTION("under a passphrase") {
    REQUIRE_OK(ProtectLabelSecret(paths(), secret, &passphrase, seal::WorkFactor{2}));
    CHECK(is_same(Unwrap(LoadLabelSecret(paths(), kPassphrase))));
    CHECK_FAILS(LoadLabelSecret(paths(), NoPassphrase), ErrorCode::kDenied, "no passphrase in tests");
  }
  CheckTidy();
}

TEST_CASE_METHOD(KeysFixture, "readers open the recovery key, and nobody else does", "[session]") {
  CHECK(IsLogs(Unwrap(OpenRecoveryKey(vault(), ReaderIdentities(), NoPassphrase))));
  CHECK_FAILS(OpenRecoveryKey(vault(), {&bob, 1}, NoPassphrase), ErrorCode::kWrongKey, "recovery.age");
  CHECK_FAILS(OpenRecoveryKey(vault(), {}, NoPassphrase), ErrorCode::kDenied,
              "an identity of one of the vault's readers");
  std::filesystem::remove(paths().recovery_key);
  CHECK_FAILS(OpenRecoveryKey(vault(), ReaderIdentities(), NoPassphrase), ErrorCode::kNotFound, "has no recovery key");
}

TEST_CASE_METHOD(KeysFixture, "a reader key is known by the digest that the log names", "[session]") {
  const auto look = Unwrap(LookAtKeyFile(paths().reader_key));
  CHECK_FALSE(look.passphrase);
  CHECK(look.digest == Unwrap(Unwrap(OpenReader())->State()).facts().key_file);
}

TEST_CASE_METHOD(KeysFixture, "other readers: what was cut short is undone, or ended once the log names it",
                 "[session]") {
  const bool keeps_key = GENERATE(true, false);
  const auto recovery = keeps_key ? Unwrap(OpenRecoveryKey(vault(), ReaderIdentities(), NoPassphrase))
                                  : GenerateRecoveryKey(Unwrap(OpenReader())->head().origin);
  const auto end = GENERATE(UpTo::kReady, UpTo::kCommitted);
  GiveToBob(recovery, end);
  // A crash after the first of the two files was put in place.
  if (end == UpTo::kCommitted && GENERATE(true, false)) {
    for (const auto& file : std::filesystem::directory_iterator(paths().keys)) {
      if (!file.path().filename().native().starts_with("recovery.age.next-")) continue;
      REQUIRE_OK(key_files::PutInPlace(file.path(), paths().recovery_key));
      break;
    }
  }
  Unwrap(OpenWriter());
  CheckTidy();
  const bool is_bobs = end == UpTo::kCommitted;
  CHECK(OpenAs(bob).has_value() == is_bobs);
  CHECK(OpenRecoveryKey(vault(), {&bob, 1}, NoPassphrase).has_value() == is_bobs);
  CHECK(OpenReaderKeys(vault(), ReaderIdentities(), NoPassphrase).has_value() == !is_bobs);
  CHECK(OpenRecoveryKey(vault(), ReaderIdentities(), NoPassphrase).has_value() == !is_bobs);
  CHECK(IsLogs(recovery) == (is_bobs || keeps_key));
}

TEST_CASE_METHOD(KeysFixture, "a recovery key that the log ended goes from the folder", "[session]") {
  Admit(2);
  Act(custody::Rule{{custody::Ruled::kCustodian}, {}});
  REQUIRE_FALSE(IsAbsent(paths().recovery_key));
  Unwrap(OpenWriter());
  CHECK(IsAbsent(paths().recovery_key));
  CheckTidy();
}

TEST_CASE_METHOD(KeysFixture, "the log's key: what was cut short is undone, or ended once the log names it",
                 "[session]") {
  const auto before = Unwrap(custody::LoadKey(paths().log_key, NoPassphrase)).verifier();
  const auto end = GENERATE(RotateUpTo::kReady, RotateUpTo::kCommitted, RotateUpTo::kInPlace);
  const auto next = RotateLogKey(*this, {}, end);
  Add({{"a", "one"}});
  CHECK(Unwrap(custody::LoadKey(paths().log_key, NoPassphrase)).verifier() ==
        (end == RotateUpTo::kReady ? before : next));
  CheckTidy();
  REQUIRE_OK(OpenReader());
}

}  // namespace exhibit::testing
