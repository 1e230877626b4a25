// Goal: a copy that fails anywhere shows no head that it does not hold, and the next run ends it.
// Method: a fault at each call of the store, and at each request to the buckets; then what is shown is verified, and the copy
// made again.
#include "tests/work/replicate_fixture.h"
#include "vault/work/shred.h"

namespace exhibit::testing {
namespace {

namespace fs = std::filesystem;
using Fault = store::MemoryDisk::Fault;

}  // namespace

TEST_CASE_METHOD(ReplicateFixture, "a copy that fails at any call is gone on with", "[replicate][faults]") {
  const auto fault = GENERATE(Fault::kNotDone, Fault::kDone, Fault::kChanged);
  const bool loses_power = GENERATE(false, true);
  CAPTURE(static_cast<int>(fault), loses_power);
  {
    auto writer = Unwrap(OpenWriterAs(key(), custody::Shred::kForm));
    REQUIRE_OK(work::Shred(*writer, {custody::Shred{Unwrap(custody::ItemSet::Parse("2"))}, {{"reason", "over"}}}));
  }
  Add({{"d", "four"}});
  for (std::uint64_t calls = 0;; ++calls) {
    CAPTURE(calls);
    InMemory copy(path() / ("copy-" + std::to_string(calls)));
    copy.disk.FailAfter(calls, fault);
    const auto done = Replicate(copy);
    if (!copy.disk.HasFailed()) {
      REQUIRE_OK(done);
      break;
    }
    if (loses_power) copy.disk = copy.disk.AfterPowerCut();
    // What it shows, it holds.
    if (fs::exists(VaultPaths(copy.folder()).head)) AsStranger([&] { CheckVerifies(copy); });
    const auto again = Replicate(copy);
    INFO((again ? "" : again.error().message));
    REQUIRE_OK(again);
    CheckWhole(copy);
    fs::remove_all(copy.folder());
  }
}

TEST_CASE_METHOD(ReplicateFixture, "a copy into buckets that fails at any request is gone on with",
                 "[replicate][faults]") {
  const auto fault = GENERATE(RequestFault::kLost, RequestFault::kReplyLost, RequestFault::kDelayed);
  CAPTURE(static_cast<int>(fault));
  for (std::size_t at = 0;; ++at) {
    CAPTURE(at);
    InBuckets copy(path() / ("copy-" + std::to_string(at)));
    // From one request on nobody answers; what was on its way arrives, or not.
    copy.objects->Choose([fault, at, count = std::size_t{0}](auto, auto, auto) mutable {
      const std::size_t now = count++;
      return now < at ? RequestFault::kNone : now == at ? fault : RequestFault::kLost;
    });
    const auto done = Replicate(copy);
    if (done) break;
    copy.objects->Heal();
    copy.objects->Deliver();
    copy.Restart();
    const auto again = Replicate(copy);
    INFO((again ? "" : again.error().message));
    REQUIRE_OK(again);
    CheckSame(*Unwrap(OpenReader()), *Unwrap(Open(copy)));
    // As a fresh machine finds it.
    copy.Restart();
    fs::remove_all(copy.folder() / "store");
    fs::create_directory(copy.folder() / "store");
    CheckVerifies(copy);
    fs::remove_all(copy.folder());
  }
}

}  // namespace exhibit::testing
