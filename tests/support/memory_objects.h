// Buckets in memory, for tests that need no server: they have the races of a real one, and fail when they are told to.
//
// A plain bucket creates under a condition, atomically. A locking one ignores the condition and keeps versions, as real ones
// were seen to do, refuses to delete what is locked, and hides what is deleted without naming a version.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <vector>

#include "vault/base/format.h"
#include "vault/net/object_store.h"

namespace exhibit::testing {

// What becomes of one request.
enum class RequestFault : std::uint8_t {
  kNone,
  kLost,        // it never came: nobody knows
  kReplyLost,   // it was done: nobody knows
  kRefused,     // 500: not done, and nobody knows
  kSaysExists,  // 412, whatever is there; not done
  kDelayed,     // nobody knows; it is done when Deliver is called
  kTwice,       // it came twice
};

// All buckets of one place, and what a test does to them.
class MemoryPlaceOfObjects {
 public:
  // `call` is "put", "create", "get", "range", "look", "list", "versions", "read-lock", "lock" or "delete".
  using Chooser = std::function<RequestFault(std::string_view call, std::string_view bucket, std::string_view key)>;
  void Choose(Chooser chooser) {
    const std::lock_guard lock(mutex_);
    chooser_ = std::move(chooser);
  }
  void Heal() { Choose({}); }
  // Requests that were delayed are done now.
  void Deliver() {
    const std::lock_guard lock(mutex_);
    for (const auto& work : std::exchange(late_, {})) work();
  }
  std::size_t requests() const {
    const std::lock_guard lock(mutex_);
    return requests_;
  }
  std::map<std::string, std::size_t> requests_by_call() const {
    const std::lock_guard lock(mutex_);
    return by_call_;
  }
  // What somebody who runs the place can do.
  void Remove(std::string_view bucket, std::string_view key) {
    const std::lock_guard lock(mutex_);
    buckets_[std::string(bucket)].erase(std::string(key));
  }
  void Overwrite(std::string_view bucket, std::string_view key, Bytes bytes) {
    const std::lock_guard lock(mutex_);
    for (Version& version : buckets_[std::string(bucket)][std::string(key)]) version.bytes = bytes;
  }
  // As if the object had been put so long ago, with the lock that it has since.
  void Age(std::string_view bucket, std::string_view key, std::int64_t days) {
    const std::lock_guard lock(mutex_);
    constexpr std::int64_t kDay = 86'400'000;
    for (Version& version : buckets_[std::string(bucket)][std::string(key)]) {
      version.put.milliseconds -= days * kDay;
      if (version.lock) version.lock->time.milliseconds -= days * kDay;
    }
  }
  void SetLock(std::string_view bucket, std::string_view key, std::optional<net::LockedUntil> until) {
    const std::lock_guard lock(mutex_);
    for (Version& version : buckets_[std::string(bucket)][std::string(key)]) version.lock = until;
  }
  std::vector<std::string> Keys(std::string_view bucket) {
    const std::lock_guard lock(mutex_);
    std::vector<std::string> keys;
    for (const auto& [key, versions] : buckets_[std::string(bucket)]) keys.push_back(key);
    return keys;
  }

 private:
  friend class MemoryBucket;
  struct Version {
    std::string version;
    Bytes bytes;
    std::optional<net::LockedUntil> lock;
    bool is_mark = false;  // hides those before it
    Moment put = Now();
  };
  using Bucket = std::map<std::string, std::vector<Version>>;

  template <typename Work>
  auto Do(std::string_view call, std::string_view bucket, std::string_view key, Work work) -> decltype(work()) {
    const std::lock_guard lock(mutex_);
    ++requests_;
    ++by_call_[std::string(call)];
    const RequestFault fault = chooser_ ? chooser_(call, bucket, key) : RequestFault::kNone;
    const auto unknown = Fail(ErrorCode::kIo, Format("{} {}/{}: no answer", call, bucket, key));
    switch (fault) {
      case RequestFault::kLost:
      case RequestFault::kRefused: return unknown;
      case RequestFault::kReplyLost: work(); return unknown;
      case RequestFault::kSaysExists: return Fail(ErrorCode::kExists, Format("{} {}/{}: 412", call, bucket, key));
      case RequestFault::kDelayed:
        // Whoever asked to read is gone by then.
        if (call == "put" || call == "create" || call == "lock" || call == "delete") {
          late_.emplace_back([work]() mutable { (void)work(); });
        }
        return unknown;
      case RequestFault::kTwice: work(); return work();
      case RequestFault::kNone: break;
    }
    return work();
  }

