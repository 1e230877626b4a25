// Requests over HTTP/1.0 and 1.1 (RFC 9110, RFC 9112), read from strangers: bytes in, a request or a refusal out.
// No socket, no clock.
//
// Bounded, whatever is sent: a request line of 4 KiB, a head of 8 KiB, a body of the server's limit, and no more
// framing of a chunked body than its content may have. Strict where two readers could see two requests: one way to end a line, one
// length, no folded fields, no control characters. A refusal is a status code; nothing after it can be read, so the
// connection ends with it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

namespace exhibit::net {

inline constexpr std::size_t kMaxRequestLineBytes = 4 * 1024;
inline constexpr std::size_t kMaxRequestHeadBytes = 8 * 1024;

struct RequestHead {
  std::string method;
  std::string path;  // of the target, as it was written and without a query
  bool keep_alive = false;
  bool expects_continue = false;  // the sender waits for "100 Continue" before its body
  bool chunked = false;
  std::uint64_t content_bytes = 0;  // of the body, if it is not chunked
  std::size_t bytes = 0;            // of the head itself, from the first byte that was given

  bool has_body() const { return chunked || content_bytes > 0; }
};

struct NeedMore {};
struct RequestRefused {
  int status = 400;
};

// The head at the beginning of `received`.
std::variant<NeedMore, RequestRefused, RequestHead> ReadRequestHead(std::string_view received);

// The body after a head, taken piece by piece.
class RequestBody {
 public:
  // `limit_bytes` is the longest body that is taken.
  RequestBody(const RequestHead& head, std::size_t limit_bytes);

  enum class State : std::uint8_t { kMore, kWhole, kRefused };
  // Removes the bytes of the body from the front of `received`, and leaves what follows the body.
  State Take(std::string& received);

  int refusal() const { return refusal_; }  // the status, if it was refused
  const std::string& bytes() const { return body_; }

 private:
  enum class Part : std::uint8_t { kContent, kChunkSize, kChunk, kChunkEnd, kTrailer, kEnd };
  State Refuse(int status);
  State TakeFraming(std::string_view line);

  std::size_t limit_bytes_;
  Part part_;
  std::uint64_t left_ = 0;         // of the content or the chunk
  std::size_t framing_bytes_ = 0;  // of a chunked body, that are not in it
  std::string line_;               // of the framing, as far as it came
  std::string body_;
  int refusal_ = 0;
};

}  // namespace exhibit::net
