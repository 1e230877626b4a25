// Goal: readers get a vault back whose custodians lost their keys, under an entry that says so and stops the others; nobody
// else does. Method: a vault with a rule and a second custodian, recovered by its reader.
#include "vault/work/recover.h"

#include "tests/support/vault_fixture.h"
#include "vault/session/recovery_key.h"
#include "vault/work/change_readers.h"

namespace exhibit::testing {
namespace {

namespace fs = std::filesystem;

struct RecoverFixture : VaultFixture {
  RecoverFixture() {
    Add({{"a", "one"}});
    Admit(2);
  }
  work::RecoverRequest Wanted() {
    work::RecoverRequest request;
    request.folder = vault();
    request.identities = ReaderIdentities();
    request.custodian = {.name = "Carol Reader"};
    request.custodian_key = new_key();
    request.fields = {{"reason", "all keys are lost"}};
    request.opening = Opening();
    return request;
  }
  Result<work::Recovered> Recover(const work::RecoverRequest& request) {
    return work::Recover(request, NoPassphrase, pool());
  }
  fs::path new_key() const { return path() / "carol.key"; }
  custody::Facts Facts() { return Unwrap(Unwrap(OpenReader())->State()).facts(); }
};

}  // namespace

TEST_CASE_METHOD(RecoverFixture, "a reader admits a new custodian, and all others are stopped", "[recover]") {
  const auto before = *Facts().recovery();
  const work::Recovered done = Unwrap(Recover(Wanted()));
  CHECK(done.entry == tlog::Sequence{3});
  CHECK(done.person == custody::Person{3});
  CHECK(done.custodian_key.name().text() == "test.example/vault/k3");
  CHECK(Unwrap(custody::LoadKey(new_key(), NoPassphrase)).verifier() == done.custodian_key);
  CHECK(custody::PersonFactsIn(Fields(done.entry)) == custody::PersonFacts{done.person, "Carol Reader", {}, {}});

  const custody::Facts facts = Facts();
  CHECK(facts.Stopped() == std::set<custody::Person>{{1}, {2}});
  CHECK(facts.recoveries == std::vector{done.entry});
  REQUIRE(facts.recovery() != nullptr);
  CHECK(*facts.recovery() != before);
  CHECK(Unwrap(OpenRecoveryKey(vault(), ReaderIdentities(), NoPassphrase)).verifier() == *facts.recovery());

  // The new custodian lifts one of them.
  const auto writer = Unwrap(OpenWriterAs(new_key(), custody::Lift::kForm));
  Unwrap(writer->CommitAct({custody::Lift{done.entry, {1}}, {{"reason", "the key was found"}}}));
  CHECK(Facts().Stopped() == std::set<custody::Person>{{2}});
  const auto report = Verify(verify::Depth::kContent);
  CHECK(report.ok());
  CHECK(report.recoveries == std::vector{done.entry});
}

TEST_CASE_METHOD(RecoverFixture, "the recovery key that was used is renewed, or ended", "[recover]") {
  auto request = Wanted();
  request.next = work::RecoverRequest::Next::kNone;
  Unwrap(Recover(request));
  CHECK(Facts().recovery() == nullptr);
  CHECK_FALSE(fs::exists(VaultPaths(vault()).recovery_key));
  request.custodian_key = path() / "second.key";
  CHECK_FAILS(Recover(request), ErrorCode::kNotFound, "the log names no recovery key");
  CHECK_FALSE(fs::exists(request.custodian_key));
}

TEST_CASE_METHOD(RecoverFixture, "the new key is under the passphrase that was given for it", "[recover]") {
  const crypto::SecretText passphrase("of the new key");
  auto request = Wanted();
  request.key_passphrase = &passphrase;
  request.work = {10};
  Unwrap(Recover(request));  // asks nobody for it again
  REQUIRE_OK(custody::LoadKey(new_key(), [](const custody::PassphraseRequest&) -> Result<crypto::SecretText> {
    return crypto::SecretText("of the new key");
  }));
}

TEST_CASE_METHOD(RecoverFixture, "who is no reader recovers nothing, and leaves nothing", "[recover]") {
  const seal::Identity stranger = seal::X25519Identity::Generate();
  auto request = Wanted();
  request.identities = {&stranger, 1};
  CHECK_FAILS(Recover(request), ErrorCode::kWrongKey, "recovery");
  CHECK_FALSE(fs::exists(new_key()));
  request = Wanted();
  WriteText(new_key(), "somebody's");
  CHECK_FAILS(Recover(request), ErrorCode::kExists, "carol.key");
  CHECK(ReadText(new_key()) == "somebody's");
  CHECK(Facts().recoveries.empty());
}

TEST_CASE_METHOD(RecoverFixture, "a reader who left does not recover", "[recover]") {
  const seal::Identity carol = seal::X25519Identity::Generate();
  const VaultKeys keys = VaultKey();
  {
    work::ReadersRequest request{.readers = {{seal::RecipientText(Unwrap(seal::RecipientOf(carol)))}}, .keys = keys};
    Unwrap(work::ChangeReaders(*Unwrap(OpenWriterAs(key(), custody::ReaderChange::kForm)), request));
  }
  CHECK_FAILS(Recover(Wanted()), ErrorCode::kWrongKey, "recovery");
  auto request = Wanted();
  request.identities = {&carol, 1};
  REQUIRE_OK(Recover(request));
}

}  // namespace exhibit::testing
