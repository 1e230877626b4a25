// Goal: requests go only where they are meant to, answers are bounded, and a witness over HTTP answers as the
// witness does. Method: URLs one by one; a witness served in a thread, asked by our own client and by hand.
#include <netinet/in.h>
#include <sys/socket.h>

#include <chrono>
#include <optional>

#include "tests/net/serving.h"
#include "tests/support/temporary_folder.h"
#include "tests/tlog/golden_log.h"
#include "vault/base/file.h"
#include "vault/crypto/hash.h"
#include "vault/net/http_files.h"
#include "vault/net/witness_server.h"
#include "vault/witness/add_checkpoint.h"

namespace exhibit::testing {
namespace {

using net::Url;

struct ServedWitness {
  ServedWitness() {
    Unwrap(witness::InitWitness(
        {folder.path() / "w", Unwrap(tlog::KeyName::Parse("witness.example/w1")), {GoldenLogKey().verifier()}}));
    serving.emplace([this](const std::atomic<bool>& stop, const Serving::Ready& ready) -> Result<void> {
      TRY(const auto witness, Open());
      return net::ServeWitness(witness, {"127.0.0.1", 0}, stop, ready);
    });
  }
  Result<witness::Witness> Open() const {
    return witness::Witness::Open(folder.path() / "w", [](std::string_view) -> Result<crypto::SecretText> {
      return Fail(ErrorCode::kDenied, "none");
    });
  }
  std::uint16_t port() const { return serving->port(); }
  Url At(std::string_view path) const {
    return Unwrap(Url::Parse("http://127.0.0.1:" + std::to_string(port()))).Below(path);
  }

  TemporaryFolder folder;
  std::optional<Serving> serving;
};

}  // namespace

TEST_CASE("a URL is of http or https, and names a host and nothing that misleads", "[http]") {
  for (const std::string good : {"http://a", "https://a.example/b/c", "http://127.0.0.1:8080/", "https://[::1]/x"}) {
    CHECK(Unwrap(Url::Parse(good)).text() == good);
  }
  CHECK(Unwrap(Url::Parse("http://a/b")).Below("c/d").text() == "http://a/b/c/d");
  CHECK(Unwrap(Url::Parse("http://a/b/")).Below("c").text() == "http://a/b/c");
  const std::vector<std::pair<std::string, std::string>> bad = {
      {"file:///etc/passwd", "not a URL of http"},
      {"ftp://a/b", "not a URL of http"},
      {"HTTP://a", "not a URL of http"},
      {"http://", "names no host"},
      {"http:///a", "names no host"},
      {"http://u:p@a/", "names a user"},
      {"http://a/ b", "character"},
      {"http://a/\n", "character"},
      {"http://a/#x", "character"},
      {"http://a/?x", "character"},
      {"http://\xC3\xA9/", "character"},
      {"http://a\\b", "character"},
      {"http://" + std::string(3000, 'a'), "longer"},
  };
  for (const auto& [text, words] : bad) CHECK_FAILS(Url::Parse(text), ErrorCode::kInvalid, words);
}

TEST_CASE("a witness answers over HTTP as it does by itself", "[http]") {
  const ServedWitness served;
  const auto post = [&](std::string_view body) {
    return Unwrap(net::HttpPost(served.At("add-checkpoint"), {"text/plain", ViewOf(body)}, {65536}));
  };
  const auto note = Golden("checkpoint5");
  const std::string first = "old 0\n\n" + note;
  const auto cosigned = post(first);
  CHECK(cosigned.status == 200);
  CHECK(TextOf(cosigned.body).starts_with("\xE2\x80\x94 witness.example/w1 "));
  const auto conflict = post(first);
  CHECK(conflict.status == 409);
  CHECK(conflict.content_type == "text/x.tlog.size");
  CHECK(TextOf(conflict.body) == "5\n");
  CHECK(post(Golden("witness_add_checkpoint_body")).status == 200);
  CHECK(post("nonsense").status == 400);
  CHECK(post(std::string(100'000, 'x')).status == 413);

  const std::string hash = Golden("origin_hash_hex");
  const auto latest = Unwrap(net::HttpGet(served.At(hash + "/checkpoint"), {65536}));
  CHECK(latest.status == 200);
  CHECK(TextOf(latest.body).find("\n7\n") != std::string::npos);
  CHECK(Unwrap(net::HttpGet(served.At(std::string(64, 'a') + "/checkpoint"), {65536})).status == 404);
  CHECK(Unwrap(net::HttpGet(served.At("add-checkpoint"), {65536})).status == 405);

  CHECK_FAILS(net::HttpGet(served.At(hash + "/checkpoint"), {10}), ErrorCode::kInvalid, "longer than the 10 bytes");
  const std::atomic<bool> stop{true};
  CHECK_FAILS(net::HttpGet(served.At(hash + "/checkpoint"), {65536, &stop}), ErrorCode::kInterrupted, "interrupted");
  const net::HttpFiles files(served.At(hash), {});
  CHECK(TextOf(Unwrap(files.Read("checkpoint", 65536))).find("\n7\n") != std::string::npos);
  CHECK_FAILS(files.Read("tile/0/000", 65536), ErrorCode::kNotFound, "HTTP status 404");
}

TEST_CASE("a witness that is told to stop before it listens does not begin", "[http]") {
  ServedWitness served;
  const auto witness = Unwrap(served.Open());
  const std::atomic<bool> stop{true};
  REQUIRE_OK(net::ServeWitness(witness, {"127.0.0.1", 0}, stop, [](std::uint16_t) {}));
}

TEST_CASE("no two witnesses share a port", "[http]") {
  ServedWitness served;
  const auto witness = Unwrap(served.Open());
  std::atomic<bool> stop{false};
  CHECK_FAILS(net::ServeWitness(witness, {"127.0.0.1", served.port()}, stop, [&](std::uint16_t) { stop = true; }),
              ErrorCode::kIo, "cannot listen at 127.0.0.1:");
}

TEST_CASE("who is asked and says nothing is not waited for", "[http]") {
  const FileDescriptor silent(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  REQUIRE(::bind(silent.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
  REQUIRE(::listen(silent.get(), 4) == 0);
  REQUIRE(::getsockname(silent.get(), reinterpret_cast<sockaddr*>(&address), &size) == 0);
  const auto url = Unwrap(Url::Parse("http://127.0.0.1:" + std::to_string(ntohs(address.sin_port)) + "/"));
  net::Asking asking{100};
  asking.stalled_after = std::chrono::seconds(1);
  CHECK_FAILS(net::HttpGet(url, asking), ErrorCode::kIo, "Timeout was reached");
}

TEST_CASE("what an answer says is shown in a line, and a web page is not", "[http]") {
  const auto described = [](const std::string& type, const std::string& body) {
    return net::DescribeStatus({502, type, ToBytes(ViewOf(body))});
  };
  CHECK(described("text/plain", "no such\x1b[2J log\nmore") == "HTTP status 502: no such\\x1b[2J log");
  CHECK(described("text/plain", std::string(1000, 'x')).size() < 230);
  CHECK(described("text/html", "<html><h1>Bad</h1>") == "HTTP status 502, a web page");
  CHECK(described("", "<!DOCTYPE html>") == "HTTP status 502, a web page");
  CHECK(described("", "") == "HTTP status 502");
}

TEST_CASE("where nobody listens there is no answer", "[http]") {
  CHECK_FAILS(net::HttpGet(Unwrap(Url::Parse("http://127.0.0.1:1/")), {10}), ErrorCode::kIo, "http://127.0.0.1:1/");
}

}  // namespace exhibit::testing
