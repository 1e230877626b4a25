#include "vault/base/parallel.h"

#include <algorithm>
#include <atomic>

namespace exhibit {

Pool::Pool() : Pool(std::max(2U, std::thread::hardware_concurrency())) {}

Pool::Pool(std::size_t threads) {
  threads_.reserve(threads);
  for (std::size_t i = 0; i < threads; ++i) threads_.emplace_back([this] { Run(); });
}

Pool::~Pool() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

void Pool::Enqueue(std::function<void()> task) {
  {
    const std::lock_guard lock(mutex_);
    tasks_.push_back(std::move(task));
  }
  wake_.notify_one();
}

void Pool::Run() {
  for (;;) {
    std::function<void()> task;
    {
      std::unique_lock lock(mutex_);
      wake_.wait(lock, [this] { return stopping_ || !tasks_.empty(); });
      if (tasks_.empty()) return;
      task = std::move(tasks_.front());
      tasks_.pop_front();
    }
    task();
  }
}

void Pool::ForEach(std::size_t count, const std::function<void(std::size_t)>& body) {
  // A few neighbours at a time: one by one, the counter would cost more than a hash.
  const std::size_t stride = std::clamp<std::size_t>(count / (8 * (thread_count() + 1)), 1, 64);
  std::atomic<std::size_t> next{0};
  const auto work = [&] {
    for (;;) {
      const std::size_t begin = next.fetch_add(stride);
      if (begin >= count) return;
      for (std::size_t i = begin; i < std::min(begin + stride, count); ++i) body(i);
    }
  };
  std::vector<std::future<void>> helpers;
  const std::size_t wanted = std::min(thread_count(), (count + stride - 1) / stride);
  for (std::size_t i = 1; i < wanted; ++i) helpers.push_back(Submit(work));
  work();
  for (std::future<void>& helper : helpers) helper.get();
}

}  // namespace exhibit
