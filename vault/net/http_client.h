// Requests over HTTP, by libcurl, to hosts that nobody trusts: the answer is bytes, and only
// signatures prove what they are worth.
//
// http and https only; a redirect is an answer and is not followed; no cookies, no stored credentials. The certificate
// of https is checked with the authorities that the caller names, else with those of CURL_CA_BUNDLE, or of
// SSL_CERT_FILE and SSL_CERT_DIR, as curl does, else with the system's.
//
// Bounded: 10 seconds to connect, 2 minutes in all, 15 seconds in which hardly anything comes; the caller's limit is
// for the bytes that come out, also of an answer that is compressed. None is asked to be: a published log is hashes,
// and what is compressed once, as tlog-tiles allows, is taken as it comes. One connection each thread is kept.
#pragma once

#include <atomic>
#include <chrono>
#include <string>
#include <string_view>

#include "vault/base/bytes.h"
#include "vault/base/error.h"

namespace exhibit::net {

// A URL that is asked: "http://" or "https://", a host, and no user, space or control character.
class Url {
 public:
  // kInvalid naming the rule.
  static Result<Url> Parse(std::string_view text);
  static bool LooksLikeOne(std::string_view text) { return text.find("://") != std::string_view::npos; }
  // The URL, one slash and `path`.
  Url Below(std::string_view path) const;
  const std::string& text() const { return text_; }

 private:
  explicit Url(std::string text) : text_(std::move(text)) {}
  std::string text_;
};

struct HttpAnswer {
  long status = 0;
  std::string content_type;
  Bytes body;
};

// What is allowed to an answer.
struct Asking {
  std::size_t limit_bytes = 0;
  const std::atomic<bool>* interrupted = nullptr;
  std::string ca_file = {};                // PEM: the authorities that may vouch for the host, and no others
  std::chrono::seconds stalled_after{15};  // in which hardly anything came
};

// kIo if there is no answer, or it ends before its end; kPermission if whoever answers is not vouched for, or speaks no TLS;
// kInvalid if it is longer than the limit; kInterrupted.
Result<HttpAnswer> HttpGet(const Url& url, const Asking& asking);

struct HttpBody {
  std::string_view content_type;
  ByteView bytes;
};
Result<HttpAnswer> HttpPost(const Url& url, const HttpBody& body, const Asking& asking);

// The text of an answer, as one short printable line; empty for none, and for a web page, which a server on
// the way may have made.
std::string WordsOf(const HttpAnswer& answer);

// "HTTP status 502, a web page", "HTTP status 403: not signed by …"
std::string DescribeStatus(const HttpAnswer& answer);

}  // namespace exhibit::net
