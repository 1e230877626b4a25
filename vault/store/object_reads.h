// Stretches of packs, read with few requests. Small sealed files share packs, so who lists or verifies reads the same pack
// again and again: from the third stretch of a pack on, and of headers from the first, all of it is read and kept for a
// while. Large stretches are read by themselves. For several threads.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <unordered_map>

#include "vault/store/vault_objects.h"

namespace exhibit::store {

class ObjectReads {
 public:
  // REQUIRES: `objects` outlives it.
  explicit ObjectReads(const VaultObjects& objects) : objects_(objects) {}

  // As VaultObjects::ReadRange. REQUIRES: the stretch is within the object, as its commit says.
  Result<Bytes> Read(const NamedObject& object, ByteRange range);

 private:
  struct Kept {
    std::uint64_t id;
    std::shared_ptr<const Bytes> bytes;  // shared with who reads it just now
  };
  std::shared_ptr<const Bytes> FindKept(std::uint64_t id) const;
  bool IsWorthAll(const NamedObject& object, ByteRange range);

  const VaultObjects& objects_;
  std::mutex mutex_;  // of what follows
  std::deque<Kept> kept_;
  std::unordered_map<std::uint64_t, std::uint32_t> asked_;  // how often, of packs that are not kept
};

}  // namespace exhibit::store
