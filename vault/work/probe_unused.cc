#include "vault/work/probe_unused.h"

#include <utility>

#include "vault/base/format.h"
#include "vault/net/s3_trials.h"

namespace exhibit::work {
namespace {

using Need = Probe::Need;

constexpr std::string_view kText = "probe";

class UnusedProber {
 public:
  UnusedProber(net::S3Bucket& log, net::S3Bucket& data) : log_(log), data_(data) {}

  Result<std::vector<Probe>> Run() {
    TRY_VOID(PassingOver());
    TRY_VOID(Locked("lock of multipart", "multipart upload", net::S3Trials(data_).PutInParts(PutOf("parts")), "parts"));
    TRY_VOID(Locked("lock of copy", "copy", CopyLocked(), "copy"));
    TRY_VOID(DefaultLock());
    TRY_VOID(QuotedCondition());
    return std::move(probes_);
  }

 private:
  void Note(std::string name, Need need, bool holds, std::string seen) {
    probes_.push_back({std::move(name), need, holds, std::move(seen)});
  }
  std::string Key(std::string_view name) const { return folder_ + std::string(name); }
  net::ObjectStore::Put PutOf(std::string_view name) {
    key_ = Key(name);
    return {.key = key_, .bytes = ViewOf(kText), .lock = lock_};
  }
  // An error of the network says nothing of the store.
  static Result<void> Unless(const Error& error) {
    return error.code == ErrorCode::kIo || error.code == ErrorCode::kInterrupted ? Result<void>(Fail(error))
                                                                                 : Result<void>();
  }

  Result<void> PassingOver() {
    const std::string key = Key("passed-over");
    TRY(const std::string version, data_.PutObject({.key = key, .bytes = ViewOf(kText), .lock = lock_}));
    const auto deleted = net::S3Trials(data_).DeletePassingOver({key, version});
    if (!deleted) TRY_VOID(Unless(deleted.error()));
    const auto there = data_.LookAt({key, version});
    if (!there) TRY_VOID(Unless(there.error()));
    Note("lock passed over", Need::kLock, !deleted && there,
         !deleted && there ? "who asks for locks to be passed over is refused"
                           : "a locked version was deleted by asking for locks to be passed over");
    return {};
  }

  Result<std::string> CopyLocked() {
    const std::string from = Key("original");
    TRY(const std::string version, data_.PutObject({.key = from, .bytes = ViewOf(kText)}));
    return net::S3Trials(data_).Copy({from, version}, Key("copy"), lock_);
  }

  // Whether what was made so has the lock that was asked for.
  Result<void> Locked(std::string name, std::string_view what, const Result<std::string>& made, std::string_view key) {
    const auto refused = [&](const Error& error) -> Result<void> {
      TRY_VOID(Unless(error));
      Note(std::move(name), Need::kNone, false, Format("a {} with a lock was refused: {}", what, error.message));
      return {};
    };
    if (!made) return refused(made.error());
    const auto facts = data_.LookAt({Key(key), *made});
    if (!facts) return refused(facts.error());
    const bool holds = facts->lock && *facts->lock >= lock_;
    Note(std::move(name), Need::kNone, holds,
         holds ? Format("a {} has the lock that was asked for", what)
               : Format("a {} is taken, and the lock that was asked for is dropped without a word", what));
    return {};
  }

  Result<void> DefaultLock() {
    const auto has = net::S3Trials(data_).HasDefaultLock();
    if (!has) TRY_VOID(Unless(has.error()));
    const bool holds = has.value_or(false);
    Note("default lock", Need::kNone, holds,
         !has    ? Format("whether the bucket gives a lock to what comes without was not told: {}", has.error().message)
         : holds ? "the bucket gives a lock to what comes without"
                 : "the bucket gives no lock to what comes without");
    return {};
  }

  Result<void> QuotedCondition() {
    const std::string key = Key("replaced");
    TRY_VOID(log_.PutObject({.key = key, .bytes = ViewOf(kText)}));
    const auto replaced = net::S3Trials(log_).ReplaceIfUnchanged(key, ViewOf("replaced"));
    if (!replaced) TRY_VOID(Unless(replaced.error()));
    Note("If-Match in quotes", Need::kNone, replaced.has_value(),
         replaced ? "an object is replaced if it is unchanged"
                  : Format("an object that is unchanged was said to differ, or: {}", replaced.error().message));
    return {};
  }

  net::S3Bucket& log_;
  net::S3Bucket& data_;
  std::string folder_ = NewProbeFolder();
  net::LockedUntil lock_ = LockOfProbes();
  std::string key_;  // of the object that is being put
  std::vector<Probe> probes_;
};

}  // namespace

Result<std::vector<Probe>> ProbeUnused(net::S3Bucket& log, net::S3Bucket& data) {
  return UnusedProber(log, data).Run();
}

}  // namespace exhibit::work
