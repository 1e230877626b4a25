#include "vault/net/http_server.h"

#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <list>
#include <memory>
#include <vector>

#include "vault/base/file.h"
#include "vault/base/format.h"
#include "vault/base/text.h"
#include "vault/net/http_request.h"

namespace exhibit::net {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kMaxConnections = 128;
constexpr std::size_t kAcceptsEachRound = 32;
constexpr int kBacklog = 512;
constexpr std::chrono::milliseconds kIdleTime{60'000};
constexpr std::chrono::milliseconds kDrainTime{2'000};
constexpr std::chrono::milliseconds kLongestWait{250};
constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";

std::string_view ReasonOf(int status) {
  switch (status) {
    case 200: return "OK";
    case 400: return "Bad Request";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 409: return "Conflict";
    case 413: return "Content Too Large";
    case 414: return "URI Too Long";
    case 415: return "Unsupported Media Type";
    case 417: return "Expectation Failed";
    case 422: return "Unprocessable Content";
    case 431: return "Request Header Fields Too Large";
    case 500: return "Internal Server Error";
    case 501: return "Not Implemented";
    case 505: return "HTTP Version Not Supported";
    default: return "";
  }
}

HttpReply RefusalOf(int status) {
  HttpReply reply{status};
  reply.body = std::string(ReasonOf(status)) + "\n";
  return reply;
}

enum class Body : std::uint8_t { kSent, kLeftOut };
std::string Written(const HttpReply& reply, bool keep_alive, Body body) {
  std::string text = Format("HTTP/1.1 {} {}\r\n", reply.status, ReasonOf(reply.status));
  text += Format("Content-Type: {}\r\n", reply.content_type);
  text += Format("Content-Length: {}\r\n", reply.body.size());
  if (!reply.allow.empty()) text += Format("Allow: {}\r\n", reply.allow);
  text += std::string("Connection: ") + (keep_alive ? "keep-alive" : "close") + "\r\n\r\n";
  if (body == Body::kSent) text += reply.body;
  return text;
}

// One connection: what came, what is to be sent, and the deadline.
class Connection {
 public:
  Connection(const HttpService& service, FileDescriptor socket, Clock::time_point now)
      : service_(service), socket_(std::move(socket)), since_(now), deadline_(now + service.request_time) {}

  int socket() const { return socket_.get(); }
  short waits_for() const { return state_ == State::kAnswer ? POLLOUT : POLLIN; }
  // It need not wait: the next request is here already.
  bool has_next() const { return state_ == State::kHead && has_next_; }
  bool is_over() const { return state_ == State::kOver; }
  bool is_late(Clock::time_point now) const { return now >= deadline_; }

  // Who goes first when there are too many.
  bool GoesBefore(const Connection& other) const {
    if (is_spare() != other.is_spare()) return is_spare();
    return since_ < other.since_;
  }

  // One step: what can be read is read, or what can be sent is sent. One request at most.
  void Advance(Clock::time_point now) {
    if (state_ == State::kDrain) return Drain();
    if (state_ == State::kAnswer) return Send(now);
    if (!has_next_ && !Receive(now)) return;
    has_next_ = false;
    if (state_ == State::kHead && !TakeHead(now)) return;
    TakeBody(now);
  }

 private:
  enum class State : std::uint8_t { kHead, kBody, kAnswer, kDrain, kOver };

  bool is_spare() const { return state_ == State::kDrain || (state_ == State::kHead && is_idle_); }

  void End() { state_ = State::kOver; }

  // False if nothing came.
  bool Receive(Clock::time_point now) {
    std::array<char, kMaxRequestHeadBytes> buffer;
    // A head never has more than it may; a body is taken out of `received_` each time.
    const std::size_t room = buffer.size() - received_.size();
    const ssize_t count = ::recv(socket_.get(), buffer.data(), room, 0);
    if (count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)) return false;
    if (count <= 0) {
      End();
      return false;
    }
    if (is_idle_) Begin(now);
    received_.append(buffer.data(), static_cast<std::size_t>(count));
    return true;
  }

  void Begin(Clock::time_point now) {
    is_idle_ = false;
    since_ = now;
    deadline_ = now + service_.request_time;
  }

  // False if there is no body to be read.
  bool TakeHead(Clock::time_point now) {
    auto read = ReadRequestHead(received_);
    if (std::holds_alternative<NeedMore>(read)) return false;
    if (const auto* const refused = std::get_if<RequestRefused>(&read)) {
      Answer(RefusalOf(refused->status), Then::kClose, now);
      return false;
    }
    head_ = std::get<RequestHead>(std::move(read));
    received_.erase(0, head_.bytes);
    if (const auto reply = service_.refuse(head_.method, head_.path)) {
      Answer(*reply, head_.has_body() ? Then::kClose : Then::kGoOn, now);
      return false;
    }
    body_ = std::make_unique<RequestBody>(head_, service_.max_body_bytes);
    state_ = State::kBody;
    // It fits into a socket that nothing was written to.
    if (head_.expects_continue && head_.has_body() && received_.empty() && body_->refusal() == 0 &&
        ::send(socket_.get(), kContinue.data(), kContinue.size(), MSG_NOSIGNAL) !=
            static_cast<ssize_t>(kContinue.size())) {
      End();
    }
    return state_ == State::kBody;
  }

  void TakeBody(Clock::time_point now) {
    switch (body_->Take(received_)) {
      case RequestBody::State::kMore: return;
      case RequestBody::State::kRefused: return Answer(RefusalOf(body_->refusal()), Then::kClose, now);
      case RequestBody::State::kWhole: break;
    }
    const HttpReply reply = service_.answer(head_.method, head_.path, body_->bytes());
    body_.reset();
    Answer(reply, Then::kGoOn, Clock::now());
  }

  enum class Then : std::uint8_t { kGoOn, kClose };
  void Answer(const HttpReply& reply, Then then, Clock::time_point now) {
    goes_on_ = then == Then::kGoOn && head_.keep_alive;
    output_ = Written(reply, goes_on_, head_.method == "HEAD" ? Body::kLeftOut : Body::kSent);
    sent_ = 0;
    body_.reset();
    state_ = State::kAnswer;
    deadline_ = now + service_.answer_time;
    Send(now);
  }

  void Send(Clock::time_point now) {
    while (sent_ < output_.size()) {
      const ssize_t count = ::send(socket_.get(), output_.data() + sent_, output_.size() - sent_, MSG_NOSIGNAL);
      if (count < 0 && errno == EINTR) continue;
      if (count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return;
      if (count < 0) return End();
      sent_ += static_cast<std::size_t>(count);
    }
    output_ = std::string();
    head_ = RequestHead();
    if (!goes_on_) {
      // Closed with bytes unread, the connection would be reset, and the answer perhaps never read.
      ::shutdown(socket_.get(), SHUT_WR);
      received_ = std::string();
      state_ = State::kDrain;
      deadline_ = now + kDrainTime;
      return;
    }
    state_ = State::kHead;
    has_next_ = !received_.empty();
    is_idle_ = !has_next_;
    since_ = now;
    deadline_ = now + (is_idle_ ? kIdleTime : service_.request_time);
  }

  void Drain() {
    std::array<char, 64 * 1024> unread;
    const ssize_t count = ::recv(socket_.get(), unread.data(), unread.size(), 0);
    const bool waits = count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR);
    if (count <= 0 && !waits) End();
  }

  const HttpService& service_;
  FileDescriptor socket_;
  State state_ = State::kHead;
  bool is_idle_ = false;   // between two requests
  bool has_next_ = false;  // a request, or its beginning, came with the one before
  bool goes_on_ = false;   // after the answer
  std::string received_;
  RequestHead head_;
  std::unique_ptr<RequestBody> body_;
  std::string output_;
  std::size_t sent_ = 0;
  Clock::time_point since_;
  Clock::time_point deadline_;
};

class Server {
 public:
  Server(const HttpService& service, FileDescriptor listener) : service_(service), listener_(std::move(listener)) {}

  Result<void> Run(const std::atomic<bool>& stop) {
    while (!stop) {
      std::vector<pollfd> waits = {{listener_.get(), POLLIN, 0}};
      for (const Connection& one : connections_) waits.push_back({one.socket(), one.waits_for(), 0});
      if (::poll(waits.data(), waits.size(), WaitTime()) < 0 && errno != EINTR) {
        return Fail(ErrorCode::kIo, std::string("waiting for requests: ") + std::strerror(errno));
      }
      const Clock::time_point now = Clock::now();
      std::size_t place = 1;
      for (Connection& one : connections_) {
        if (waits[place++].revents != 0 || one.has_next()) one.Advance(now);
      }
      connections_.remove_if([&](const Connection& one) { return one.is_over() || one.is_late(now); });
      // Present connections are served first, so that one that sends at once does not give way to a crowd of newcomers.
      if (waits[0].revents != 0) Accept(now);
    }
    return {};
  }

 private:
  int WaitTime() const {
    const bool at_once = std::ranges::any_of(connections_, [](const Connection& one) { return one.has_next(); });
    return at_once ? 0 : static_cast<int>(kLongestWait.count());
  }

  void Accept(Clock::time_point now) {
    for (std::size_t i = 0; i < kAcceptsEachRound; ++i) {
      FileDescriptor socket(::accept4(listener_.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
      const bool has_no_room = !socket && (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM);
      if (has_no_room || (socket && connections_.size() == kMaxConnections)) DropOne();
      if (!socket) return;
      connections_.emplace_back(service_, std::move(socket), now);
    }
  }

  void DropOne() {
    const auto first = std::ranges::min_element(
        connections_, [](const Connection& a, const Connection& b) { return a.GoesBefore(b); });
    if (first != connections_.end()) connections_.erase(first);
  }

  const HttpService& service_;
  FileDescriptor listener_;
  std::list<Connection> connections_;
};

struct FreeAddresses {
  void operator()(addrinfo* list) const { ::freeaddrinfo(list); }
};

Result<FileDescriptor> Listen(const ListenAt& at) {
  const auto failed = [&](const std::string& why) {
    return Fail(ErrorCode::kIo, Format("cannot listen at {}:{}: {}", Printable(at.host), at.port, why),
                "another process may listen there, or the address is not this machine's");
  };
  addrinfo wanted{};
  wanted.ai_socktype = SOCK_STREAM;
  wanted.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  if (const int error = ::getaddrinfo(at.host.c_str(), std::to_string(at.port).c_str(), &wanted, &found); error != 0) {
    return failed(::gai_strerror(error));
  }
  const std::unique_ptr<addrinfo, FreeAddresses> addresses(found);
  std::string why = "it has no address";
  for (const addrinfo* one = found; one != nullptr; one = one->ai_next) {
    FileDescriptor socket(::socket(one->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, one->ai_protocol));
    // So that it can be started again at once. Two processes still cannot share the port.
    const int on = 1;
    if (socket && ::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0 &&
        ::bind(socket.get(), one->ai_addr, one->ai_addrlen) == 0 && ::listen(socket.get(), kBacklog) == 0) {
      return socket;
    }
    why = std::strerror(errno);
  }
  return failed(why);
}

Result<std::uint16_t> PortOf(const FileDescriptor& listener) {
  sockaddr_storage address{};
  socklen_t bytes = sizeof address;
  std::array<char, 16> port;
  if (::getsockname(listener.get(), reinterpret_cast<sockaddr*>(&address), &bytes) != 0 ||
      ::getnameinfo(reinterpret_cast<sockaddr*>(&address), bytes, nullptr, 0, port.data(), port.size(),
                    NI_NUMERICSERV) != 0) {
    return Fail(ErrorCode::kIo, "the system does not say where it listens");
  }
  return static_cast<std::uint16_t>(std::strtoul(port.data(), nullptr, 10));
}

}  // namespace

Result<void> ServeHttp(const HttpService& service, const ListenAt& at, const std::atomic<bool>& stop,
                       const std::function<void(std::uint16_t)>& ready) {
  TRY(FileDescriptor listener, Listen(at));
  TRY(const std::uint16_t port, PortOf(listener));
  ready(port);
  return Server(service, std::move(listener)).Run(stop);
}

}  // namespace exhibit::net
