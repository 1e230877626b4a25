// Work on all cores: a pool of threads, results in the order in which work was submitted.
//
// A `Pool` runs what it is given in no particular order; who needs the results in order keeps the
// futures in a queue and takes them from its front, which also bounds what is in flight.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

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
    Enqueue([packaged] { (*packaged)(); });
    return future;
  }

  // Runs body(0) … body(count - 1), the caller helping, and returns when all are done.
  void ForEach(std::size_t count, const std::function<void(std::size_t)>& body);

 private:
  void Enqueue(std::function<void()> task);
  void Run();

  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::function<void()>> tasks_;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace exhibit
