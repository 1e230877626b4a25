// Large buffers that are used again: a new one of 1 MiB costs its zeroes and the faults of 256 pages, and a
// pipeline that makes three for each MiB spent a sixth of its time on that.
#pragma once

#include <cstddef>
#include <mutex>
#include <utility>
#include <vector>

#include "vault/base/bytes.h"

namespace exhibit {

// May be used by several threads. It holds no more than its users had in hand at once.
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
