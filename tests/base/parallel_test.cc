// Goal: every piece of work is done once, results come back to who asked, and a queue holds no more
// than it may. Method: counting, and threads that wait for each other.
#include "vault/base/parallel.h"

#include <algorithm>
#include <atomic>
#include <future>
#include <numeric>
#include <stdexcept>
#include <vector>

#include "tests/support/catch.h"
#include "tests/support/check.h"
#include "vault/base/bounded_queue.h"

namespace exhibit {
namespace {

TEST_CASE("a pool has at least two threads, or as many as asked for", "[base]") {
  CHECK(Pool().thread_count() >= 2);
  CHECK(Pool(3).thread_count() == 3);
}

TEST_CASE("results come back through the futures in the order of submission", "[base]") {
  Pool pool(3);
  std::vector<std::future<int>> futures;
  for (int i = 0; i < 200; ++i) futures.push_back(pool.Submit([i] { return i * i; }));
  for (int i = 0; i < 200; ++i) CHECK(futures[static_cast<std::size_t>(i)].get() == i * i);
}

TEST_CASE("each index is visited exactly once, whatever the count", "[base]") {
  Pool pool(4);
  for (const std::size_t count : {0U, 1U, 2U, 3U, 5U, 63U, 64U, 65U, 1000U, 10007U}) {
    CAPTURE(count);
    std::vector<std::atomic<int>> visits(count);
    pool.ForEach(count, [&](std::size_t i) { ++visits[i]; });
    std::size_t once = 0;
    for (const auto& visit : visits) once += visit == 1 ? 1U : 0U;
    CHECK(once == count);
  }
}

TEST_CASE("a batch runs while its caller does something else, and is whole once it was waited for", "[base]") {
  Pool pool(2);
  std::promise<void> begun;
  std::promise<void> may_end;
  std::atomic<int> done{0};
  Pool::Batch batch = pool.Start(3, [&](std::size_t i) {
    if (i == 0) {
      begun.set_value();
      may_end.get_future().wait();
    }
    ++done;
  });
  begun.get_future().wait();  // while the caller has not waited yet
  may_end.set_value();
  batch.Wait();
  CHECK(done == 3);
  batch.Wait();  // again: nothing to do
}

TEST_CASE("a batch that goes away was done, and so was one that another takes the place of", "[base]") {
  Pool pool(2);
  std::atomic<int> done{0};
  {
    Pool::Batch batch = pool.Start(100, [&](std::size_t) { ++done; });
    batch = pool.Start(100, [&](std::size_t) { ++done; });
    CHECK(done >= 100);
  }
  CHECK(done == 200);
}

TEST_CASE("a batch does not wait for threads that have other work", "[base]") {
  std::promise<void> release;
  std::future<void> released = release.get_future();
  std::atomic<int> others{0};
  Pool pool(1);
  auto holding = pool.Submit([&] { released.wait(); });
  std::vector<std::future<int>> waiting;
  for (int i = 0; i < 100; ++i) waiting.push_back(pool.Submit([&] { return ++others; }));
  std::vector<int> visits(1000, 0);
  pool.ForEach(visits.size(), [&](std::size_t i) { ++visits[i]; });
  CHECK(std::ranges::all_of(visits, [](int count) { return count == 1; }));
  CHECK(others == 0);
  release.set_value();
  holding.get();
  for (std::future<int>& one : waiting) one.get();
  CHECK(others == 100);
}

TEST_CASE("a batch goes before what was submitted and is not begun", "[base]") {
  std::promise<void> release;
  std::future<void> released = release.get_future();
  std::vector<int> order;
  Pool pool(1);
  auto holding = pool.Submit([&] { released.wait(); });
  auto later = pool.Submit([&] { order.push_back(2); });
  // The caller is not helping, so that the thread of the pool does all of it.
  Pool::Batch batch = pool.Start(1, [&](std::size_t) { order.push_back(1); });
  release.set_value();
  later.get();
  batch.Wait();
  CHECK(order == std::vector{1, 2});
}

TEST_CASE("what a body throws reaches who waits, and the batch has ended then", "[base]") {
  Pool pool(2);
  std::atomic<int> others{0};
  const auto body = [&](std::size_t i) {
    if (i == 7) throw std::length_error("too long");
    ++others;
  };
  CHECK_THROWS_AS(pool.ForEach(10, body), std::length_error);
  CHECK(others == 9);
}

TEST_CASE("what is made side by side is taken in order, each once", "[base]") {
  Pool pool(3);
  for (const std::uint64_t count : {0U, 1U, 9U, 10U, 11U, 1003U}) {
    CAPTURE(count);
    std::uint64_t next = 0;
    bool in_order = true;
    const auto taken = MakeAndTake<std::uint64_t>(
        pool, count, 10, [](std::uint64_t at) { return at * at; },
        [&](std::uint64_t at, std::uint64_t thing) -> Result<void> {
          in_order = in_order && at == next++ && thing == at * at;
          return {};
        });
    REQUIRE_OK(taken);
    CHECK(in_order);
    CHECK(next == count);
  }
}

TEST_CASE("taking ends with the first failure", "[base]") {
  Pool pool(2);
  std::uint64_t taken = 0;
  const auto ended = MakeAndTake<int>(
      pool, 1000, 10, [](std::uint64_t) { return 0; },
      [&](std::uint64_t at, int) -> Result<void> {
        ++taken;
        return at == 25 ? Fail(ErrorCode::kIo, "the disk is full") : Result<void>();
      });
  CHECK_FAILS(ended, ErrorCode::kIo, "the disk is full");
  CHECK(taken == 26);
}

TEST_CASE("what was submitted is done before the pool is gone", "[base]") {
  std::atomic<int> done{0};
  {
    Pool pool(2);
    for (int i = 0; i < 500; ++i) pool.Submit([&done] { ++done; });
  }
  CHECK(done == 500);
}

TEST_CASE("two threads of a pool work at the same time", "[base]") {
  Pool pool(2);
  std::promise<void> first_is_here;
  std::promise<void> second_is_here;
  auto first = pool.Submit([&] {
    first_is_here.set_value();
    second_is_here.get_future().wait();
  });
  auto second = pool.Submit([&] {
    first_is_here.get_future().wait();
    second_is_here.set_value();
  });
  first.get();
  second.get();
  SUCCEED();
}

TEST_CASE("a queue keeps the order and never holds more than its capacity", "[base]") {
  constexpr int kCount = 2000;
  BoundedQueue<int> queue(4);
  std::atomic<int> pushed{0};
  std::thread writer([&] {
    for (int i = 0; i < kCount; ++i) {
      if (!queue.Push(i)) break;
      ++pushed;
    }
    queue.Close();
  });
  int taken = 0;
  bool in_order = true;
  bool bounded = true;
  while (const std::optional<int> value = queue.Pop()) {
    in_order = in_order && *value == taken;
    ++taken;
    bounded = bounded && pushed <= taken + 5;  // four in the queue and one just pushed
  }
  writer.join();
  CHECK(taken == kCount);
  CHECK(in_order);
  CHECK(bounded);
}

TEST_CASE("a closed queue takes nothing more but gives what it holds", "[base]") {
  BoundedQueue<int> queue(2);
  CHECK(queue.Push(1));
  queue.Close();
  queue.Close();
  CHECK_FALSE(queue.Push(2));
  CHECK(queue.Pop() == 1);
  CHECK_FALSE(queue.Pop());
}

TEST_CASE("closing wakes a writer that waits for room", "[base]") {
  BoundedQueue<int> queue(1);
  REQUIRE(queue.Push(1));
  std::atomic<bool> refused{false};
  std::thread writer([&] { refused = !queue.Push(2); });
  queue.Close();
  writer.join();
  CHECK(refused);
}

}  // namespace
}  // namespace exhibit
