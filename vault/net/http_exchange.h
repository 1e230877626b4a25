// One request over HTTP and what came of it, by libcurl: what HttpGet and HttpPost (http_client.h) and the client of an
// object store (s3_client.h) share. Internal to net/.
//
// http and https only; a redirect is an answer and is not followed; no cookies, no stored credentials. Every request has
// a deadline, and every answer a longest length. One connection each thread is kept.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "vault/base/bytes.h"
#include "vault/base/error.h"
#include "vault/crypto/secret.h"

namespace exhibit::net {

struct HttpExchange {
  enum class Method : std::uint8_t { kGet, kPost, kPut, kHead, kDelete };
  Method method = Method::kGet;
  std::string url;  // as it is sent: nothing of it is encoded, resolved or shortened
  std::vector<std::string> headers =
      {};                       // "name: value"; a name without a value breaks signatures of libcurl before 8.3
  ByteView body = {};           // of kPost and kPut
  std::size_t limit_bytes = 0;  // of the answer
  // Takes the body of a success, piece by piece as it comes, in place of the reply. What a server says when it refuses is in
  // the reply all the same.
  std::function<void(ByteView)> take = {};
  const std::atomic<bool>* interrupted = nullptr;
  std::string ca_file = {};  // PEM: the authorities that may vouch for the host, and no others
  std::chrono::milliseconds connect_within{10'000};
  std::chrono::milliseconds done_within{120'000};
  std::chrono::seconds stalled_after{15};  // in which hardly anything came
  // AWS Signature Version 4, where it is to be signed: "aws:amz:REGION:s3"; "KEY:SECRET", and a header that is as secret,
  // or null. Both end with a zero byte.
  std::string signed_for = {};
  const crypto::SecretText* signing_key = nullptr;
  const crypto::SecretText* secret_header = nullptr;
};

struct ExchangeReply {
  long status = 0;
  std::map<std::string, std::string> headers;  // names in lower case
  Bytes body;
};

// kIo if there is no answer, or it ends before its end; kPermission if whoever answers is not vouched for, or speaks no TLS;
// kInvalid if it is longer than the limit; kInterrupted.
Result<ExchangeReply> Exchange(const HttpExchange& exchange);

}  // namespace exhibit::net
