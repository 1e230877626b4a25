// A witness over HTTP, as C2SP tlog-witness says:
//
//   POST /add-checkpoint                     witness/add_checkpoint.h, with the status codes of its answer
//   GET  /<hex sha256(origin)>/checkpoint    the last checkpoint that it cosigned
//
// What a stranger can make it hold, and for how long, http_server.h bounds; what requests say is judged by the
// witness alone. No TLS of its own: put it behind a server that has TLS.
#pragma once

#include <cstdint>

#include "vault/net/http_server.h"
#include "vault/witness/witness.h"

namespace exhibit::net {

// Serves until `stop` is set. `ready` is told the port once requests are taken. kIo if the address cannot
// be listened at.
Result<void> ServeWitness(const witness::Witness& witness, const ListenAt& at, const std::atomic<bool>& stop,
                          const std::function<void(std::uint16_t)>& ready);

}  // namespace exhibit::net
