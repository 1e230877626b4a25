#include "vault/store/object_reads.h"

namespace exhibit::store {
namespace {

constexpr std::size_t kMostKept = 8;
constexpr std::uint64_t kLargestKept = 16 << 20;
constexpr std::uint64_t kLargeStretch = 1 << 20;
constexpr std::uint32_t kAskedOften = 3;

}  // namespace

std::shared_ptr<const Bytes> ObjectReads::FindKept(std::uint64_t id) const {
  for (const Kept& kept : kept_) {
    if (kept.id == id) return kept.bytes;
  }
  return nullptr;
}

bool ObjectReads::IsWorthAll(const NamedObject& object, ByteRange range) {
  if (object.bytes > kLargestKept || range.bytes >= kLargeStretch) return false;
  return object.kind == NamedObject::Kind::kHeaders || ++asked_[object.id] >= kAskedOften;
}

Result<Bytes> ObjectReads::Read(const NamedObject& object, ByteRange range) {
  std::shared_ptr<const Bytes> all;
  bool is_worth_all = false;
  {
    const std::lock_guard lock(mutex_);
    all = FindKept(object.id);
    if (all == nullptr) is_worth_all = IsWorthAll(object, range);
  }
  if (all == nullptr && !is_worth_all) return objects_.ReadRange(object, range);
  if (all == nullptr) {
    TRY(Bytes bytes, objects_.ReadRange(object, {0, object.bytes}));
    all = std::make_shared<const Bytes>(std::move(bytes));
    const std::lock_guard lock(mutex_);
    asked_.erase(object.id);
    kept_.push_back({object.id, all});
    if (kept_.size() > kMostKept) kept_.pop_front();
  }
  return ToBytes(ByteView(*all).subspan(static_cast<std::size_t>(range.offset), static_cast<std::size_t>(range.bytes)));
}

}  // namespace exhibit::store
