#include "vault/base/parallel.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <system_error>

namespace exhibit {

Pool::Pool() : Pool(std::max(2U, std::thread::hardware_concurrency())) {}

Pool::Pool(std::size_t threads) {
  threads_.reserve(threads);
  for (std::size_t i = 0; i < threads; ++i) {
    try {
      threads_.emplace_back([this] { Run(); });
    } catch (const std::system_error&) {  // a limit of memory or of processes: one thread does it all, if slower
      if (threads_.empty()) throw;
      return;
    }
  }
}

Pool::~Pool() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

void Pool::Enqueue(std::function<void()> task, Turn turn) {
  {
    const std::lock_guard lock(mutex_);
    tasks_.insert(turn == Turn::kNext ? tasks_.begin() : tasks_.end(), std::move(task));
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

// Shared by the caller and the threads that help; the last of them releases it. A helper that starts late finds
// nothing to do: the caller waits for calls that have begun, not for threads that have other work.
struct Pool::Batch::State {
  std::function<void(std::size_t)> body;
  std::size_t count = 0;
  std::size_t stride = 1;
  std::atomic<std::size_t> next{0};
  std::atomic<std::size_t> done{0};
  std::mutex mutex;  // guards what follows
  std::exception_ptr thrown;

  void Work() {
    for (;;) {
      const std::size_t begin = next.fetch_add(stride);
      if (begin >= count) return;
      const std::size_t end = std::min(begin + stride, count);
      try {
        for (std::size_t i = begin; i < end; ++i) body(i);
      } catch (...) {
        const std::lock_guard lock(mutex);
        if (!thrown) thrown = std::current_exception();
      }
      if (done.fetch_add(end - begin) + (end - begin) == count) done.notify_all();
    }
  }
};

Pool::Batch Pool::Start(std::size_t count, std::function<void(std::size_t)> body) {
  Batch batch;
  batch.state_ = std::make_shared<Batch::State>();
  Batch::State& state = *batch.state_;
  state.body = std::move(body);
  state.count = count;
  // A few neighbours at a time: one by one, the counter would cost more than a hash.
  state.stride = std::clamp<std::size_t>(count / (8 * (thread_count() + 1)), 1, 64);
  const std::size_t wanted = std::min(thread_count(), (count + state.stride - 1) / state.stride);
  for (std::size_t i = 0; i < wanted; ++i) Enqueue([shared = batch.state_] { shared->Work(); }, Turn::kNext);
  return batch;
}

void Pool::Batch::Wait() {
  if (state_ == nullptr) return;
  const std::shared_ptr<State> state = std::move(state_);
  state->Work();
  for (std::size_t done = state->done; done < state->count; done = state->done) state->done.wait(done);
  if (state->thrown) std::rethrow_exception(state->thrown);
}

}  // namespace exhibit
