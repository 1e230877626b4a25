#include "vault/net/patience.h"

#include <thread>

#include "vault/base/interrupt.h"

namespace exhibit::net {

bool Wait(const Patience& patience, std::chrono::milliseconds pause) {
  constexpr std::chrono::milliseconds kLook{50};
  for (; pause.count() > 0; pause -= std::min(pause, kLook)) {
    if (IsSet(patience.interrupted)) return false;
    std::this_thread::sleep_for(std::min(pause, kLook));
  }
  return !IsSet(patience.interrupted);
}

}  // namespace exhibit::net
