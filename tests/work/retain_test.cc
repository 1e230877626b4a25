// Goal: every lock that is due is renewed, and read back; none is shortened; what was done is not done again; what could not be
// done is named; and what no commit names is left to end.
// Method: a vault's objects in memory that were put long ago, and stores that refuse, lie or hang up.
#include "vault/work/retain.h"

#include "tests/support/locked_vault.h"
#include "vault/store/object_medium.h"

namespace exhibit::testing {
namespace {

using work::Retain;
using work::Retained;
using Doing = work::RetainRequest::Doing;
constexpr std::int64_t kDay = 86'400'000;

std::map<std::string, net::LockedUntil> LocksOf(const LockedVault& vault) {
  std::map<std::string, net::LockedUntil> locks;
  for (const std::string& key : vault.place->Keys("data")) locks[key] = *Unwrap(vault.data->ReadLock({key}));
  return locks;
}

void AgeAll(const LockedVault& vault, std::int64_t days) {
  for (const std::string& key : vault.place->Keys("data")) vault.place->Age("data", key, days);
}

bool IsInDays(Moment time, std::int64_t days) {
  const std::int64_t off = time.milliseconds - Now().milliseconds - days * kDay;
  return off > -600'000 && off < 600'000;
}

}  // namespace

TEST_CASE("what is due is renewed, and a second run finds nothing to do", "[work][object]") {
  LockedVault vault;
  CHECK(Unwrap(Retain(vault.Log(), {})).renewed == 0);
  AgeAll(vault, 12);
  const Retained done = Unwrap(Retain(vault.Log(), {}));
  CHECK(done.looked == 4);  // of the log's own nothing can be due
  CHECK(done.renewed == 4);
  CHECK(done.failed == 0);
  CHECK(IsInDays(done.payload_until, LockedVault::kPayloadDays));
  CHECK(IsInDays(*done.first_end, LockedVault::kPayloadDays));
  for (const std::string& key : vault.named) CHECK(IsInDays(LocksOf(vault).at(key).time, LockedVault::kPayloadDays));
  const auto before = vault.place->requests_by_call();
  CHECK(Unwrap(Retain(vault.Log(), {})).renewed == 0);
  auto calls = vault.place->requests_by_call();
  CHECK(calls["lock"] == before.at("lock"));
  CHECK(calls["read-lock"] == before.at("read-lock") + 4);
}

TEST_CASE("the log's own objects are renewed once their long lock is due", "[work][object]") {
  LockedVault vault;
  AgeAll(vault, 120);
  const Retained done = Unwrap(Retain(vault.Log(), {}));
  CHECK(done.looked == 10);
  CHECK(done.renewed == 10);
  CHECK(done.lapsed == 4);
  for (const auto& [key, lock] : LocksOf(vault)) {
    const bool is_sealed = key.starts_with("pay/") || key.starts_with("hdr/");
    CHECK(IsInDays(lock.time, is_sealed ? LockedVault::kPayloadDays : LockedVault::kLogDays));
  }
  CHECK(Unwrap(store::CheckObjects(vault.Log())).empty());
}

TEST_CASE("nothing is made shorter, and nothing is renewed by who only asks", "[work][object]") {
  LockedVault vault;
  AgeAll(vault, 12);
  const auto before = LocksOf(vault);
  CHECK(Unwrap(Retain(vault.Log(), {.doing = Doing::kOnlyTell})).renewed == 4);
  CHECK(LocksOf(vault) == before);
  CHECK(Unwrap(Retain(vault.Log(), {.payload_days = 10})).renewed == 0);
  CHECK(LocksOf(vault) == before);
  CHECK(Unwrap(Retain(vault.Log(), {.payload_days = 400})).renewed == 4);
  CHECK(IsInDays(LocksOf(vault).at(vault.named[0]).time, 400));
  CHECK(Unwrap(Retain(vault.Log(), {})).renewed == 0);
  CHECK(IsInDays(LocksOf(vault).at(vault.named[0]).time, 400));
}

TEST_CASE("what no commit names is left to end", "[work][object]") {
  LockedVault vault;
  REQUIRE_OK(vault.Objects().PutPack(store::NamedObject::Kind::kPayload, 99, Bytes(10, 3)));
  AgeAll(vault, 20);
  CHECK(Unwrap(Retain(vault.Log(), {})).looked == 4);
  CHECK_FALSE(IsInDays(LocksOf(vault).at("pay/0000000000000063").time, LockedVault::kPayloadDays));
}

TEST_CASE("the version that the log names is renewed, whatever was put over it", "[work][object]") {
  LockedVault vault;
  const auto facts = Unwrap(vault.data->LookAt({vault.named[0]}));
  AgeAll(vault, 20);
  REQUIRE_OK(vault.PutOver(vault.named[0], "something else"));
  REQUIRE_OK(vault.data->Delete({vault.named[1]}));
  CHECK(Unwrap(Retain(vault.Log(), {})).renewed == 4);
  CHECK(IsInDays(Unwrap(vault.data->ReadLock({vault.named[0], facts.version}))->time, LockedVault::kPayloadDays));
}

TEST_CASE("one that cannot be renewed is named, and the others are renewed", "[work][object]") {
  LockedVault vault;
  AgeAll(vault, 20);
  vault.place->Choose([&](std::string_view call, std::string_view, std::string_view key) {
    return call == "lock" && key == vault.named[2] ? RequestFault::kRefused : RequestFault::kNone;
  });
  const Retained done = Unwrap(Retain(vault.Log(), {}));
  CHECK(done.renewed == 3);
  CHECK(done.failed == 1);
  REQUIRE(done.failures.size() == 1);
  CHECK(done.failures[0].object == "memory/data/" + vault.named[2]);
  CHECK(done.failures[0].why.code == ErrorCode::kIo);
  vault.place->Heal();
  CHECK(Unwrap(Retain(vault.Log(), {})).renewed == 1);
}

TEST_CASE("a store that says done and does nothing is not believed", "[work][object]") {
  class Lying final : public PassingBucket {
   public:
    using PassingBucket::PassingBucket;
    Result<void> Lock(const net::ObjectName& /*name*/, net::LockedUntil /*until*/) override { return {}; }
  };
  LockedVault vault;
  AgeAll(vault, 20);
  vault.data = std::make_shared<Lying>(vault.data);
  const Retained done = Unwrap(Retain(vault.Log(), {}));
  CHECK(done.renewed == 0);
  CHECK(done.failed == 4);
  CHECK(done.failures[0].why.code == ErrorCode::kTampered);
  CHECK(done.failures[0].why.message.find("read back it is") != std::string::npos);
}

TEST_CASE("an object that had no lock gets one, and it is said", "[work][object]") {
  LockedVault vault;
  vault.place->SetLock("data", vault.named[0], std::nullopt);
  const Retained done = Unwrap(Retain(vault.Log(), {}));
  CHECK(done.unlocked == 1);
  CHECK(done.renewed == 1);
  CHECK(IsInDays(LocksOf(vault).at(vault.named[0]).time, LockedVault::kPayloadDays));
}

}  // namespace exhibit::testing
