// For how long a request is made again of which nobody knows how it went (kIo, object_store.h).
#pragma once

#include <algorithm>
#include <atomic>
#include <chrono>

#include "vault/base/error.h"

namespace exhibit::net {

struct Patience {
  std::chrono::milliseconds in_all{60'000};
  std::chrono::milliseconds first_pause{100};
  std::chrono::milliseconds longest_pause{5'000};
  const std::atomic<bool>* interrupted = nullptr;
};

// False if the user asked to stop meanwhile.
bool Wait(const Patience& patience, std::chrono::milliseconds pause);

// Asks again after a pause as long as nobody knows how it went and the patience lasts. For what harms nobody if it is done
// twice.
template <typename Ask>
auto Persist(const Patience& patience, Ask ask) -> decltype(ask()) {
  const auto begin = std::chrono::steady_clock::now();
  for (auto pause = patience.first_pause;; pause = std::min(2 * pause, patience.longest_pause)) {
    auto answer = ask();
    if (answer || answer.error().code != ErrorCode::kIo) return answer;
    if (std::chrono::steady_clock::now() - begin + pause > patience.in_all) return answer;
    if (!Wait(patience, pause)) return Fail(ErrorCode::kInterrupted, "interrupted");
  }
}

}  // namespace exhibit::net
