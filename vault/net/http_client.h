// Requests over HTTP, by libcurl, to hosts that nobody trusts: what comes back is bytes, and what they are
// worth is shown by signatures.
//
// http and https only; a redirect is an answer and is not followed; the certificate of https is checked with
// the system's roots; no cookies, no stored credentials. Bounded: 10 seconds to connect, 2 minutes in all, no
// more than 30 seconds without progress, and the caller's limit of bytes. One connection each thread is kept.
#pragma once

#include <atomic>
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
  // With `path` behind it and one slash between.
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

// kIo if there is no answer; kInvalid if it is longer than `limit_bytes`; kInterrupted.
Result<HttpAnswer> HttpGet(const Url& url, std::size_t limit_bytes, const std::atomic<bool>* interrupted = nullptr);

struct HttpBody {
  std::string_view content_type;
  ByteView bytes;
};
Result<HttpAnswer> HttpPost(const Url& url, const HttpBody& body, std::size_t limit_bytes,
                            const std::atomic<bool>* interrupted = nullptr);

}  // namespace exhibit::net
