// A witness over HTTP, as C2SP tlog-witness says:
//
//   POST /add-checkpoint                     witness/add_checkpoint.h, with the status codes of its answer
//   GET  /<hex sha256(origin)>/checkpoint    the last checkpoint that it cosigned
//
// No TLS of its own: put it behind a server that has it, and that reads a request whole before it passes it on.
// Requests are bounded in size and each of their pieces in time; what they say is judged by the witness alone.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>

#include "vault/witness/witness.h"

namespace exhibit::net {

struct ListenAt {
  std::string host;
  std::uint16_t port = 0;  // 0: any that is free
};

// Serves until `stop` is set. `ready` is told the port once requests are taken. kIo if the address cannot
// be listened at.
Result<void> ServeWitness(const witness::Witness& witness, const ListenAt& at, const std::atomic<bool>& stop,
                          const std::function<void(std::uint16_t)>& ready);

}  // namespace exhibit::net
