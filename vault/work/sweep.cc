#include "vault/work/sweep.h"

#include <algorithm>

#include "vault/base/format.h"
#include "vault/base/interrupt.h"
#include "vault/store/lock_state.h"
#include "vault/verify/forwarding_source.h"
#include "vault/verify/verifier.h"
#include "vault/work/later_said.h"

namespace exhibit::work {
namespace {

using store::SpentObject;
using Versions = store::VaultObjects::Versions;

Result<void> VerifyLog(const VaultReader& vault, const std::atomic<bool>* interrupted, Pool& pool) {
  verify::Options options;
  options.depth = verify::Depth::kLog;
  options.interrupted = interrupted;
  // What the entries say, and not what the buckets are like, which `verify` says.
  const verify::ForwardingSource entries(vault);
  TRY(const verify::Report report, verify::Verify(entries, options, pool));
  if (report.newer_from) {
    return Fail(ErrorCode::kUnsupported, "nothing was deleted: " + verify::FirstProblem(report),
                "use a newer version of exhibit");
  }
  if (report.ok()) return {};
  return Fail(report.findings.empty() ? ErrorCode::kIo : ErrorCode::kTampered,
              "nothing was deleted: " + verify::FirstProblem(report),
              "nothing of a log that does not verify is deleted. `exhibit verify` says all that is wrong");
}

// That signed entries destroyed all that it holds.
Result<void> CheckSaid(const LaterSaid& said, const SpentObject& spent) {
  const auto none = [](tlog::Sequence at) {
    return Fail(ErrorCode::kTampered,
                Format("{}: the record of a commit says that it is destroyed, and no signed entry does", NameOf(at)),
                "`exhibit verify` says what is damaged; keep the bucket as it is, and compare with other copies");
  };
  for (const tlog::Sequence at : spent.holds.files) {
    if (!said.IsShredded(at)) return none(at);
  }
  for (const tlog::Sequence at : spent.holds.headers) {
    if (!said.IsShredded(at) && !said.OwnHeaderIsDestroyed(at)) return none(at);
  }
  return {};
}

class Sweeper {
 public:
  Sweeper(const store::ObjectLog& log, const VaultReader& vault, const SweepRequest& request, Pool& pool)
      : log_(log), objects_(log.objects()), vault_(vault), request_(request), pool_(pool) {}

  Result<Swept> Run() {
    const store::Spent spent = store::FindSpent(log_);
    for (const SpentObject& one : spent.objects) {
      TRY_VOID(StopIfAsked(request_.interrupted));
      TRY_VOID(LookAt(one));
    }
    done_.ended = ended_.size();
    if (ended_.empty() || request_.doing == SweepRequest::Doing::kOnlyTell) return std::move(done_);
    TRY_VOID(VerifyLog(vault_, request_.interrupted, pool_));
    TRY(const custody::State state, vault_.State());
    TRY(const LaterSaid said, LaterSaid::Read(vault_, state));
    for (const SpentObject& one : ended_) {
      TRY_VOID(StopIfAsked(request_.interrupted));
      auto deleted = Delete(said, one);
      if (deleted) {
        done_.destroyed.Join(one.holds);
        continue;
      }
      if (deleted.error().code == ErrorCode::kInterrupted) return Fail(std::move(deleted).error());
      done_.waiting.Join(one.holds);
      if (deleted.error().code == ErrorCode::kDenied) {
        ++done_.not_permitted;
      } else {
        done_.failures.push_back({Format("{}/{}", objects_.Name(), KeyOf(one.object)), std::move(deleted).error()});
      }
    }
    done_.destroyed.Without(done_.waiting);
    return std::move(done_);
  }

 private:
  Result<Versions> VersionsOf(const store::NamedObject& object) const {
    Versions all;
    TRY_VOID(objects_.VisitVersions(KeyOf(object), [&](const Versions& versions) -> Result<void> {
      all.insert(all.end(), versions.begin(), versions.end());
      return {};
    }));
    return all;
  }

  Result<void> LookAt(const SpentObject& spent) {
    TRY(const Versions versions, VersionsOf(spent.object));
    if (versions.empty()) {
      ++done_.gone;
      return {};
    }
    std::optional<Moment> until;
    for (const net::ListedVersion& version : versions) {
      if (version.is_marker) continue;
      const auto lock = objects_.ReadLock(version.name);
      if (!lock && lock.error().code != ErrorCode::kNotFound) return Fail(lock.error());
      if (lock && *lock) until = std::max((*lock)->time, until.value_or((*lock)->time));
    }
    if (!until || *until <= Now()) {
      ended_.push_back(spent);
      if (request_.doing == SweepRequest::Doing::kOnlyTell) done_.waiting.Join(spent.holds);
      return {};
    }
    ++done_.locked;
    done_.until = std::max(*until, done_.until.value_or(*until));
    done_.waiting.Join(spent.holds);
    return {};
  }

  Result<void> Delete(const LaterSaid& said, const SpentObject& spent) {
    TRY_VOID(CheckSaid(said, spent));
    auto checked = store::CheckPlacedAnew(log_, spent.object);
    // The version that the log names is gone, and others lie over it: nothing can be compared, and nothing is lost.
    const bool is_gone = !checked && checked.error().code == ErrorCode::kNotFound;
    if (!checked && !is_gone) return Keep(spent, std::move(checked).error());
    TRY(const Versions versions, VersionsOf(spent.object));
    const auto named = [&](const net::ListedVersion& one) { return one.name.version == spent.object.version; };
    if (is_gone && std::ranges::any_of(versions, named)) {
      return Fail(ErrorCode::kIo, "the store lists it, and says that it is not there: it was not deleted",
                  "run it again when the store has settled");
    }
    for (const net::ListedVersion& version : versions) TRY_VOID(objects_.DeleteVersion(version.name));
    TRY(const Versions left, VersionsOf(spent.object));
    if (left.empty()) {
      ++done_.deleted;
      return {};
    }
    return Fail(ErrorCode::kTampered, "the store said that it was deleted, and it is still there");
  }

  // What stays must not be lost with it.
  Result<void> Keep(const SpentObject& spent, Error why) {
    if (why.code != ErrorCode::kTampered) return Fail(std::move(why));
    const auto locked = objects_.LengthenLock({KeyOf(spent.object), spent.object.version},
                                              store::LockFrom(Now(), objects_.settings().payload_lock_days));
    why.message += locked ? "; it was not deleted, and is locked anew"
                          : Format("; it was not deleted, and could not be locked anew: {}", locked.error().message);
    return Fail(std::move(why));
  }

  const store::ObjectLog& log_;
  const store::VaultObjects& objects_;
  const VaultReader& vault_;
  const SweepRequest& request_;
  Pool& pool_;
  std::vector<SpentObject> ended_;
  Swept done_;
};

}  // namespace

Result<Swept> Sweep(const store::ObjectLog& log, const VaultReader& vault, const SweepRequest& request, Pool& pool) {
  return Sweeper(log, vault, request, pool).Run();
}

}  // namespace exhibit::work
