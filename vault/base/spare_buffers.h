// Large buffers that are used again. A new buffer of 1 MiB costs zeroing and 256 page faults; a pipeline that made
// three of them for each MiB spent a sixth of its time on that.
#pragma once

#include <cstddef>
#include <mutex>
#include <utility>
#include <vector>

#include "vault/base/bytes.h"

namespace exhibit {

// May be used by several threads. It holds at most as many buffers as its users had at the same time.
class SpareBuffers {
 public:
  // A buffer of `bytes`, holding whatever was in it before.
  Bytes Take(std::size_t bytes) {
    Bytes buffer;
    {
      const std::lock_guard lock(mutex_);
      if (!spare_.empty()) {
        buffer = std::move(spare_.back());
        spare_.pop_back();
      }
    }
    buffer.resize(bytes);
    return buffer;
  }

  void Give(Bytes buffer) {
    const std::lock_guard lock(mutex_);
    spare_.push_back(std::move(buffer));
  }

 private:
  std::mutex mutex_;
  std::vector<Bytes> spare_;
};

}  // namespace exhibit
