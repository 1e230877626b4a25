// Goal: a request is read as RFC 9112 says, in whatever pieces it comes, and what could be read in two ways or is too
// long is refused with the right status. Method: heads and bodies one by one, whole and byte by byte.
#include "vault/net/http_request.h"

#include "tests/support/check.h"

namespace exhibit::testing {
namespace {

using namespace net;

int RefusalOf(std::string_view head) {
  const auto read = ReadRequestHead(head);
  if (const auto* const refused = std::get_if<RequestRefused>(&read)) return refused->status;
  return std::holds_alternative<NeedMore>(read) ? 0 : 200;
}

RequestHead HeadOf(std::string_view text) {
  const auto read = ReadRequestHead(text);
  REQUIRE(std::holds_alternative<RequestHead>(read));
  return std::get<RequestHead>(read);
}

std::string Post(const std::string& fields) { return "POST /a HTTP/1.1\r\nHost: w\r\n" + fields + "\r\n"; }

struct ReadBody {
  RequestBody::State state;
  std::string bytes;
  int refusal;
  std::string left;
};
ReadBody BodyOf(const std::string& fields, std::string rest, std::size_t piece, std::size_t limit = 100) {
  RequestBody body(HeadOf(Post(fields)), limit);
  std::string received;
  auto state = body.Take(received);
  while (state == RequestBody::State::kMore && !rest.empty()) {
    received += rest.substr(0, piece);
    rest.erase(0, piece);
    state = body.Take(received);
  }
  return {state, body.bytes(), body.refusal(), received + rest};
}

}  // namespace

TEST_CASE("a request's head is read, and nothing behind it", "[http]") {
  const auto post = HeadOf(Post("Content-Length: 12\r\nexpect: 100-Continue\r\n") + "body");
  CHECK(post.method == "POST");
  CHECK(post.path == "/a");
  CHECK(post.content_bytes == 12);
  CHECK(post.expects_continue);
  CHECK(post.keep_alive);
  CHECK(post.bytes == Post("Content-Length: 12\r\nexpect: 100-Continue\r\n").size());
  const auto old = HeadOf("\r\n\r\nGET /x?y=/z HTTP/1.0\r\nConnection: keep-alive\r\nExpect: 100-continue\r\n\r\n");
  CHECK(old.path == "/x");
  CHECK_FALSE(old.keep_alive);
  CHECK_FALSE(old.expects_continue);
  CHECK_FALSE(HeadOf(Post("Connection: x, Close\r\n")).keep_alive);
  CHECK(HeadOf("GET http://w.example:80/b?c HTTP/1.1\r\nHost: w\r\n\r\n").path == "/b");
  CHECK(HeadOf("GET https://w.example HTTP/1.1\r\nHost: w\r\n\r\n").path == "/");
  CHECK(HeadOf("OPTIONS * HTTP/1.1\r\nHost: w\r\n\r\n").path == "*");
  CHECK(HeadOf("GET / HTTP/1.7\r\nHost:\r\nX-Y:\t\r\n\r\n").keep_alive);
  const std::string whole = Post("A: b\r\n");
  for (std::size_t size = 0; size < whole.size(); ++size) CHECK(RefusalOf(whole.substr(0, size)) == 0);
}

TEST_CASE("a head that two could read differently, or that is too long, is refused", "[http]") {
  const std::vector<std::pair<std::string, int>> rows = {
      {"GET /\r\n\r\n", 400},
      {"GET  / HTTP/1.1\r\nHost: w\r\n\r\n", 400},
      {"G(T / HTTP/1.1\r\nHost: w\r\n\r\n", 400},
      {" / HTTP/1.1\r\nHost: w\r\n\r\n", 400},
      {"GET a HTTP/1.1\r\nHost: w\r\n\r\n", 400},
      {"GET /\xC3\xA9 HTTP/1.1\r\nHost: w\r\n\r\n", 400},
      {"GET / HTTP/1\r\nHost: w\r\n\r\n", 400},
      {"GET / HTTP/11\r\nHost: w\r\n\r\n", 400},
      {"PRI * HTTP/2.0\r\n\r\n", 505},
      {"GET / HTTP/0.9\r\n\r\n", 505},
      {"GET / HTTP/1.1\r\n\r\n", 400},  // no host
      {Post("Host: v\r\n"), 400},
      {"GET / HTTP/1.1\nHost: w\n\n", 400},
      {"GET / HTTP/1.1\r\nHost: w\rx\r\n\r\n", 400},
      {"GET / HTTP/1.1\r\nHost: w\r\r\n\r\n", 400},
      {std::string("GET / HTTP/1.1\r\nHost: \0\r\n\r\n", 27), 400},
      {"\x16\x03\x01", 400},  // TLS
      {Post("no colon\r\n"), 400},
      {Post("A: b\r\n c\r\n"), 400},
      {Post("A : b\r\n"), 400},
      {Post(": b\r\n"), 400},
      {Post("Content-Length: 1\r\nContent-Length: 1\r\n"), 400},
      {Post("Content-Length: 1, 1\r\n"), 400},
      {Post("Content-Length: +1\r\n"), 400},
      {Post("Content-Length: 99999999999999999999\r\n"), 400},
      {Post("Content-Length: 1\r\nTransfer-Encoding: chunked\r\n"), 400},
      {Post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"), 400},
      {Post("Transfer-Encoding: gzip, chunked\r\n"), 501},
      {"POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", 400},
      {Post("Content-Encoding: gzip\r\n"), 415},
      {Post("Expect: cake\r\n"), 417},
      {"GET /" + std::string(5000, 'a') + " HTTP/1.1\r\nHost: w\r\n\r\n", 414},
      {std::string(5000, 'a'), 414},
      {Post("A: " + std::string(9000, 'a') + "\r\n"), 431},
      {Post("").substr(0, 27) + std::string(9000, 'a'), 431},
      {Post("").substr(0, 18) + std::string(9000, '\r'), 400},
  };
  for (const auto& [head, status] : rows) {
    CAPTURE(head.substr(0, 100));
    CHECK(RefusalOf(head) == status);
  }
  std::string empty_lines;
  while (empty_lines.size() < 9000) empty_lines += "\r\n";
  CHECK(RefusalOf(empty_lines) == 431);
}

TEST_CASE("a body is the same in whatever pieces it comes, and what follows is left", "[http]") {
  using State = RequestBody::State;
  const std::string chunked = "Transfer-Encoding: Chunked\r\n";
  for (const std::size_t piece : std::vector<std::size_t>{1, 2, 7, 1000}) {
    CAPTURE(piece);
    const auto plain = BodyOf("Content-Length: 5\r\n", "helloGET /", piece);
    CHECK(plain.state == State::kWhole);
    CHECK(plain.bytes == "hello");
    CHECK(plain.left == "GET /");
    const auto none = BodyOf("", "GET /", piece);
    CHECK(none.state == State::kWhole);
    CHECK(none.left == "GET /");
    const auto many = BodyOf(chunked, "3;x=y\r\nhel\r\n0002 \r\nlo\r\n0\r\nTrailer: x\r\n\r\nGET /", piece);
    CHECK(many.state == State::kWhole);
    CHECK(many.bytes == "hello");
    CHECK(many.left == "GET /");
    CHECK(BodyOf(chunked, "3\r\nhel", piece).state == State::kMore);
    const std::vector<std::pair<std::string, int>> refused = {
        {"x\r\n", 400},
        {"\r\n", 400},
        {"-1\r\n", 400},
        {"3\nhel", 400},
        {"3\r\nhelx\r\n", 400},
        {"65\r\n", 413},
        {"ffffffff\r\n", 413},
        {"fffffffff\r\n", 413},
        {"1;" + std::string(300, 'a'), 413},
        {"1\r\na\r\n64\r\n", 413},
        {"1;\x01\r\n", 400},
    };
    for (const auto& [text, status] : refused) {
      CAPTURE(text);
      const auto body = BodyOf(chunked, text, piece);
      CHECK(body.state == State::kRefused);
      CHECK(body.refusal == status);
    }
    CHECK(BodyOf("Content-Length: 101\r\n", "", piece).refusal == 413);
    // More around the chunks than may be in them.
    std::string crumbs;
    for (int i = 0; i < 99; ++i) crumbs += "1\r\na\r\n";
    CHECK(BodyOf(chunked, crumbs, piece).refusal == 413);
  }
}

}  // namespace exhibit::testing
