// A value that copies share until one of them changes it: a writer copies what is known of a log for each commit, and what
// is held, shredded or collected may be much.
#pragma once

#include <memory>
#include <utility>

namespace exhibit::custody {

template <typename T>
class Shared {
 public:
  Shared() : value_(std::make_shared<T>()) {}
  explicit Shared(T value) : value_(std::make_shared<T>(std::move(value))) {}
  const T& operator*() const { return *value_; }
  const T* operator->() const { return value_.get(); }
  // Of this copy alone.
  T& Change() {
    if (value_.use_count() > 1) value_ = std::make_shared<T>(*value_);
    return *value_;
  }

 private:
  std::shared_ptr<T> value_;  // shared until Change
};

}  // namespace exhibit::custody
