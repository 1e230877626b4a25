// Goal: a status says what is there, what waits and what is missing. Method: vaults in which one of these is so.
#include "vault/work/status.h"

#include "tests/support/vault_fixture.h"

namespace exhibit::testing {
namespace {

struct StatusFixture : VaultFixture {
  work::StatusOfVault Look() {
    const auto reader = Unwrap(OpenReader());
    const custody::State state = Unwrap(reader->State());
    return Unwrap(work::LookAtStatus(*reader, state, {vault()}, pool()));
  }
};

}  // namespace

TEST_CASE_METHOD(StatusFixture, "of a new vault all is whole, and nothing waits", "[status]") {
  const work::StatusOfVault status = Look();
  CHECK(status.head.size == tlog::TreeSize{1});
  CHECK(status.fingerprint == Unwrap(OpenReader())->fingerprint());
  CHECK(status.unacknowledged == 0);
  CHECK_FALSE(status.is_being_written);
  CHECK(status.is_key_file_named);
  CHECK_FALSE(status.is_under_passphrase);
  CHECK(status.collectors.empty());
  CHECK_FALSE(status.last_stamp);
  CHECK_FALSE(status.cosigned);
  REQUIRE(status.kit);
  CHECK_FALSE(status.kit->made_at);
}

TEST_CASE_METHOD(StatusFixture, "a writer at work is seen", "[status]") {
  const auto writer = Unwrap(OpenWriter());
  CHECK(Look().is_being_written);
}

TEST_CASE_METHOD(StatusFixture, "a key file that is not what was written is seen", "[status]") {
  WriteText(vault() / "keys/reader.age", ReadText(vault() / "keys/recovery.age"));
  const work::StatusOfVault status = Look();
  CHECK_FALSE(status.is_key_file_named);
  const auto damage = [](const verify::MediumFault& fault) {
    return fault.weight == verify::MediumFault::Weight::kDamage;
  };
  CHECK(std::ranges::any_of(status.key_files, damage));
}

TEST_CASE_METHOD(StatusFixture, "a collector who sent nothing yet is expected to begin with 1", "[status]") {
  const tlog::SigningKey collector = Admit(2, {custody::Role::kCollector});
  const auto collectors = Look().collectors;
  REQUIRE(collectors.size() == 1);
  CHECK(collectors.front().handle == collector.verifier().name().text());
  CHECK(collectors.front().person == custody::Person{2});
  CHECK(collectors.front().is_admitted);
  CHECK(collectors.front().chain.last == 0);
  const auto reader = Unwrap(OpenReader());
  CHECK(work::CollectorsOf(Unwrap(reader->State()).facts()) ==
        std::vector{std::string(collector.verifier().name().text())});
  // Retired, it is shown, and nobody waits for it.
  Act(custody::Retire{custody::ActorOf(collector.verifier()), {}});
  CHECK_FALSE(Look().collectors.front().is_admitted);
  CHECK(work::CollectorsOf(Unwrap(Unwrap(OpenReader())->State()).facts()).empty());
}

}  // namespace exhibit::testing
