#include "vault/store/object_medium.h"

#include <algorithm>
#include <set>
#include <unordered_map>

#include "vault/base/format.h"
#include "vault/base/text.h"
#include "vault/store/kept_heads.h"
#include "vault/store/lock_survey.h"
#include "vault/store/spent_objects.h"

namespace exhibit::store {
namespace {

using Weight = verify::MediumFault::Weight;

// No more than these are told one by one.
constexpr std::size_t kMostTold = 20;

class Findings {
 public:
  void Add(Weight weight, std::string message) {
    std::size_t& count = weight == Weight::kDamage ? damages_ : remarks_;
    if (++count <= kMostTold) faults_.push_back({weight, std::move(message)});
  }
  std::vector<verify::MediumFault> Take() {
    const auto more = [&](Weight weight, std::size_t count) {
      if (count > kMostTold) faults_.push_back({weight, Format("and {} more like these", count - kMostTold)});
    };
    more(Weight::kDamage, damages_);
    more(Weight::kRemark, remarks_);
    return std::move(faults_);
  }

 private:
  std::vector<verify::MediumFault> faults_;
  std::size_t damages_ = 0;
  std::size_t remarks_ = 0;
};

// Commits in LOG.
void CompareCommits(std::uint64_t commits, const std::vector<net::ListedObject>& listed, const std::string& bucket,
                    Findings& findings) {
  std::set<std::string_view> there;
  for (const net::ListedObject& object : listed) there.insert(object.key);
  for (std::uint64_t n = 0; n < commits; ++n) {
    const std::string key = KeyOfCommit(n);
    if (there.erase(key) == 0) findings.Add(Weight::kDamage, Format("{}/{} is gone", bucket, key));
  }
  for (const std::string_view key : there) {
    // Others were written since, or are not yet under a head.
    if (key < KeyOfCommit(commits)) {
      findings.Add(Weight::kRemark, Format("{}/{} is no commit that the log names", bucket, Printable(key)));
    }
  }
}

// The objects of DATA: all versions of each name, compared with what the log names, and their locks.
class DataCheck {
 public:
  DataCheck(const ObjectLog& log, Findings& findings)
      : log_(log),
        objects_(log.objects()),
        findings_(findings),
        survey_(objects_, [this](const LockSurvey::Asked& asked, const auto& lock) { return TakeLock(asked, lock); }),
        spent_(FindSpent(log)),
        spent_survey_(objects_, [this](const LockSurvey::Asked&, const auto& lock) { return TakeSpentLock(lock); }) {}

  Result<void> Run() {
    // What the index has now was put before it is listed.
    log_.Look([&](const CommitIndex& index) {
      for (const auto& [id, object] : index.objects()) named_.push_back(object);
      for (std::uint64_t n = 0; n < index.commits(); ++n) digests_.push_back(index.DigestOf(n));
      return 0;
    });
    std::ranges::sort(named_, {}, [](const NamedObject& one) { return std::pair(one.kind, one.id); });
    for (const SpentObject& one : spent_.objects) holds_.emplace(one.object.id, one.holds);
    TRY_VOID(CheckNamed(NamedObject::Kind::kPayload));
    TRY_VOID(CheckNamed(NamedObject::Kind::kHeaders));
    if (unnamed_ > 0) {
      findings_.Add(Weight::kRemark,
                    Format("{} hold {} bytes that no entry names: a writer was interrupted, or is at work",
                           Counted(unnamed_, "object", "objects"), unnamed_bytes_));
    }
    TRY_VOID(CheckCopies());
    TRY_VOID(CheckAlike("head/", kMaxHeadBytes));
    TRY_VOID(CheckAlike("settings", kMaxHeadBytes));
    TRY_VOID(objects_.VisitVersions("keys/", [&](const Versions& versions) -> Result<void> {
      NameMarkers(versions);  // of other versions the newest counts
      return AskFor(versions.front(), objects_.settings().log_lock_days);
    }));
    TRY_VOID(survey_.Finish());
    TRY_VOID(spent_survey_.Finish());
    TellLocks();
    TellSpent();
    return {};
  }

 private:
  using Versions = VaultObjects::Versions;

  std::string Full(const std::string& key) const { return Format("{}/{}", objects_.Name(), Printable(key)); }
  void Damage(std::string message) { findings_.Add(Weight::kDamage, std::move(message)); }
  void Gone(const std::string& key) { Damage(Full(key) + " is gone"); }

  void NameMarkers(const Versions& versions) {
    const auto marker = std::ranges::find_if(versions, &net::ListedVersion::is_marker);
    if (marker == versions.end()) return;
    Damage(Format("{} was deleted on {}: a delete marker is over it, and {}", Full(marker->name.key),
                  FormatTime(marker->put),
                  versions.size() > 1 ? "its versions are there" : "no version of it is there"));
  }

  Result<void> AskFor(const net::ListedVersion& version, std::uint32_t days) {
    if (version.is_marker) return {};
    return survey_.Add({version.name, days, version.put});
  }

