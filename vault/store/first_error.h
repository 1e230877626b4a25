// The first error of several threads that work side by side.
#pragma once

#include <atomic>
#include <mutex>
#include <utility>

#include "vault/base/error.h"

namespace exhibit::store {

class FirstError {
 public:
  void Add(const Result<void>& result) {
    if (result) return;
    failed_ = true;
    const std::lock_guard lock(mutex_);
    if (result_) result_ = result;
  }
  // Whether there is one: the others need not go on.
  bool failed() const { return failed_; }
  // When all threads are done.
  Result<void> Take() { return std::move(result_); }

 private:
  std::atomic<bool> failed_{false};
  std::mutex mutex_;
  Result<void> result_;
};

}  // namespace exhibit::store