  mutable std::mutex mutex_;
  std::map<std::string, Bucket> buckets_;
  Chooser chooser_;
  std::vector<std::function<void()>> late_;
  std::size_t requests_ = 0;
  std::map<std::string, std::size_t> by_call_;
  std::uint64_t versions_ = 0;
};

// Passes every request on: of a bucket that does one thing otherwise, a test writes that one thing.
class PassingBucket : public net::ObjectStore {
 public:
  explicit PassingBucket(std::shared_ptr<net::ObjectStore> bucket) : bucket_(std::move(bucket)) {}
  Result<std::string> PutObject(const Put& put) override { return bucket_->PutObject(put); }
  Result<net::Object> GetObject(const net::ObjectName& name, std::uint64_t limit) override {
    return bucket_->GetObject(name, limit);
  }
  Result<Bytes> GetRange(const net::ObjectName& name, ByteRange range) override {
    return bucket_->GetRange(name, range);
  }
  Result<Compared> Compare(const net::ObjectName& name, ByteView bytes) override {
    return bucket_->Compare(name, bytes);
  }
  Result<net::ObjectFacts> LookAt(const net::ObjectName& name) override { return bucket_->LookAt(name); }
  Result<Page> List(std::string_view prefix, std::string_view after) override { return bucket_->List(prefix, after); }
  Result<VersionPage> ListVersions(std::string_view prefix, const net::ObjectName& after) override {
    return bucket_->ListVersions(prefix, after);
  }
  Result<std::optional<net::LockedUntil>> ReadLock(const net::ObjectName& name) override {
    return bucket_->ReadLock(name);
  }
  Result<void> Lock(const net::ObjectName& name, net::LockedUntil until) override { return bucket_->Lock(name, until); }
  Result<void> Delete(const net::ObjectName& name) override { return bucket_->Delete(name); }
  std::string Name() const override { return bucket_->Name(); }

 protected:
  std::shared_ptr<net::ObjectStore> bucket_;
};

class MemoryBucket final : public net::ObjectStore {
 public:
  enum class Kind : std::uint8_t { kPlain, kLocking };
  MemoryBucket(std::shared_ptr<MemoryPlaceOfObjects> place, std::string name, Kind kind)
      : place_(std::move(place)), name_(std::move(name)), kind_(kind) {}

