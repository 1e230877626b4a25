#include "vault/net/witness_server.h"

#include <httplib.h>

#include <chrono>
#include <optional>
#include <thread>

#include "vault/base/clock.h"
#include "vault/base/text.h"
#include "vault/witness/add_checkpoint.h"

namespace exhibit::net {
namespace {

constexpr std::size_t kThreads = 4;
constexpr std::size_t kSecondsOfPatience = 10;
constexpr std::size_t kRequestsOfAConnection = 100;

tlog::CosignatureTime NowInSeconds() {
  const Timestamp now = Now();
  return {now.milliseconds < 0 ? 0 : static_cast<std::uint64_t>(now.milliseconds / 1000)};
}

// The library's own choice lets two processes listen at one port and share its requests between them.
void ListenAlone(socket_t socket) {
  const int on = 1;
  ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
}

// The body, or nothing and a status. The library takes compressed bodies apart and counts what was sent: what
// comes out is counted here.
std::optional<Bytes> ReadRequest(const httplib::ContentReader& read, httplib::Response& response) {
  Bytes body;
  bool too_long = false;
  const bool whole = read([&](const char* data, std::size_t size) {
    too_long = size > witness::kMaxRequestBytes - body.size();
    if (!too_long) Append(body, ViewOf(std::string_view(data, size)));
    return !too_long;
  });
  if (whole) return body;
  if (too_long) response.status = 413;
  if (response.status < 400) response.status = 400;
  return std::nullopt;
}

void SetUp(httplib::Server& server, const witness::Witness& witness) {
  server.set_socket_options(ListenAlone);
  server.new_task_queue = [] { return new httplib::ThreadPool(kThreads); };
  server.set_payload_max_length(witness::kMaxRequestBytes);
  server.set_read_timeout(static_cast<time_t>(kSecondsOfPatience), 0);
  server.set_write_timeout(static_cast<time_t>(kSecondsOfPatience), 0);
  server.set_keep_alive_timeout(static_cast<time_t>(kSecondsOfPatience));
  server.set_keep_alive_max_count(kRequestsOfAConnection);
  server.Post("/add-checkpoint", [&witness](const httplib::Request&, httplib::Response& response,
                                            const httplib::ContentReader& read) {
    const auto request = ReadRequest(read, response);
    if (!request) return;
    const witness::Answer answer = witness.Add(*request, NowInSeconds());
    response.status = answer.status;
    response.set_content(answer.body, answer.content_type);
  });
  server.Get("/([0-9a-f]{64})/checkpoint", [&witness](const httplib::Request& request, httplib::Response& response) {
    const auto latest = witness.Latest(request.matches[1].str());
    response.status = !latest ? 500 : *latest ? 200 : 404;
    if (latest && *latest) response.set_content(std::string(TextOf(**latest)), "text/plain; charset=utf-8");
  });
}

}  // namespace

Result<void> ServeWitness(const witness::Witness& witness, const ListenAt& at, const std::atomic<bool>& stop,
                          const std::function<void(std::uint16_t)>& ready) {
  httplib::Server server;
  SetUp(server, witness);
  int port = at.port;
  const bool bound = port == 0 ? (port = server.bind_to_any_port(at.host)) > 0 : server.bind_to_port(at.host, port);
  if (!bound) {
    return Fail(ErrorCode::kIo, "cannot listen at " + Printable(at.host) + ":" + std::to_string(at.port),
                "another process may listen there, or the address is not this machine's");
  }
  std::atomic<bool> ended{false};
  std::thread watcher([&] {
    while (!ended) {
      // What does not listen yet would not hear that it is to stop.
      if (stop && server.is_running()) return server.stop();
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
  });
  ready(static_cast<std::uint16_t>(port));
  const bool served = server.listen_after_bind();
  ended = true;
  watcher.join();
  if (served || stop) return {};
  return Fail(ErrorCode::kIo, "listening at " + Printable(at.host) + " ended");
}

}  // namespace exhibit::net
