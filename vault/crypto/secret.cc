#include "vault/crypto/secret.h"

#include <sodium.h>

#include <cstring>
#include <mutex>
#include <vector>

#include "vault/base/error.h"

namespace exhibit::crypto {
namespace {

// Slots are handed out from regions of one locked, guarded allocation each. Regions are never given
// back: a process needs a few hundred secrets at once at most, which is one or two regions.
class SlotPool {
 public:
  std::uint8_t* Acquire() {
    const std::lock_guard lock(mutex_);
    if (free_.empty()) AddRegion();
    std::uint8_t* const slot = free_.back();
    free_.pop_back();
    return slot;
  }

  void Release(std::uint8_t* slot) {
    sodium_memzero(slot, internal::kSlotSize);
    const std::lock_guard lock(mutex_);
    free_.push_back(slot);
  }

 private:
  static constexpr std::size_t kSlotsInRegion = 256;

  void AddRegion() {
    Initialise();
    // sodium_malloc locks the pages, keeps them out of core dumps and puts guard pages around them.
    // Locking can fail where the user's limit is low; the memory is then still zeroed after use.
    auto* const region = static_cast<std::uint8_t*>(sodium_malloc(kSlotsInRegion * internal::kSlotSize));
    EXHIBIT_ASSERT(region != nullptr);
    sodium_memzero(region, kSlotsInRegion * internal::kSlotSize);
    free_.reserve(free_.size() + kSlotsInRegion);
    for (std::size_t i = 0; i < kSlotsInRegion; ++i) free_.push_back(region + i * internal::kSlotSize);
  }

  std::mutex mutex_;
  std::vector<std::uint8_t*> free_;
};

SlotPool& Pool() {
  static SlotPool* const pool = new SlotPool;  // outlives every secret, statics included
  return *pool;
}

}  // namespace

void Initialise() {
  static const int status = sodium_init();
  EXHIBIT_ASSERT(status >= 0);
}

void Wipe(MutableByteView bytes) { sodium_memzero(bytes.data(), bytes.size()); }

namespace internal {

std::uint8_t* AcquireSlot() { return Pool().Acquire(); }

void ReleaseSlot(std::uint8_t* slot) {
  if (slot != nullptr) Pool().Release(slot);
}

}  // namespace internal

SecretText::SecretText(std::string_view text) : size_(text.size()) {
  Initialise();
  data_ = static_cast<char*>(sodium_malloc(text.size() + 1));
  EXHIBIT_ASSERT(data_ != nullptr);
  if (!text.empty()) std::memcpy(data_, text.data(), text.size());
}

SecretText::~SecretText() {
  if (data_ != nullptr) sodium_free(data_);  // zeroes first
}

}  // namespace exhibit::crypto
