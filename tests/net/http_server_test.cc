// Goal: whatever strangers send, and however slowly, an honest request is answered at once, and memory stays small.
// Method: a server in a thread, asked over raw sockets on loopback: crowds that trickle, giants, pipelines, odd
// methods; the growth of this process's memory is measured.
#include "vault/net/http_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <optional>
#include <thread>

#include "tests/net/serving.h"
#include "tests/support/check.h"
#include "vault/base/file.h"

namespace exhibit::testing {
namespace {

using namespace net;
using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::size_t kMaxBody = 64 * 1024;

// Answers a POST to /echo with its body, and a GET of /big with a body that no socket's buffer holds.
struct Served {
  explicit Served(milliseconds request_time = seconds(60), milliseconds answer_time = seconds(60)) {
    service.max_body_bytes = kMaxBody;
    service.request_time = request_time;
    service.answer_time = answer_time;
    service.refuse = [](std::string_view method, std::string_view path) -> std::optional<HttpReply> {
      if (path == "/echo" && method == "POST") return std::nullopt;
      if (path == "/big") return std::nullopt;
      return HttpReply{404};
    };
    service.answer = [](std::string_view, std::string_view path, std::string_view body) {
      HttpReply reply{200};
      reply.body = path == "/big" ? std::string(16 << 20, 'b') : "<" + std::string(body) + ">";
      return reply;
    };
    serving.emplace([this](const std::atomic<bool>& stop, const Serving::Ready& ready) {
      return ServeHttp(service, {"127.0.0.1", 0}, stop, ready);
    });
  }
  std::uint16_t port() const { return serving->port(); }

  HttpService service;
  std::optional<Serving> serving;
};

// What this process has open: of a connection on loopback, both ends until the server lets go of its own.
std::ptrdiff_t OpenFiles() {
  const std::filesystem::directory_iterator files("/proc/self/fd");
  return std::distance(begin(files), end(files));
}

// Waits for an event; false if it does not come for a minute.
bool Until(const std::function<bool()>& happened) {
  for (const auto deadline = Clock::now() + seconds(60); Clock::now() < deadline;) {
    if (happened()) return true;
    std::this_thread::sleep_for(milliseconds(5));
  }
  return false;
}

class Client {
 public:
  explicit Client(const Served& served) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(served.port());
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    REQUIRE(::connect(socket_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
  }
  // False once the other side has gone.
  bool Send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t count = ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (count <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(count));
    }
    return true;
  }
  // What comes until `end` was seen, or the connection ends, or nothing came for `patience`.
  std::string Receive(std::string_view end, milliseconds patience = seconds(60)) {
    std::string text;
    char buffer[4096];
    while (end.empty() || text.find(end) == text.npos) {
      pollfd wait{socket_.get(), POLLIN, 0};
      if (::poll(&wait, 1, static_cast<int>(patience.count())) <= 0) return text + "(nothing more came)";
      const ssize_t count = ::recv(socket_.get(), buffer, sizeof buffer, 0);
      if (count <= 0) return text;
      text.append(buffer, static_cast<std::size_t>(count));
    }
    return text;
  }

 private:
  FileDescriptor socket_;
};

std::string Post(const std::string& body, const std::string& fields = "") {
  return "POST /echo HTTP/1.1\r\nHost: w\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" + fields + "\r\n" +
         body;
}
std::string Asked(const Served& served, const std::string& request) {
  Client client(served);
  client.Send(request);
  return client.Receive("");
}
int StatusOf(const std::string& answer) { return answer.size() < 12 ? 0 : std::stoi(answer.substr(9, 3)); }

// The most that this process ever held.
long PeakKilobytes() {
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;) {
    if (word == "VmHWM:") {
      long kilobytes = 0;
      status >> kilobytes;
      return kilobytes;
    }
  }
  return 0;
}

}  // namespace

TEST_CASE("one connection takes requests one after another, and those that come together", "[http]") {
  const Served served;
  Client client(served);
  CHECK(client.Send(Post("one")));
  CHECK(client.Receive("<one>").find("Connection: keep-alive") != std::string::npos);
  CHECK(client.Send(Post("two") + Post("three") +
                    "POST /echo HTTP/1.1\r\nHost: w\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nfo"));
  CHECK(client.Receive("<three>").find("<two>") != std::string::npos);
  CHECK(client.Send("ur\r\n0\r\n\r\n" + Post("five", "Connection: close\r\n")));
  CHECK(client.Receive("").find("<four>") != std::string::npos);
  CHECK(Asked(served, "POST /echo HTTP/1.0\r\nContent-Length: 2\r\n\r\nhi").ends_with("Connection: close\r\n\r\n<hi>"));
}

