// Goal: a store that does not do what a vault relies on is refused by name, and one whose lock is weak only where that is not
// accepted.
// Method: buckets in memory that hold, and one for each promise that does not.
#include "vault/work/probe_buckets.h"

#include "tests/support/check.h"
#include "tests/support/memory_objects.h"

namespace exhibit::testing {
namespace {

using work::CheckProbes;
using work::ProbeBuckets;
using work::WeakLock;

struct Buckets {
  std::shared_ptr<MemoryPlaceOfObjects> place = std::make_shared<MemoryPlaceOfObjects>();
  MemoryBucket log{place, "log", MemoryBucket::Kind::kPlain};
  MemoryBucket data{place, "data", MemoryBucket::Kind::kLocking};
};

// Lets a lock fall that is set far ahead, as Ceph 16.2 does.
class ForgettingBucket final : public PassingBucket {
 public:
  using PassingBucket::PassingBucket;
  Result<std::string> PutObject(const Put& put) override {
    auto version = PassingBucket::PutObject(put);
    if (version && put.key.ends_with("far-ahead")) {
      // Without its lock, as once that has wrapped around.
      return PassingBucket::PutObject({.key = put.key, .bytes = put.bytes});
    }
    return version;
  }
  Result<void> Lock(const net::ObjectName& name, net::LockedUntil until) override {
    return name.key.ends_with("far-ahead") ? Result<void>() : PassingBucket::Lock(name, until);
  }
};

}  // namespace

TEST_CASE("buckets that hold are taken, each trial by its name", "[work][object]") {
  Buckets buckets;
  const auto probes = Unwrap(ProbeBuckets({buckets.log, buckets.data}));
  std::vector<std::string> names;
  for (const work::Probe& probe : probes) {
    CAPTURE(probe.name, probe.seen);
    CHECK(probe.holds);
    names.push_back(probe.name);
  }
  CHECK(names == std::vector<std::string>{"double create", "race of 8", "lock read back", "version kept",
                                          "locked delete", "lock shortened", "retention far ahead"});
  REQUIRE_OK(CheckProbes(probes, WeakLock::kRefused));
  CHECK(work::NotHolding(probes, work::Probe::Need::kLock).empty());
}

TEST_CASE("a bucket that creates over what is there, and one without locks, are refused whatever is accepted",
          "[work][object]") {
  Buckets buckets;
  SECTION("the log's bucket keeps versions, and so ignores conditions") {
    const auto probes = Unwrap(ProbeBuckets({buckets.data, buckets.data}));
    CHECK_FAILS(CheckProbes(probes, WeakLock::kAccepted), ErrorCode::kUnsupported, "double create");
  }
  SECTION("the data's bucket has no locks") {
    const auto probes = Unwrap(ProbeBuckets({buckets.log, buckets.log}));
    CHECK_FAILS(CheckProbes(probes, WeakLock::kAccepted), ErrorCode::kUnsupported, "lock read back");
  }
}

TEST_CASE("a lock that falls is refused, or accepted and named", "[work][object]") {
  Buckets buckets;
  ForgettingBucket data(std::make_shared<MemoryBucket>(buckets.place, "data", MemoryBucket::Kind::kLocking));
  const auto probes = Unwrap(ProbeBuckets({buckets.log, data}));
  CHECK_FAILS(CheckProbes(probes, WeakLock::kRefused), ErrorCode::kUnsupported, "retention far ahead");
  REQUIRE_OK(CheckProbes(probes, WeakLock::kAccepted));
  CHECK(work::NotHolding(probes, work::Probe::Need::kLock) == std::vector<std::string>{"retention far ahead"});
}

TEST_CASE("a store that does not answer is not judged", "[work][object]") {
  Buckets buckets;
  buckets.place->Choose([](std::string_view call, std::string_view, std::string_view) {
    return call == "delete" ? RequestFault::kLost : RequestFault::kNone;
  });
  CHECK_FAILS(ProbeBuckets({buckets.log, buckets.data}), ErrorCode::kIo, "no answer");
}

}  // namespace exhibit::testing