  Result<std::string> PutObject(const Put& put) override {
    const std::string key(put.key);
    const bool creates = put.when == When::kAbsent;
    return place_->Do(
        creates ? "create" : "put", name_, key,
        [self = *this, key, creates, bytes = ToBytes(put.bytes), lock = put.lock]() mutable -> Result<std::string> {
          auto& versions = self.bucket()[key];
          if (self.kind_ == Kind::kPlain) {
            if (creates && !versions.empty()) return Fail(ErrorCode::kExists, self.name_ + "/" + key + ": 412");
            versions = {{{}, bytes, std::nullopt, false}};
            return std::string();
          }
          versions.push_back({Format("v{}", ++self.place_->versions_), bytes, lock, false});
          return versions.back().version;
        });
  }
  Result<net::Object> GetObject(const net::ObjectName& name, std::uint64_t limit_bytes) override {
    return place_->Do("get", name_, name.key, [&]() -> Result<net::Object> {
      TRY(const Version* const version, Find(name));
      if (version->bytes.size() > limit_bytes) return Fail(ErrorCode::kInvalid, "longer than it may be");
      return net::Object{version->bytes, FactsOf(*version)};
    });
  }
  Result<Bytes> GetRange(const net::ObjectName& name, ByteRange range) override {
    return place_->Do("range", name_, name.key, [&]() -> Result<Bytes> {
      TRY(const Version* const version, Find(name));
      const ByteView all(version->bytes);
      if (range.offset > all.size() || range.bytes > all.size() - range.offset) {
        return Fail(ErrorCode::kInvalid, "the stretch is not all there");
      }
      return ToBytes(all.subspan(static_cast<std::size_t>(range.offset), static_cast<std::size_t>(range.bytes)));
    });
  }
  Result<Compared> Compare(const net::ObjectName& name, ByteView bytes) override {
    return place_->Do("get", name_, name.key, [&]() -> Result<Compared> {
      TRY(const Version* const version, Find(name));
      return Compared{Equal(version->bytes, bytes), FactsOf(*version)};
    });
  }
  Result<net::ObjectFacts> LookAt(const net::ObjectName& name) override {
    return place_->Do("look", name_, name.key, [&]() -> Result<net::ObjectFacts> {
      TRY(const Version* const version, Find(name));
      return FactsOf(*version);
    });
  }
  Result<Page> List(std::string_view prefix, std::string_view after) override {
    return place_->Do("list", name_, prefix, [&]() -> Result<Page> {
      constexpr std::size_t kMost = 3;  // so that tests see more than one page
      Page page;
      for (auto at = bucket().upper_bound(std::max(std::string(after), std::string(prefix))); at != bucket().end();
           ++at) {
        if (!at->first.starts_with(prefix) || at->second.empty() || at->second.back().is_mark) continue;
        if (page.objects.size() == kMost) {
          page.is_last = false;
          break;
        }
        page.objects.push_back({at->first, at->second.back().bytes.size()});
      }
      return page;
    });
  }
  Result<VersionPage> ListVersions(std::string_view prefix, const net::ObjectName& after) override {
    return place_->Do("versions", name_, prefix, [&]() -> Result<VersionPage> {
      constexpr std::size_t kMost = 3;
      VersionPage page;
      bool is_after = after.key.empty();
      for (auto at = bucket().lower_bound(after.key.empty() ? std::string(prefix) : after.key); at != bucket().end();
           ++at) {
        if (!at->first.starts_with(prefix)) continue;
        for (auto one = at->second.rbegin(); one != at->second.rend(); ++one) {
          const net::ObjectName name{at->first, one->version};
          if (is_after || name.key != after.key) {
            if (page.versions.size() == kMost) {
              page.is_last = false;
              return page;
            }
            page.versions.push_back({name, one->bytes.size(), one->put, one->is_mark});
          }
          is_after = is_after || name == after;
        }
      }
      return page;
    });
  }
  Result<std::optional<net::LockedUntil>> ReadLock(const net::ObjectName& name) override {
    return place_->Do("read-lock", name_, name.key, [&]() -> Result<std::optional<net::LockedUntil>> {
      TRY(const Version* const version, Find(name));
      return version->lock;
    });
  }
  Result<void> Lock(const net::ObjectName& name, net::LockedUntil until) override {
    return place_->Do("lock", name_, name.key, [self = *this, name, until]() mutable -> Result<void> {
      TRY(Version* const version, self.Find(name));
      if (self.kind_ == Kind::kPlain || (version->lock && until < *version->lock))
        return Fail(ErrorCode::kDenied, "403");
      version->lock = until;
      return {};
    });
  }
  Result<void> Delete(const net::ObjectName& name) override {
    return place_->Do("delete", name_, name.key, [self = *this, name]() mutable -> Result<void> {
      if (self.kind_ == Kind::kPlain) {
        self.bucket().erase(name.key);
        return {};
      }
      auto& versions = self.bucket()[name.key];
      if (name.version.empty()) {
        versions.push_back({Format("v{}", ++self.place_->versions_), {}, std::nullopt, true});
        return {};
      }
      TRY(const Version* const version, self.Find(name));
      if (version->lock && version->lock->time > Now()) return Fail(ErrorCode::kDenied, name.key + ": locked");
      std::erase_if(versions, [&](const Version& one) { return one.version == name.version; });
      return {};
    });
  }
  std::string Name() const override { return "memory/" + name_; }

 private:
  using Version = MemoryPlaceOfObjects::Version;
  MemoryPlaceOfObjects::Bucket& bucket() { return place_->buckets_[name_]; }
  // The newest version, or the one that is named.
  Result<Version*> Find(const net::ObjectName& name) {
    const auto found = bucket().find(name.key);
    const auto absent = Fail(ErrorCode::kNotFound, name_ + "/" + name.key + ": 404");
    if (found == bucket().end() || found->second.empty()) return absent;
    if (name.version.empty()) return found->second.back().is_mark ? Result<Version*>(absent) : &found->second.back();
    for (Version& version : found->second) {
      if (version.version == name.version) return &version;
    }
    return absent;
  }
  static net::ObjectFacts FactsOf(const Version& version) {
    return {version.version, version.bytes.size(), version.lock};
  }

  std::shared_ptr<MemoryPlaceOfObjects> place_;  // shared with the other buckets and the test
  std::string name_;
  Kind kind_;
};

}  // namespace exhibit::testing
