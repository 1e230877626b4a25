// Goal: objects of what was destroyed are deleted once their locks have ended, every version; not before, not without a signed
// entry that says so, not while what was placed anew is not there; and nobody is believed who says that it is done.
// Method: a copy of a real vault in buckets in memory, aged; stores that refuse or lie; a log that does not verify.
#include "vault/work/sweep.h"

#include "tests/work/replicate_fixture.h"
#include "vault/work/retain.h"
#include "vault/work/shred.h"

namespace exhibit::testing {
namespace {

struct SweepFixture : ReplicateFixture {
  SweepFixture() : copy(path() / "copy") {
    REQUIRE_OK(Replicate(copy));
    first = Packs();
    {
      auto writer = Unwrap(OpenWriterAs(key(), custody::Shred::kForm));
      REQUIRE_OK(work::Shred(*writer, {custody::Shred{Unwrap(custody::ItemSet::Parse("1"))}, {{"reason", "over"}}}));
    }
    REQUIRE_OK(Replicate(copy));
    copy.Restart();
  }
  std::vector<std::string> Packs() const {
    std::vector<std::string> packs = copy.objects->Keys("data");
    std::erase_if(packs, [](const std::string& key) { return !key.starts_with("pay/") && !key.starts_with("hdr/"); });
    return packs;
  }
  Result<work::Swept> Sweep(work::SweepRequest::Doing doing = work::SweepRequest::Doing::kDelete) {
    copy.Restart();
    const auto reader = Unwrap(Open(copy));
    return work::Sweep(*copy.Log(), *reader, {.doing = doing}, pool());
  }
  std::size_t CountOf(const std::string& key) const {
    MemoryBucket data(copy.objects, "data", MemoryBucket::Kind::kLocking);
    return Unwrap(data.ListVersions(key, {})).versions.size();
  }
  void Age(std::int64_t days) const {
    for (const std::string& key : copy.objects->Keys("data")) {
      if (!key.starts_with("log") && !key.starts_with("head") && !key.starts_with("keys"))
        copy.objects->Age("data", key, days);
    }
  }

  InBuckets copy;
  std::vector<std::string> first;
};

}  // namespace

TEST_CASE_METHOD(SweepFixture, "what is locked waits; once the locks have ended every version goes", "[work][sweep]") {
  const auto before = Unwrap(Sweep());
  CHECK(before.locked == 2);
  CHECK(before.deleted + before.ended == 0);
  CHECK(before.waiting.files == std::vector<tlog::Sequence>{{1}});
  const store::Spent spent = store::FindSpent(*copy.Log());
  const std::string key = KeyOf(spent.objects.front().object);
  // Somebody put another version over it, and a marker.
  MemoryBucket data(copy.objects, "data", MemoryBucket::Kind::kLocking);
  REQUIRE_OK(data.PutObject({.key = key, .bytes = ViewOf("x")}));
  REQUIRE_OK(data.Delete({key}));
  Age(11);
  CHECK(Unwrap(Sweep(work::SweepRequest::Doing::kOnlyTell)).ended == 2);
  CHECK(CountOf(key) == 3);
  const auto done = Unwrap(Sweep());
  CHECK(done.deleted == 2);
  CHECK(done.failures.empty());
  CHECK(done.destroyed.files == std::vector<tlog::Sequence>{{1}});
  CHECK(CountOf(key) == 0);
  const auto again = Unwrap(Sweep());
  CHECK(again.gone == 2);
  CHECK(again.ended == 0);
  CheckVerifies(copy);
}

TEST_CASE_METHOD(SweepFixture, "locks of what is spent are not renewed", "[work][sweep]") {
  Age(5);
  REQUIRE_OK(Open(copy));
  const auto done = Unwrap(work::Retain(*copy.Log(), {}));
  CHECK(done.passed_over == 2);
  Age(6);
  CHECK(Unwrap(Sweep()).deleted == 2);
  CheckVerifies(copy);
}

TEST_CASE_METHOD(SweepFixture, "what was placed anew and is not there keeps the object, locked anew", "[work][sweep]") {
  Age(11);
  for (const std::string& key : Packs()) {
    if (std::ranges::find(first, key) == first.end() && key.starts_with("pay/"))
      copy.objects->Overwrite("data", key, Bytes(100'000, 7));
  }
  const auto done = Unwrap(Sweep());
  REQUIRE(done.failures.size() == 1);
  CHECK(done.failures[0].why.code == ErrorCode::kTampered);
  CHECK(done.failures[0].why.message.find("locked anew") != std::string::npos);
  CHECK(done.deleted == 1);
  const auto again = Unwrap(Sweep());
  CHECK(again.locked == 1);
}

TEST_CASE_METHOD(SweepFixture, "who may not delete is told so", "[work][sweep]") {
  class Refusing final : public PassingBucket {
   public:
    using PassingBucket::PassingBucket;
    Result<void> Delete(const net::ObjectName& /*name*/) override { return Fail(ErrorCode::kDenied, "403"); }
  };
  class Lying final : public PassingBucket {
   public:
    using PassingBucket::PassingBucket;
    Result<void> Delete(const net::ObjectName& /*name*/) override { return {}; }
  };
  Age(11);
  const auto reader = Unwrap(Open(copy));
  const auto sweep_with = [&](std::shared_ptr<net::ObjectStore> data) {
    store::ObjectLog log(
        store::VaultObjects({std::make_shared<MemoryBucket>(copy.objects, "log", MemoryBucket::Kind::kPlain), data},
                            {.in_all = std::chrono::milliseconds(1)}),
        path() / "cache");
    std::filesystem::create_directories(path() / "cache");
    REQUIRE_OK(log.CatchUp());
    return Unwrap(work::Sweep(log, *reader, {}, pool()));
  };
  const auto bucket = std::make_shared<MemoryBucket>(copy.objects, "data", MemoryBucket::Kind::kLocking);
  const auto refused = sweep_with(std::make_shared<Refusing>(bucket));
  CHECK((refused.not_permitted == 2 && refused.deleted == 0 && refused.failures.empty()));
  const auto lied = sweep_with(std::make_shared<Lying>(bucket));
  REQUIRE(lied.failures.size() == 2);
  CHECK(lied.failures[0].why.message.find("it is still there") != std::string::npos);
}

}  // namespace exhibit::testing