  // Payloads, or headers: the log names the version of each.
  Result<void> CheckNamed(NamedObject::Kind kind) {
    auto at = std::ranges::lower_bound(named_, kind, {}, &NamedObject::kind);
    const auto end = std::ranges::upper_bound(named_, kind, {}, &NamedObject::kind);
    TRY_VOID(objects_.VisitVersions(PrefixOf(kind), [&](const Versions& versions) -> Result<void> {
      const std::string& key = versions.front().name.key;
      for (; at != end && KeyOf(*at) < key; ++at) GoneObject(*at);
      if (at != end && KeyOf(*at) == key) return CheckObject(*at++, versions);
      ++unnamed_;
      for (const net::ListedVersion& version : versions) unnamed_bytes_ += version.bytes;
      return {};
    }));
    for (; at != end; ++at) GoneObject(*at);
    return {};
  }

  // Nothing of it is used: that it goes is right.
  bool IsSpent(const NamedObject& object) const { return holds_.contains(object.id); }
  void GoneObject(const NamedObject& object) {
    if (!IsSpent(object)) return Gone(KeyOf(object));
    gone_.Join(holds_.at(object.id));
  }
  Result<void> AskForSpent(const NamedObject& object, const Versions& versions) {
    there_.Join(holds_.at(object.id));
    ++there_objects_;
    for (const net::ListedVersion& version : versions) {
      there_bytes_ += version.bytes;
      if (!version.is_marker) TRY_VOID(spent_survey_.Add({version.name, objects_.settings().payload_lock_days}));
    }
    return {};
  }
  Result<void> TakeSpentLock(const Result<std::optional<net::LockedUntil>>& lock) {
    if (!lock && lock.error().code != ErrorCode::kNotFound) return Fail(lock.error());
    if (lock && *lock) last_end_ = std::max((*lock)->time, last_end_.value_or((*lock)->time));
    return {};
  }

  Result<void> CheckObject(const NamedObject& object, const Versions& versions) {
    if (IsSpent(object)) return AskForSpent(object, versions);
    const std::string where = Full(KeyOf(object));
    NameMarkers(versions);
    bool is_there = false;
    for (const net::ListedVersion& version : versions) {
      if (version.is_marker) continue;
      const bool is_named = version.name.version == object.version;
      if (is_named) {
        is_there = true;
        TRY_VOID(AskFor(version, objects_.settings().payload_lock_days));
      }
      TRY(const bool is_same, version.bytes != object.bytes ? Result<bool>(false)
                              : is_named                    ? Result<bool>(true)  // entries sign what is in it
                                                            : Has(version, object.digest, object.bytes));
      if (!is_same) {
        Damage(Format("version {} of {} has other bytes than the log names{}", Printable(version.name.version), where,
                      is_named ? "" : ": somebody put it there"));
      }
    }
    if (!is_there) Damage(Format("the version of {} that the log names is gone", where));
    return {};
  }

  // Copies of commits. Those after the newest head are made by the next writer.
  Result<void> CheckCopies() {
    TRY(const auto head, log_.NewestHead());
    const std::uint64_t copied = head ? std::min<std::uint64_t>(digests_.size(), head->commit + 1) : 0;
    std::uint64_t next = 0;
    const auto look = [&](const Versions& versions) -> Result<void> {
      const std::string& key = versions.front().name.key;
      while (next < digests_.size() && KeyOfCommit(next) < key) {
        if (next < copied) Gone(KeyOfCommit(next));
        ++next;
      }
      if (next >= digests_.size()) return {};  // it was written since
      if (KeyOfCommit(next) != key) {
        findings_.Add(Weight::kRemark, Full(key) + " is no commit that the log names");
        return {};
      }
      const std::uint64_t n = next++;
      NameMarkers(versions);
      for (const net::ListedVersion& version : versions) {
        TRY_VOID(AskFor(version, objects_.settings().log_lock_days));
        // Of one version nothing was put over it.
        if (version.is_marker || versions.size() == 1) continue;
        TRY(const bool is_same, Has(version, digests_[n], kMaxCommitBytes));
        if (!is_same) {
          Damage(Format("version {} of {} has other bytes than commit {}: somebody put it there",
                        Printable(version.name.version), Full(key), n));
        }
      }
      return {};
    };
    TRY_VOID(objects_.VisitVersions("log/", look));
    for (; next < copied; ++next) Gone(KeyOfCommit(next));
    return {};
  }

  // Names of which all versions must have the same bytes.
  Result<void> CheckAlike(std::string_view prefix, std::uint64_t most) {
    return objects_.VisitVersions(prefix, [&](const Versions& versions) -> Result<void> {
      NameMarkers(versions);
      std::optional<Bytes> first;  // that was put
      for (auto version = versions.rbegin(); version != versions.rend(); ++version) {
        TRY_VOID(AskFor(*version, objects_.settings().log_lock_days));
        if (version->is_marker || versions.size() == 1) continue;
        Bytes bytes;
        if (version->bytes <= most) {
          TRY(bytes, objects_.ReadVersion(version->name, most));
        }
        if (first && !Equal(*first, bytes)) {
          Damage(Format("version {} of {} has other bytes than the first one: somebody put it there",
                        Printable(version->name.version), Full(version->name.key)));
        }
        if (!first) first = std::move(bytes);
      }
      return {};
    });
  }

