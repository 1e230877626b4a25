// Goal: a key's file opens with its new passphrase and no other, its old bytes are gone, and what was left of a change that
// was cut short is in nobody's way. Method: key files in a folder, with cheap passphrases.
#include "vault/work/passphrases.h"

#include "tests/support/vault_fixture.h"
#include "vault/session/label_key.h"
#include "vault/work/change_readers.h"

namespace exhibit::testing {
namespace {

namespace fs = std::filesystem;

custody::PassphraseProvider Give(std::string_view text) {
  return [text](const custody::PassphraseRequest&) -> Result<crypto::SecretText> { return crypto::SecretText(text); };
}

struct PassphraseFixture : VaultFixture {
  const crypto::SecretText next{"the new passphrase"};
  work::NextPassphrase Next(std::string_view old = "") { return {Give(old), &next, {10}}; }
  VaultPaths paths() const { return VaultPaths(vault()); }
};

}  // namespace

TEST_CASE_METHOD(PassphraseFixture, "a signing key gets a passphrase, another one, and none", "[passphrase]") {
  const tlog::VerifierKey before = Unwrap(custody::LoadKey(key(), NoPassphrase)).verifier();
  const std::string plain = ReadText(key());
  REQUIRE_OK(work::ProtectSigningKey(key(), Next()));
  CHECK(ReadText(key()).starts_with("-----BEGIN AGE ENCRYPTED FILE-----"));
  CHECK(Unwrap(custody::LoadKey(key(), Give("the new passphrase"))).verifier() == before);
  CHECK_FAILS(custody::LoadKey(key(), Give("another")), ErrorCode::kDenied, "passphrase is wrong");

  const std::string first = ReadText(key());
  CHECK_FAILS(work::ProtectSigningKey(key(), Next("a wrong one")), ErrorCode::kDenied, "passphrase is wrong");
  CHECK(ReadText(key()) == first);

  REQUIRE_OK(work::ProtectSigningKey(key(), {Give("the new passphrase"), nullptr}));
  CHECK(ReadText(key()) == plain);
  CHECK_FALSE(fs::exists(path() / "tester.key.next"));
}

TEST_CASE_METHOD(PassphraseFixture, "the bytes of the old file are overwritten", "[passphrase]") {
  // A second name of the same file shows what became of its bytes.
  fs::create_hard_link(key(), path() / "witness");
  const std::string plain = ReadText(key());
  REQUIRE_OK(work::ProtectSigningKey(key(), Next()));
  CHECK(ReadText(path() / "witness") == std::string(plain.size(), '\0'));
}

TEST_CASE_METHOD(PassphraseFixture, "a link stays a link, and the key that it leads to is protected", "[passphrase]") {
  fs::create_symlink(key(), path() / "link.key");
  REQUIRE_OK(work::ProtectSigningKey(path() / "link.key", Next()));
  CHECK(fs::is_symlink(path() / "link.key"));
  CHECK(ReadText(key()).starts_with("-----BEGIN AGE"));
}

TEST_CASE_METHOD(PassphraseFixture, "what a change that was cut short left is no hindrance", "[passphrase]") {
  WriteText(path() / "tester.key.next", "half of a file");
  REQUIRE_OK(work::ProtectSigningKey(key(), Next()));
  CHECK_FALSE(fs::exists(path() / "tester.key.next"));
}

TEST_CASE_METHOD(PassphraseFixture, "the log's key and the label key are put under one passphrase", "[passphrase]") {
  const tlog::VerifierKey before = Unwrap(custody::LoadKey(paths().log_key, NoPassphrase)).verifier();
  WriteText(vault() / "keys/log.key.next.new", "left");
  WriteText(vault() / "keys/label.key.next", "left");
  REQUIRE_OK(work::ProtectLogKeys({vault()}, Next()));
  CHECK(Unwrap(custody::LoadKey(paths().log_key, Give("the new passphrase"))).verifier() == before);
  REQUIRE_OK(LoadLabelSecret(paths(), Give("the new passphrase")));
  CHECK_FAILS(custody::LoadKey(paths().log_key, NoPassphrase), ErrorCode::kDenied, "no passphrase");
  for (const char* const left : {"log.key.next", "log.key.next.new", "label.key.next"})
    CHECK_FALSE(fs::exists(vault() / "keys" / left));
  // Their lines in keys/SHA256SUMS fit: nobody takes it for damage.
  const auto faults = Unwrap(Unwrap(OpenReader())->CheckMedium());
  CHECK(faults.empty());
  // A writer goes on with it.
  const auto writer =
      Unwrap(VaultWriter::Open({vault(), key(), std::chrono::milliseconds(0), custody::Item::kForm, Opening()},
                               Give("the new passphrase"), pool()));
  Unwrap(writer->CommitAct({custody::Note{}, {{"items", "0"}, {"text", "goes on"}}}));
}

TEST_CASE_METHOD(PassphraseFixture, "nothing is changed while another process adds, or the key is replaced",
                 "[passphrase]") {
  const std::string before = ReadText(paths().log_key);
  SECTION("another adds") {
    const auto writer = Unwrap(OpenWriter());
    CHECK_FAILS(work::ProtectLogKeys({vault()}, Next()), ErrorCode::kBusy, "is writing to this vault");
  }
  SECTION("the key is being replaced") {
    WriteText(paths().next_log_key, "the next");
    CHECK_FAILS(work::ProtectLogKeys({vault()}, Next()), ErrorCode::kInvalid, "is being replaced");
  }
  SECTION("one of the two does not open") {
    WriteText(paths().label_key, "no secret");
    CHECK_FALSE(work::ProtectLogKeys({vault()}, Next()).has_value());
  }
  CHECK(ReadText(paths().log_key) == before);
}

TEST_CASE_METHOD(PassphraseFixture, "the vault's key goes under a passphrase by an entry, and the recovery key with it",
                 "[passphrase]") {
  const VaultKeys keys = VaultKey();
  const auto change = [&](const crypto::SecretText& passphrase) {
    return Unwrap(work::ChangeReaders(*Unwrap(OpenWriterAs(key(), custody::ReaderChange::kForm)),
                                      {.readers = {},
                                       .passphrase = &passphrase,
                                       .keys = keys,
                                       .fields = {{"reason", "another passphrase"}},
                                       .work = {10}}))
        .first;
  };
  change(crypto::SecretText("the first one"));
  const tlog::VerifierKey recovery = Unwrap(OpenRecoveryKey(vault(), {}, Give("the first one"))).verifier();
  const tlog::Sequence entry = change(next);
  CHECK_FAILS(OpenReaderKeys(vault(), {}, Give("the first one")), ErrorCode::kWrongKey, "reader key");
  CHECK(Unwrap(OpenReaderKeys(vault(), {}, Give("the new passphrase"))).size() == 1);
  const auto state = Unwrap(Unwrap(OpenReader())->State());
  CHECK(state.facts().key_file == Unwrap(LookAtKeyFile(paths().reader_key)).digest);
  CHECK(*state.facts().recovery() != recovery);
  CHECK(Unwrap(OpenRecoveryKey(vault(), {}, Give("the new passphrase"))).verifier() == *state.facts().recovery());
  CHECK(Unwrap(Unwrap(OpenReader())->Entry(entry)).parsed().sequence == entry);
}

}  // namespace exhibit::testing
