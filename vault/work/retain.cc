#include "vault/work/retain.h"

#include <algorithm>

#include "vault/base/format.h"
#include "vault/base/parallel.h"
#include "vault/store/kept_heads.h"
#include "vault/store/spent_objects.h"

namespace exhibit::work {
namespace {

using store::LockState;
using store::NamedObject;

constexpr std::size_t kAtOnce = 16;
constexpr std::size_t kBatch = 512;
constexpr std::size_t kMostTold = 20;
constexpr std::uint64_t kNothingWorks = 100;  // failures without a success

// One object whose lock is to be looked at.
struct Locked {
  net::ObjectName name;
  std::uint32_t days = 0;
};

// What became of it.
struct Renewal {
  std::optional<net::LockedUntil> before;
  LockState state = LockState::kHolds;
  std::optional<net::LockedUntil> now;  // after it; of a run that only tells, as before
};

class Retainer {
 public:
  Retainer(const store::ObjectLog& log, const RetainRequest& request)
      : log_(log), objects_(log.objects()), request_(request), begin_(Now()) {}

  Result<Retained> Run() {
    const std::uint32_t days = request_.payload_days.value_or(objects_.settings().payload_lock_days);
    done_.payload_until = store::LockFrom(begin_, days).time;
    std::vector<NamedObject> named;
    const std::unordered_set<std::uint64_t> spent = store::FindSpent(log_).Ids();
    log_.Look([&](const store::CommitIndex& index) {
      for (const auto& [id, object] : index.objects()) {
        if (!spent.contains(id)) named.push_back(object);
      }
      return 0;
    });
    done_.passed_over = spent.size();
    for (const NamedObject& object : named) TRY_VOID(Add({{KeyOf(object), object.version}, days}));
    for (const std::string_view prefix : {"log/", "head/", "keys/", "settings"}) TRY_VOID(AddVersions(prefix));
    TRY_VOID(Finish());
    return std::move(done_);
  }

 private:
  // The log names no version of these, so each is renewed that may be ours: whoever put another one over it must not hide it.
  // When it was put says of most that nothing is due, without asking.
  Result<void> AddVersions(std::string_view prefix) {
    const std::uint32_t days = objects_.settings().log_lock_days;
    return objects_.VisitVersions(prefix, [&](const store::VaultObjects::Versions& versions) -> Result<void> {
      for (const net::ListedVersion& version : versions) {
        if (version.is_marker || version.bytes > store::kMaxCommitBytes) continue;
        const LockState at_least =
            store::StateOf({.lock = store::LockFrom(version.put, days), .days = days, .now = begin_});
        if (at_least == LockState::kHolds) continue;
        TRY_VOID(Add({version.name, days}));
      }
      return {};
    });
  }

  Result<void> Add(Locked object) {
    waiting_.push_back(std::move(object));
    return waiting_.size() < kBatch ? Result<void>() : Finish();
  }

  Result<void> Finish() {
    if (waiting_.empty()) return {};
    const std::vector<Locked> batch = std::exchange(waiting_, {});
    std::vector<Result<Renewal>> renewals(batch.size(), Renewal());
    pool_.ForEach(batch.size(), [&](std::size_t i) {
      renewals[i] = Renew(batch[i]);
      if (request_.done != nullptr) request_.done->fetch_add(1);
    });
    for (std::size_t i = 0; i < batch.size(); ++i) TRY_VOID(Take(batch[i], renewals[i]));
    return {};
  }

  Result<Renewal> Renew(const Locked& object) const {
    Renewal renewal;
    TRY(renewal.before, objects_.ReadLock(object.name));
    renewal.now = renewal.before;
    renewal.state = store::StateOf({.lock = renewal.before, .days = object.days, .now = begin_});
    const net::LockedUntil until = store::LockFrom(begin_, object.days);
    if (renewal.before && *renewal.before >= until) renewal.state = LockState::kHolds;
    if (renewal.state == LockState::kHolds || request_.doing == RetainRequest::Doing::kOnlyTell) return renewal;
    TRY_VOID(objects_.LengthenLock(object.name, until));
    renewal.now = until;
    return renewal;
  }

  Result<void> Take(const Locked& object, const Result<Renewal>& renewal) {
    ++done_.looked;
    if (!renewal) {
      if (renewal.error().code == ErrorCode::kInterrupted) return Fail(renewal.error());
      if (++done_.failed <= kMostTold) {
        done_.failures.push_back({Format("{}/{}", objects_.Name(), object.name.key), renewal.error()});
      }
      if (done_.failed < kNothingWorks || done_.failed < done_.looked) return {};
      return Fail(Error(renewal.error()).In(Format("none of the first {} objects could be renewed", kNothingWorks)));
    }
    if (renewal->now && (!done_.first_end || renewal->now->time < *done_.first_end)) {
      done_.first_end = renewal->now->time;
    }
    if (renewal->state == LockState::kHolds) return {};
    ++done_.renewed;
    if (renewal->state == LockState::kLapsed) ++done_.lapsed;
    if (renewal->state == LockState::kNone) ++done_.unlocked;
    return {};
  }

  const store::ObjectLog& log_;
  const store::VaultObjects& objects_;
  const RetainRequest& request_;
  Moment begin_;
  Pool pool_{kAtOnce};
  std::vector<Locked> waiting_;
  Retained done_;
};

}  // namespace

Result<Retained> Retain(const store::ObjectLog& log, const RetainRequest& request) {
  return Retainer(log, request).Run();
}

}  // namespace exhibit::work
