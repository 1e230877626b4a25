// Work on all cores: a pool of threads, results in the order in which work was submitted.
//
// A `Pool` runs tasks in no particular order. A caller that needs results in order keeps the futures in a
// queue and takes them from its front, which also bounds how many tasks are in flight.
#pragma once

#include <algorithm>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "vault/base/error.h"

namespace exhibit {

class Pool {
 public:
  // As many threads as the machine has processors, at least two.
  Pool();
  explicit Pool(std::size_t threads);
  // Waits for what was submitted.
  ~Pool();
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;

  std::size_t thread_count() const { return threads_.size(); }

  // REQUIRES: tasks do not wait for other tasks of the same pool.
  template <typename Task>
  auto Submit(Task task) -> std::future<decltype(task())> {
    auto packaged = std::make_shared<std::packaged_task<decltype(task())()>>(std::move(task));
    auto future = packaged->get_future();
    Enqueue([packaged] { (*packaged)(); }, Turn::kLast);
    return future;
  }

  // Runs body(0) … body(count - 1), the caller helping, and returns when all are done.
  void ForEach(std::size_t count, const std::function<void(std::size_t)>& body) { Start(count, body).Wait(); }

  // The same while the caller does something else, until it waits. Threads take these calls before tasks that were
  // submitted and have not begun, because the caller will wait for all of these and for nothing else.
  class Batch {
   public:
    Batch() = default;  // nothing to wait for
    ~Batch() { Wait(); }
    Batch(Batch&&) = default;
    Batch& operator=(Batch&& other) noexcept {
      Wait();
      state_ = std::move(other.state_);
      return *this;
    }
    // Helps with calls that have not begun, and returns when all are done. Rethrows the first exception of a body.
    void Wait();

   private:
    friend class Pool;
    struct State;
    std::shared_ptr<State> state_;
  };
  // `body` must stay valid until the batch was waited for.
  [[nodiscard]] Batch Start(std::size_t count, std::function<void(std::size_t)> body);

 private:
  enum class Turn : std::uint8_t { kNext, kLast };
  void Enqueue(std::function<void()> task, Turn turn);
  void Run();

  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::function<void()>> tasks_;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

// Makes count things side by side, `batch` of them at a time, and takes them in their order, while the next batch
// is being made. `make` is called by several threads; `take` by the caller, and its first failure ends it all.
template <typename Thing>
Result<void> MakeAndTake(Pool& pool, std::uint64_t count, std::uint64_t batch,
                         const std::function<Thing(std::uint64_t)>& make,
                         const std::function<Result<void>(std::uint64_t, Thing)>& take) {
  std::vector<std::optional<Thing>> made;
  std::vector<std::optional<Thing>> next;
  Pool::Batch making;
  const auto start = [&](std::uint64_t first) {
    next.clear();
    next.resize(static_cast<std::size_t>(std::min(batch, count - first)));
    making = pool.Start(next.size(), [&make, &next, first](std::size_t i) { next[i].emplace(make(first + i)); });
  };
  if (count > 0) start(0);
  for (std::uint64_t first = 0; first < count; first += batch) {
    making.Wait();
    made = std::exchange(next, {});
    if (first + batch < count) start(first + batch);
    for (std::size_t i = 0; i < made.size(); ++i) TRY_VOID(take(first + i, std::move(*made[i])));
  }
  return {};
}

}  // namespace exhibit