  Result<bool> Has(const net::ListedVersion& version, const crypto::Sha256Digest& digest, std::uint64_t most) const {
    if (version.bytes > most) return false;
    TRY(const Bytes bytes, objects_.ReadVersion(version.name, most));
    return crypto::Sha256(bytes) == digest;
  }

  Result<void> TakeLock(const LockSurvey::Asked& asked, const Result<std::optional<net::LockedUntil>>& lock) {
    if (!lock) {
      if (lock.error().code != ErrorCode::kNotFound) return Fail(lock.error());
      Gone(asked.name.key);
      return {};
    }
    const LockState state = StateOf({.lock = *lock, .days = asked.days, .put = asked.put, .now = Now()});
    seen_.Count(state, *lock);
    if (state == LockState::kNone) {
      Damage(Full(asked.name.key) + " has no lock in COMPLIANCE mode: whoever may delete can delete it");
    }
    if (state == LockState::kShort) {
      Damage(Format("{} is locked until {}, and was put with a lock of {} days on {}", Full(asked.name.key),
                    FormatTime((*lock)->time), asked.days, FormatTime(*asked.put)));
    }
    return {};
  }

  void TellLocks() {
    const auto objects = [](std::uint64_t count) { return Counted(count, "object", "objects"); };
    if (seen_.lapsed > 0) {
      findings_.Add(Weight::kRemark,
                    Format("the locks of {} ended, the first on {}, and nobody renewed them: whoever may delete can "
                           "delete these objects. Renew the locks: exhibit retain",
                           objects(seen_.lapsed), FormatTime(*seen_.first_end)));
    }
    if (seen_.near > 0) {
      findings_.Add(Weight::kRemark, Format("the locks of {} have less than a third of their time left, and end from "
                                            "{} on. Renew them: exhibit retain",
                                            objects(seen_.near), FormatTime(*seen_.first_end)));
    }
  }

  void TellSpent() {
    if (there_objects_ > 0) {
      const bool is_locked = last_end_ && *last_end_ > Now();
      findings_.Add(
          Weight::kRemark,
          Format("destroyed, and read by nobody through this vault: {}. Bytes of it are still in {}, {} in all, {}",
                 there_.Text(), Counted(there_objects_, "object", "objects"), there_bytes_,
                 is_locked ? Format("locked until {} at the latest. Then `exhibit retain` deletes them",
                                    FormatTime(*last_end_))
                           : std::string("whose locks have ended. Delete them: exhibit retain")));
    }
    gone_.Without(there_);  // of these not all is gone
    if (!gone_.empty()) findings_.Add(Weight::kRemark, "destroyed, and gone from the bucket: " + gone_.Text());
    for (const SpentObject& one : spent_.shared) {
      findings_.Add(
          Weight::kRemark,
          Format("{} holds what was destroyed, {}, beside what stays: it could not be read as it was put when "
                 "that was to be placed anew",
                 Full(KeyOf(one.object)), one.holds.Text()));
    }
  }

  const ObjectLog& log_;
  const VaultObjects& objects_;
  Findings& findings_;
  LockSurvey survey_;
  const Spent spent_;
  LockSurvey spent_survey_;
  std::unordered_map<std::uint64_t, DestroyedParts> holds_;  // by the id of an object that is spent
  DestroyedParts there_;
  std::uint64_t there_objects_ = 0;
  std::uint64_t there_bytes_ = 0;
  std::optional<Moment> last_end_;
  DestroyedParts gone_;
  LocksSeen seen_;
  std::vector<NamedObject> named_;             // by kind and id, as their names are
  std::vector<crypto::Sha256Digest> digests_;  // of commits
  std::uint64_t unnamed_ = 0;
  std::uint64_t unnamed_bytes_ = 0;
};

}  // namespace

namespace {

Result<std::vector<verify::MediumFault>> CheckBoth(const ObjectLog& log) {
  const VaultObjects& objects = log.objects();
  Findings findings;
  // What is written meanwhile comes after those.
  const std::uint64_t count = log.commits();
  TRY(const auto listed, objects.ListLog("log/"));
  CompareCommits(count, listed, objects.LogName(), findings);
  TRY_VOID(DataCheck(log, findings).Run());
  return findings.Take();
}

}  // namespace

Result<std::vector<verify::MediumFault>> CheckObjects(const ObjectLog& log) {
  auto faults = CheckBoth(log);
  if (faults || faults.error().code != ErrorCode::kDenied) return faults;
  // What may not be looked at is not wrong.
  return Fail(
      ErrorCode::kPermission, "the buckets were not looked at as a whole: " + faults.error().message,
      "it needs s3:ListBucket, s3:ListBucketVersions, s3:GetObjectVersion and s3:GetObjectRetention: exhibit policies");
}

}  // namespace exhibit::store
