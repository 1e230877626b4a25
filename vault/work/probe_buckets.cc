#include "vault/work/probe_buckets.h"

#include <algorithm>

#include "vault/base/format.h"
#include "vault/base/parallel.h"
#include "vault/crypto/random.h"

namespace exhibit::work {
namespace {

using net::LockedUntil;
using net::ObjectStore;
using Need = Probe::Need;

constexpr std::size_t kRacers = 8;
constexpr int kRaces = 4;
constexpr std::int64_t kDay = 86'400'000;
constexpr std::int64_t kFarAhead = 5'680'281'600'000;  // 2150-01-01T00:00:00Z
constexpr std::uint64_t kMostBytes = 4096;

class Prober {
 public:
  explicit Prober(const ProbedBuckets& buckets) : buckets_(buckets) {}

  Result<std::vector<Probe>> Run() {
    TRY_VOID(DoubleCreate());
    TRY_VOID(Race());
    TRY_VOID(LockedPut());
    TRY_VOID(KeptVersion());
    TRY_VOID(LockedDelete());
    TRY_VOID(Shortened());
    TRY_VOID(FarAhead());
    return std::move(probes_);
  }

 private:
  void Note(std::string name, Need need, bool holds, std::string seen) {
    probes_.push_back({std::move(name), need, holds, std::move(seen)});
  }
  // An answer that says no is an answer; none, or one that forbids the asking, is an error.
  static bool IsAnAnswer(const Error& error) {
    return error.code == ErrorCode::kExists || error.code == ErrorCode::kInvalid || error.code == ErrorCode::kNotFound;
  }
  Result<std::string> PutLocked(const std::string& key, std::string_view text, LockedUntil until) {
    return buckets_.data.PutObject({.key = key, .bytes = ViewOf(text), .lock = until});
  }

  Result<void> DoubleCreate() {
    const std::string key = folder_ + "twice";
    const auto create = [&](std::string_view text) {
      return buckets_.log.PutObject({.key = key, .bytes = ViewOf(text), .when = ObjectStore::When::kAbsent});
    };
    TRY_VOID(create("first"));
    const auto second = create("second");
    if (!second && second.error().code != ErrorCode::kExists) return Fail(second.error());
    TRY(const net::Object there, buckets_.log.GetObject({key}, kMostBytes));
    const bool is_first = TextOf(there.bytes) == "first";
    Note("double create", Need::kAlways, !second && is_first,
         !second && is_first ? "a second creation of one name was refused"
                             : Format("a second creation of one name was {}, and the first object is {}",
                                      second ? "taken" : "refused", is_first ? "still there" : "gone"));
    return {};
  }

  Result<void> Race() {
    Pool pool(kRacers);
    int wrong = 0;
    for (int race = 0; race < kRaces; ++race) {
      const std::string key = Format("{}race-{}", folder_, race);
      std::vector<Result<std::string>> answers(kRacers, std::string());
      pool.ForEach(kRacers, [&](std::size_t i) {
        const std::string text = std::to_string(i);
        answers[i] = buckets_.log.PutObject({.key = key, .bytes = ViewOf(text), .when = ObjectStore::When::kAbsent});
      });
      TRY(const net::Object there, buckets_.log.GetObject({key}, kMostBytes));
      for (std::size_t i = 0; i < kRacers; ++i) {
        // Of an answer that says nothing, nothing is held against the store.
        if (answers[i] && TextOf(there.bytes) != std::to_string(i)) ++wrong;
        if (!answers[i] && answers[i].error().code == ErrorCode::kDenied) return Fail(answers[i].error());
      }
    }
    Note(Format("race of {}", kRacers), Need::kAlways, wrong == 0,
         wrong == 0 ? "of several who created one name at once, one was told so"
                    : Format("in {} races {} were told that they created what another one did", kRaces, wrong));
    return {};
  }

  Result<void> LockedPut() {
    const std::string key = folder_ + "locked";
    auto put = PutLocked(key, "locked", lock_);
    if (!put && !IsAnAnswer(put.error())) return Fail(std::move(put).error());
    const auto facts = put ? buckets_.data.LookAt({key, *put}) : Result<net::ObjectFacts>(Fail(put.error()));
    if (!facts && !IsAnAnswer(facts.error())) return Fail(facts.error());
    const bool is_locked = facts && facts->lock && *facts->lock >= lock_;
    Note("lock read back", Need::kAlways, is_locked && put && !put->empty(),
         is_locked ? "an object that is put with a lock has it"
                   : Format("an object that was put with a lock has none{}; was the bucket made with Object Lock?",
                            facts ? std::string() : ": " + facts.error().message));
    if (put) locked_ = {key, *put};
    return {};
  }