TEST_CASE("what is asked in odd ways gets its status", "[http]") {
  const Served served;
  CHECK(StatusOf(Asked(served, "BREW /pot HTTP/1.1\r\nHost: w\r\nConnection: close\r\n\r\n")) == 404);
  const std::string head = Asked(served, "HEAD /big HTTP/1.0\r\n\r\n");
  CHECK(StatusOf(head) == 200);
  CHECK(head.find("Content-Length: 16777216\r\n") != std::string::npos);
  CHECK(head.ends_with("\r\n\r\n"));
  CHECK(StatusOf(Asked(served, Post("x", "Content-Encoding: gzip\r\n"))) == 415);
  CHECK(StatusOf(Asked(served, "nonsense\r\n\r\n")) == 400);
  Client waits(served);
  CHECK(waits.Send("POST /echo HTTP/1.1\r\nHost: w\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n"));
  CHECK(waits.Receive("\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n");
  CHECK(waits.Send("hi"));
  CHECK(StatusOf(waits.Receive("<hi>")) == 200);
  Client too_long(served);
  CHECK(too_long.Send("POST /echo HTTP/1.1\r\nHost: w\r\nContent-Length: 100000\r\nExpect: 100-continue\r\n\r\n"));
  CHECK(StatusOf(too_long.Receive("")) == 413);
}

TEST_CASE("giants are refused while they come, and cost no memory", "[http]") {
  const Served served;
  Asked(served, Post("warm", "Connection: close\r\n"));
  const long before = PeakKilobytes();
  const std::string piece(1 << 20, 'a');
  const std::vector<std::pair<std::string, int>> beginnings = {
      {"", 414},
      {"GET /", 414},
      {"GET / HTTP/1.1\r\nHost: w\r\nX: ", 431},
      {"POST /echo HTTP/1.1\r\nHost: w\r\nContent-Length: 314572800\r\n\r\n", 413},
      {"POST /other HTTP/1.1\r\nHost: w\r\nContent-Length: 314572800\r\n\r\n", 404},
      {"POST /other HTTP/1.1\r\nHost: w\r\nTransfer-Encoding: chunked\r\n\r\n12c00000\r\n", 404},
      {"POST /echo HTTP/1.1\r\nHost: w\r\nTransfer-Encoding: chunked\r\n\r\n12c00000\r\n", 413},
      {"POST /echo HTTP/1.1\r\nHost: w\r\nTransfer-Encoding: chunked\r\n\r\n1;", 413},
      {"PUT /echo HTTP/1.1\r\nHost: w\r\nTransfer-Encoding: chunked\r\n\r\n1;", 404},
  };
  for (const auto& [beginning, status] : beginnings) {
    CAPTURE(beginning);
    Client client(served);
    bool takes = client.Send(beginning);
    for (int i = 0; i < 64 && takes; ++i) takes = client.Send(piece);
    CHECK(StatusOf(client.Receive("\r\n\r\n")) == status);
  }
  CHECK(PeakKilobytes() - before < 8 * 1024);
}

// Connections that send their request a byte now and then.
std::vector<std::unique_ptr<Client>> Tricklers(const Served& served) {
  const std::vector<std::string> beginnings = {
      "",
      "P",
      "POST /echo HTTP/1.1\r\nHost: w\r\nX: ",
      "GET /x",
      "POST /echo HTTP/1.1\r\nHost: w\r\nContent-Length: 60000\r\n\r\n",
      "POST /echo HTTP/1.1\r\nHost: w\r\nTransfer-Encoding: chunked\r\n\r\nff\r\n"};
  std::vector<std::unique_ptr<Client>> crowd;
  for (std::size_t i = 0; i < 200; ++i) {
    crowd.push_back(std::make_unique<Client>(served));
    crowd.back()->Send(beginnings[i % beginnings.size()]);
  }
  return crowd;
}

TEST_CASE("200 who trickle do not keep an honest request waiting", "[http]") {
  const Served served(std::chrono::hours(1));  // a request that waited for one of theirs would not be answered here
  const auto crowd = Tricklers(served);
  for (int round = 0; round < 10; ++round) {
    for (const auto& one : crowd) one->Send("a");
    CHECK(Asked(served, Post("honest", "Connection: close\r\n")).ends_with("<honest>"));
  }
}

TEST_CASE("none of those who trickle stays, whatever they send", "[http]") {
  const std::ptrdiff_t before = OpenFiles();
  const Served served(milliseconds(300));
  const std::ptrdiff_t listening = OpenFiles();
  const auto crowd = Tricklers(served);
  CHECK(Until([&] {
    for (const auto& one : crowd) one->Send("a");
    return OpenFiles() == listening + 200;
  }));
  CHECK(listening > before);
}

TEST_CASE("who does not read its answer keeps nobody waiting and is dropped", "[http]") {
  const Served served(seconds(60), milliseconds(300));
  const std::ptrdiff_t listening = OpenFiles();
  std::vector<std::unique_ptr<Client>> crowd;
  for (int i = 0; i < 8; ++i) {
    crowd.push_back(std::make_unique<Client>(served));
    crowd.back()->Send("GET /big HTTP/1.1\r\nHost: w\r\n\r\n");
  }
  CHECK(Asked(served, Post("honest", "Connection: close\r\n")).ends_with("<honest>"));
  CHECK(Until([&] { return OpenFiles() == listening + 8; }));
  for (const auto& one : crowd) CHECK(one->Receive("").size() < (16 << 20));
}

TEST_CASE("idle connections give their place to newcomers", "[http]") {
  const Served served;
  std::vector<std::unique_ptr<Client>> idle;
  for (int i = 0; i < 128; ++i) {
    idle.push_back(std::make_unique<Client>(served));
    idle.back()->Send(Post("x"));
    CHECK(StatusOf(idle.back()->Receive("<x>")) == 200);
  }
  Client late(served);
  CHECK(late.Send(Post("late")));
  CHECK(StatusOf(late.Receive("<late>")) == 200);
  CHECK(idle.front()->Receive("").empty());
  CHECK(idle.back()->Send(Post("still here")));
  CHECK(StatusOf(idle.back()->Receive("<still here>")) == 200);
}

TEST_CASE("a server stops at once, whoever is connected", "[http]") {
  auto served = std::make_unique<Served>();
  Client trickles(*served);
  trickles.Send("POST /echo HT");
  const auto start = Clock::now();
  served.reset();
  CHECK(Clock::now() - start < seconds(30));  // half of what that request may take
}

TEST_CASE("a name that has no address is not listened at", "[http]") {
  const std::atomic<bool> stop{true};
  CHECK_FAILS(ServeHttp(HttpService(), {"no such host.invalid", 0}, stop, [](std::uint16_t) {}), ErrorCode::kIo,
              "cannot listen at");
}

}  // namespace exhibit::testing
