// A server in a thread of its own, for as long as it lives. Its port is known once it listens; one that does not come
// to listen fails the test with its own words.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <future>
#include <thread>

#include "tests/support/check.h"

namespace exhibit::testing {

class Serving {
 public:
  using Ready = std::function<void(std::uint16_t)>;
  using Serve = std::function<Result<void>(const std::atomic<bool>& stop, const Ready& ready)>;

  explicit Serving(const Serve& serve) {
    thread_ = std::thread([this, serve] {
      bool listens = false;
      const Result<void> ended = serve(stop_, [&](std::uint16_t at) {
        listens = true;
        listening_.set_value(at);
      });
      if (!listens)
        listening_.set_value(ended ? Result<std::uint16_t>(Fail(ErrorCode::kIo, "it ended"))
                                   : tl::unexpected(ended.error()));
    });
    port_ = Unwrap(listening_.get_future().get());
  }
  ~Serving() {
    stop_ = true;
    thread_.join();
  }
  Serving(const Serving&) = delete;
  Serving& operator=(const Serving&) = delete;
  std::uint16_t port() const { return port_; }

 private:
  std::atomic<bool> stop_{false};
  std::promise<Result<std::uint16_t>> listening_;
  std::thread thread_;
  std::uint16_t port_ = 0;
};

}  // namespace exhibit::testing
