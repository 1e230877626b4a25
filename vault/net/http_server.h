// A small HTTP/1.1 server for a service that strangers can reach: one thread, one loop over poll(), and bounds on
// the memory and time that a stranger can take.
//
//   connections   128; when another comes, one that is idle goes, else the one whose request is oldest: the newcomer
//                 is never refused in favour of somebody who sends a byte now and then
//   a request     http_request.h bounds its line, its head and its body, on every path and for every method
//   time          10 seconds in all from its first byte to its last, and another 10 until its answer was taken,
//                 whatever is sent or read meanwhile; an idle connection is kept for a minute
//   memory        so about 128 times a body and an answer
//
// Why it is our own: docs/decisions/0016-witness-server.md. Libraries bound the time between two bytes. cpp-httplib gives each connection a
// thread of a few, and reads lines of any length and bodies of any path. libmicrohttpd bounds memory and connections, and
// when they are used up the newcomer waits; it has no call that ends a connection whose head never comes.
// This service is one path with a small body, so the parser is small, pure and fuzzed, and there is only this loop
// besides.
//
// Not here: TLS, and limits by address. They belong to a server in front of this one, which sees the addresses.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "vault/base/error.h"

namespace exhibit::net {

struct ListenAt {
  std::string host;
  std::uint16_t port = 0;  // 0: any that is free
};

struct HttpReply {
  int status = 500;
  std::string content_type = "text/plain; charset=utf-8";
  std::string body = {};
  std::string allow = {};  // for 405: the methods that there are
};

// All of it is called by one thread.
struct HttpService {
  std::size_t max_body_bytes = 0;
  std::chrono::milliseconds request_time{10'000};  // from its first byte to its last
  std::chrono::milliseconds answer_time{10'000};   // until all of it was taken
  // Who need not send a body gets this reply for the head alone; nothing if the request is to be read.
  std::function<std::optional<HttpReply>(std::string_view method, std::string_view path)> refuse;
  std::function<HttpReply(std::string_view method, std::string_view path, std::string_view body)> answer;
};

// Serves until `stop` is set, and then ends within a quarter of a second, whoever is connected; a signal ends its
// waiting at once. `ready` is told the port once connections are taken. kIo if the address cannot be listened at.
Result<void> ServeHttp(const HttpService& service, const ListenAt& at, const std::atomic<bool>& stop,
                       const std::function<void(std::uint16_t)>& ready);

}  // namespace exhibit::net
