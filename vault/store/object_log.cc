#include "vault/store/object_log.h"

#include <future>

#include "vault/base/format.h"
#include "vault/base/parallel.h"
#include "vault/store/names.h"

namespace exhibit::store {
namespace {

// How many commits are asked for at once where there may be many.
constexpr std::size_t kMostAtOnce = 16;

}  // namespace

Result<void> ObjectLog::CatchUp() {
  const std::lock_guard only(catching_up_);
  TRY_VOID(Begin());
  TRY_VOID(Fetch());
  const std::uint64_t next = commits();
  TRY(const bool has_copy, objects_.HasCopy(next));
  if (!has_copy) return {};
  // A writer may have written it after it was asked for.
  TRY_VOID(Fetch());
  if (commits() > next) return {};
  return Fail(ErrorCode::kTampered,
              Format("{}/{} is gone, and {} has its copy", objects_.LogName(), KeyOfCommit(next), objects_.Name()),
              "somebody deleted it; nothing is added before it is put back from its copy, byte for byte");
}

Result<void> ObjectLog::Begin() {
  if (has_begun_) return {};
  TRY(ObjectSettings settings, objects_.ReadSettings());
  objects_.Use(std::move(settings));
  TRY_VOID(LoadCache());
  has_begun_ = true;
  return {};
}

// The cache's last commit must be the bucket's: it names all before it.
Result<void> ObjectLog::LoadCache() {
  for (std::uint64_t n = 0;; ++n) {
    TRY(const auto commit, cache_.Read(n));
    if (!commit) break;
    const std::unique_lock lock(mutex_);
    const auto added = index_.Add(*commit);
    if (added) continue;
    index_ = CommitIndex();
    return DropCache(Format("commit {} in it is damaged", n));
  }
  const std::uint64_t known = commits();
  if (known == 0) return {};
  TRY(const auto last, objects_.ReadCommit(known - 1));
  if (last && Is(known - 1, *last)) return {};
  const std::unique_lock lock(mutex_);
  index_ = CommitIndex();
  return DropCache(Format("commit {} in it is not the one in the bucket", known - 1));
}

// REQUIRES: the lock is held.
Result<void> ObjectLog::DropCache(std::string why) {
  TRY_VOID(cache_.DropFrom(0));
  remarks_.push_back(Format("the local copy of the log of {} was dropped and is read again: {}", objects_.Name(), why));
  return {};
}

// Commits are asked for one, then two, then four at a time and so on, until one is not there.
Result<void> ObjectLog::Fetch() {
  std::optional<Pool> pool;
  for (std::size_t count = 1;; count = std::min(2 * count, kMostAtOnce)) {
    const std::uint64_t first = commits();
    std::vector<Result<std::optional<Bytes>>> read(count, std::optional<Bytes>());
    const auto ask = [&](std::size_t i) { read[i] = objects_.ReadCommit(first + i); };
    if (count > 1 && !pool) pool.emplace(kMostAtOnce / 2);
    if (count == 1) {
      ask(0);
    } else {
      pool->ForEach(count, ask);
    }
    for (auto& commit : read) {
      if (!commit) return Fail(std::move(commit).error());
      if (!*commit) return {};
      TRY_VOID(Add(**commit));
    }
  }
}

Result<void> ObjectLog::Add(ByteView commit) {
  const std::unique_lock lock(mutex_);
  const std::uint64_t n = index_.commits();
  // First into the cache, where entries are read.
  TRY_VOID(cache_.Keep(n, commit));
  auto added = index_.Add(commit);
  if (added) return {};
  TRY_VOID(cache_.DropFrom(n));
  return Fail(std::move(added).error().In(objects_.LogName()));
}

std::uint64_t ObjectLog::commits() const {
  return Look([](const CommitIndex& index) { return index.commits(); });
}
tlog::TreeSize ObjectLog::entries() const {
  return Look([](const CommitIndex& index) { return index.entries(); });
}
std::optional<crypto::Sha256Digest> ObjectLog::LastDigest() const {
  return Look([](const CommitIndex& index) { return index.LastDigest(); });
}
bool ObjectLog::Is(std::uint64_t n, ByteView commit) const {
  const crypto::Sha256Digest digest = crypto::Sha256(commit);
  return Look([&](const CommitIndex& index) { return index.DigestOf(n) == digest; });
}
std::optional<std::uint64_t> ObjectLog::CommitEndingAt(tlog::TreeSize size) const {
  return Look([&](const CommitIndex& index) { return index.CommitEndingAt(size); });
}

Result<Bytes> ObjectLog::ReadEntry(tlog::Sequence sequence) const {
  const auto at = Look([&](const CommitIndex& index) { return index.FindEntry(sequence); });
  if (!at || at->range.bytes == 0) return Fail(NotInStore(NameOf(sequence)));
  return cache_.ReadStretch(at->commit, at->range);
}

Result<Bytes> ObjectLog::ReadCommit(std::uint64_t n) const {
  TRY(auto commit, cache_.Read(n));
  if (commit && n < commits() && Is(n, *commit)) return std::move(*commit);
  return Fail(ErrorCode::kIo, Format("the local copy of commit {} is gone or damaged", n),
              "it is a cache: run the command again, which reads it from the bucket");
}

Result<std::optional<Bytes>> ObjectLog::ReadHead(std::uint64_t n) const {
  const auto known = [&]() -> std::optional<Bytes> {
    const std::shared_lock lock(mutex_);
    const auto found = heads_.find(n);
    return found == heads_.end() ? std::nullopt : std::optional(found->second);
  };
  if (auto head = known()) return head;
  TRY(auto head, objects_.ReadHead(n));
  if (head) NoteHead(n, *head);
  return head;
}

void ObjectLog::NoteHead(std::uint64_t n, ByteView note) const {
  const std::unique_lock lock(mutex_);
  heads_.insert_or_assign(n, ToBytes(note));
}

void ObjectLog::NoteAcknowledged(tlog::TreeSize size) const {
  const std::unique_lock lock(mutex_);
  acknowledged_ = std::max(size, acknowledged_.value_or(tlog::TreeSize{0}));
}

tlog::TreeSize ObjectLog::acknowledged() const {
  const std::shared_lock lock(mutex_);
  return acknowledged_.value_or(index_.entries());
}

Result<std::optional<ObjectLog::Head>> ObjectLog::NewestHead() const {
  for (std::uint64_t n = commits(); n-- > 0;) {
    TRY(auto note, ReadHead(n));
    if (note) return Head{n, std::move(*note)};
  }
  return std::nullopt;
}

std::vector<std::string> ObjectLog::TakeRemarks() {
  const std::unique_lock lock(mutex_);
  return std::exchange(remarks_, {});
}

}  // namespace exhibit::store