  Result<void> KeptVersion() {
    if (!locked_) return {};
    TRY_VOID(PutLocked(locked_->key, "another", lock_));
    const auto before = buckets_.data.GetObject(*locked_, kMostBytes);
    if (!before && !IsAnAnswer(before.error())) return Fail(before.error());
    const bool is_there = before && TextOf(before->bytes) == "locked";
    Note("version kept", Need::kAlways, is_there,
         is_there ? "what is put over an object leaves it as a version" : "what is put over an object replaces it");
    return {};
  }

  // Whether deleting that version was refused, and it is there.
  Result<bool> Outlives(const net::ObjectName& name, std::string_view text) {
    const auto deleted = buckets_.data.Delete(name);
    if (!deleted && deleted.error().code == ErrorCode::kIo) return Fail(deleted.error());
    const auto there = buckets_.data.GetObject(name, kMostBytes);
    if (!there && there.error().code != ErrorCode::kNotFound) return Fail(there.error());
    return !deleted && there && TextOf(there->bytes) == text;
  }

  Result<void> LockedDelete() {
    if (!locked_) return {};
    TRY(const bool outlives, Outlives(*locked_, "locked"));
    Note("locked delete", Need::kLock, outlives,
         outlives ? "a locked version is not deleted" : "a locked version was deleted with these credentials");
    return {};
  }

  Result<void> Shortened() {
    if (!locked_) return {};
    const auto shortened = buckets_.data.Lock(*locked_, {{Now().milliseconds / 1000 * 1000 + kDay / 24}});
    if (!shortened && shortened.error().code == ErrorCode::kIo) return Fail(shortened.error());
    const auto facts = buckets_.data.LookAt(*locked_);
    const bool holds = facts && facts->lock && *facts->lock >= lock_;
    Note("lock shortened", Need::kLock, holds,
         holds ? "a lock is not made shorter" : "a lock was made shorter, or its object is gone");
    return {};
  }

  // On Ceph 16.2 a time after 2106 wraps around, and the object can be deleted at once.
  Result<void> FarAhead() {
    if (!locked_) return {};
    const std::string key = folder_ + "far-ahead";
    TRY(const std::string version, PutLocked(key, "far ahead", lock_));
    const auto lengthened = buckets_.data.Lock({key, version}, {{kFarAhead}});
    if (!lengthened && lengthened.error().code == ErrorCode::kIo) return Fail(lengthened.error());
    TRY(const bool outlives, Outlives({key, version}, "far ahead"));
    Note("retention far ahead", Need::kLock, outlives,
         outlives
             ? "a lock until 2150 holds"
             : "a lock that was set until 2150 fell at once: whoever has these credentials can take any lock away");
    return {};
  }

  ProbedBuckets buckets_;
  std::string folder_ = NewProbeFolder();
  LockedUntil lock_ = LockOfProbes();
  std::optional<net::ObjectName> locked_;
  std::vector<Probe> probes_;
};

}  // namespace

std::string NewProbeFolder() { return Format("probe/{:016x}/", crypto::RandomNumber()); }

LockedUntil LockOfProbes() { return {{Now().milliseconds / 1000 * 1000 + kDay}}; }

Result<std::vector<Probe>> ProbeBuckets(const ProbedBuckets& buckets) { return Prober(buckets).Run(); }

Result<void> CheckProbes(const std::vector<Probe>& probes, WeakLock weak) {
  std::string failed;
  bool can_be_accepted = true;
  for (const Probe& probe : probes) {
    if (probe.holds || probe.need == Need::kNone || (probe.need == Need::kLock && weak == WeakLock::kAccepted))
      continue;
    failed += Format("{}{}: {}", failed.empty() ? "" : "; ", probe.name, probe.seen);
    can_be_accepted = can_be_accepted && probe.need == Need::kLock;
  }
  if (failed.empty()) return {};
  return Fail(ErrorCode::kUnsupported, Format("this object store does not do what a vault relies on: {}", failed),
              can_be_accepted
                  ? "--accept-weak-lock makes a vault all the same, and its log says so. docs/OBJECT-STORE.md "
                    "has the versions that hold"
                  : "no vault was made. docs/OBJECT-STORE.md has what each bucket must be, and versions that hold");
}

std::vector<std::string> NotHolding(const std::vector<Probe>& probes, Probe::Need need) {
  std::vector<std::string> names;
  for (const Probe& probe : probes) {
    if (!probe.holds && probe.need == need) names.push_back(probe.name);
  }
  return names;
}

}  // namespace exhibit::work
