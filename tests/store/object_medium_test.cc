// Goal: what was put over the objects of a vault, took them away or took their lock is named; what an honest writer leaves is not.
// Method: a vault's objects in memory, and one change to each kind of them.
#include "vault/store/object_medium.h"

#include "tests/support/locked_vault.h"
#include "vault/store/lock_survey.h"

namespace exhibit::testing {
namespace {

using Weight = verify::MediumFault::Weight;
using Faults = std::vector<verify::MediumFault>;

Faults Look(LockedVault& vault) { return Unwrap(store::CheckObjects(vault.Log())); }

void CheckOne(const Faults& faults, Weight weight, std::string_view words) {
  INFO((faults.empty() ? "no fault" : faults.front().message));
  REQUIRE(faults.size() == 1);
  CHECK(faults.front().weight == weight);
  CHECK(faults.front().message.find(words) != std::string::npos);
}

const std::vector<std::string> kOfTheLog = {"log/0000000000000001", "head/0000000000000001", "settings"};

}  // namespace

TEST_CASE("a vault's objects as they were put have no fault, and each costs one request for its lock",
          "[store][object]") {
  LockedVault vault;
  const store::ObjectLog& log = vault.Log();
  const auto before = vault.place->requests_by_call();
  CHECK(Unwrap(store::CheckObjects(log)).empty());
  auto calls = vault.place->requests_by_call();
  CHECK(calls["read-lock"] == 4 + 2 + 2 + 1 + 1);  // packs, copies, heads, settings, reader.age
  CHECK(calls["get"] - before.at("get") == 1);     // the newest head
  CHECK(calls["versions"] == 6);                   // no page is full
}

TEST_CASE("another version of the same bytes, as a repeated request leaves it, is no fault", "[store][object]") {
  LockedVault vault;
  for (const std::string& key : vault.place->Keys("data")) {
    const net::Object object = Unwrap(vault.data->GetObject({key}, 1 << 20));
    REQUIRE_OK(vault.data->PutObject({.key = key, .bytes = object.bytes, .lock = object.facts.lock}));
  }
  CHECK(Look(vault).empty());
}

TEST_CASE("a version of other bytes is named, of any length", "[store][object]") {
  LockedVault vault;
  const std::string text = GENERATE(std::string("x"), std::string(100, 'x'), std::string(50, 'x'));
  std::vector<std::string> keys = kOfTheLog;
  keys.push_back(vault.named[0]);
  keys.push_back(vault.named[1]);
  const std::string key = GENERATE_COPY(from_range(keys));
  REQUIRE_OK(vault.PutOver(key, text));
  CheckOne(Look(vault), Weight::kDamage, "of memory/data/" + key + " has other bytes than");
}

TEST_CASE("a delete marker over an object is named", "[store][object]") {
  LockedVault vault;
  const std::vector<std::string>& named = vault.named;
  const std::string key = named[GENERATE(std::size_t{0}, std::size_t{1}, std::size_t{3})];
  REQUIRE_OK(vault.data->Delete({key}));
  CheckOne(Look(vault), Weight::kDamage, key + " was deleted on ");
}

TEST_CASE("a version that the log names and that is gone is named, whatever is put in its place", "[store][object]") {
  LockedVault vault;
  vault.place->Remove("data", vault.named[0]);
  CheckOne(Look(vault), Weight::kDamage, vault.named[0] + " is gone");
  REQUIRE_OK(vault.data->PutObject({.key = vault.named[0],
                                    .bytes = Bytes(100, 1),
                                    .lock = net::LockedUntil{{Now().milliseconds + 86'400'000LL * 30}}}));
  CheckOne(Look(vault), Weight::kDamage,
           "the version of memory/data/" + vault.named[0] + " that the log names is gone");
}

TEST_CASE("an object without a lock is named, and one with a shorter lock than it was put with", "[store][object]") {
  LockedVault vault;
  std::vector<std::string> keys = kOfTheLog;
  keys.push_back("keys/reader.age");
  keys.push_back(vault.named[0]);
  const std::string key = GENERATE_COPY(from_range(keys));
  vault.place->SetLock("data", key, std::nullopt);
  CheckOne(Look(vault), Weight::kDamage, key + " has no lock");
  vault.place->SetLock("data", key, net::LockedUntil{{Now().milliseconds + 86'400'000}});
  CheckOne(Look(vault), Weight::kDamage, key + " is locked until ");
}

TEST_CASE("locks that end soon, and those that ended, are a warning", "[store][object]") {
  LockedVault vault;
  for (const std::string& key : vault.named) vault.place->Age("data", key, 15);
  CHECK(Look(vault).empty());
  for (const std::string& key : vault.named) vault.place->Age("data", key, 10);
  CheckOne(Look(vault), Weight::kRemark, "the locks of 4 objects have less than a third of their time left");
  for (const std::string& key : vault.named) vault.place->Age("data", key, 10);
  CheckOne(Look(vault), Weight::kRemark, "the locks of 4 objects ended, the first on ");
}

TEST_CASE("where locks may not be read, nothing is said to have none", "[store][object]") {
  class Closed final : public PassingBucket {
   public:
    using PassingBucket::PassingBucket;
    Result<std::optional<net::LockedUntil>> ReadLock(const net::ObjectName& /*name*/) override {
      return Fail(ErrorCode::kDenied, "403");
    }
  };
  LockedVault vault;
  vault.data = std::make_shared<Closed>(vault.data);
  CHECK_FAILS(store::CheckObjects(vault.Log()), ErrorCode::kPermission, "403");
}

TEST_CASE("some locks are looked at where all would cost too much", "[store][object]") {
  LockedVault vault;
  const auto some = Unwrap(store::LookAtSomeLocks(vault.Log()));
  CHECK(some.of == 6);
  CHECK(some.days == LockedVault::kPayloadDays);
  CHECK(some.seen.looked == 5);  // four packs, and the oldest commit
  CHECK(some.seen.near + some.seen.lapsed + some.seen.none == 0);
  vault.place->SetLock("data", vault.named[0], std::nullopt);
  vault.place->Age("data", vault.named[1], 25);
  vault.place->Age("data", vault.named[2], 31);
  const auto worse = Unwrap(store::LookAtSomeLocks(vault.Log()));
  CHECK(worse.seen.none == 1);
  CHECK(worse.seen.near == 1);
  CHECK(worse.seen.lapsed == 1);
}

}  // namespace exhibit::testing
