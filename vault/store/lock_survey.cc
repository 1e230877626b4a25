#include "vault/store/lock_survey.h"

#include <algorithm>
#include <iterator>
#include <random>

#include "vault/crypto/random.h"
#include "vault/store/object_log.h"
#include "vault/store/spent_objects.h"

namespace exhibit::store {

void LocksSeen::Count(LockState state, const std::optional<net::LockedUntil>& lock) {
  ++looked;
  if (state == LockState::kNear) ++near;
  if (state == LockState::kLapsed) ++lapsed;
  if (state == LockState::kNone || state == LockState::kShort) ++none;
  if (lock && (!first_end || lock->time < *first_end)) first_end = lock->time;
}

Result<void> LockSurvey::Add(Asked asked) {
  waiting_.push_back(std::move(asked));
  return waiting_.size() < kBatch ? Result<void>() : Finish();
}

Result<void> LockSurvey::Finish() {
  if (waiting_.empty()) return {};
  if (!pool_) pool_.emplace(std::min(kAtOnce, waiting_.size()));
  const std::vector<Asked> asked = std::exchange(waiting_, {});
  std::vector<Result<std::optional<net::LockedUntil>>> locks(asked.size(), std::optional<net::LockedUntil>());
  pool_->ForEach(asked.size(), [&](std::size_t i) { locks[i] = objects_.ReadLock(asked[i].name); });
  for (std::size_t i = 0; i < asked.size(); ++i) TRY_VOID(told_(asked[i], locks[i]));
  return {};
}

Result<SomeLocks> LookAtSomeLocks(const ObjectLog& log) {
  constexpr std::size_t kMost = 64;
  const ObjectSettings& settings = log.objects().settings();
  SomeLocks some{.seen = {}, .of = 0, .days = settings.payload_lock_days};
  LockSurvey survey(log.objects(), [&](const LockSurvey::Asked& asked, const auto& lock) -> Result<void> {
    if (!lock && lock.error().code != ErrorCode::kNotFound) return Fail(lock.error());
    const auto until = lock ? *lock : std::nullopt;
    some.seen.Count(StateOf({.lock = until, .days = asked.days, .now = Now()}), until);
    return {};
  });
  std::vector<NamedObject> chosen;
  const std::unordered_set<std::uint64_t> spent = FindSpent(log).Ids();
  log.Look([&](const CommitIndex& index) {
    some.of = index.objects().size() - spent.size() + index.commits();
    std::vector<std::uint64_t> ids;
    for (const auto& [id, object] : index.objects()) {
      if (!spent.contains(id)) ids.push_back(id);
    }
    std::vector<std::uint64_t> sample;
    std::ranges::sample(ids, std::back_inserter(sample), kMost, std::mt19937_64(crypto::RandomNumber()));
    for (const std::uint64_t id : sample) chosen.push_back(*index.FindObject(id));
    return 0;
  });
  for (const NamedObject& object : chosen) {
    TRY_VOID(survey.Add({{KeyOf(object), object.version}, settings.payload_lock_days}));
  }
  if (log.commits() > 0) TRY_VOID(survey.Add({{KeyOfCommit(0)}, settings.log_lock_days}));
  TRY_VOID(survey.Finish());
  return some;
}

}  // namespace exhibit::store
