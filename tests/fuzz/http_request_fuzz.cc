// Requests over HTTP from strangers: no byte is read twice or from beyond what came, nothing is longer than it may be,
// and it makes no difference in what pieces a request comes.
#include "vault/base/bytes.h"
#include "vault/base/error.h"
#include "vault/net/http_request.h"

namespace {

using namespace exhibit::net;

constexpr std::size_t kLimit = 4096;

// The body behind `head` in pieces of `piece` bytes.
RequestBody ReadBody(const RequestHead& head, std::string_view rest, std::size_t piece, std::size_t* left) {
  RequestBody body(head, kLimit);
  std::string received;
  auto state = body.Take(received);
  while (state == RequestBody::State::kMore && !rest.empty()) {
    received += rest.substr(0, piece);
    rest.remove_prefix(std::min(piece, rest.size()));
    state = body.Take(received);
    EXHIBIT_ASSERT(state != RequestBody::State::kMore || received.empty());
  }
  *left = state == RequestBody::State::kWhole ? received.size() + rest.size() : 0;
  EXHIBIT_ASSERT((state == RequestBody::State::kRefused) == (body.refusal() != 0));
  EXHIBIT_ASSERT(body.bytes().size() <= kLimit);
  return body;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using exhibit::TextOf;
  const std::string_view input = TextOf({data, size});
  const auto whole = ReadRequestHead(input);
  const auto* const head = std::get_if<RequestHead>(&whole);
  if (head == nullptr) return 0;
  EXHIBIT_ASSERT(head->bytes <= kMaxRequestHeadBytes && head->bytes <= input.size());
  EXHIBIT_ASSERT(!head->method.empty() && !head->path.empty());
  EXHIBIT_ASSERT(!head->chunked || head->content_bytes == 0);
  EXHIBIT_ASSERT(std::holds_alternative<NeedMore>(ReadRequestHead(input.substr(0, head->bytes - 1))));
  const auto again = ReadRequestHead(input.substr(0, head->bytes));
  EXHIBIT_ASSERT(std::get<RequestHead>(again).path == head->path);

  const std::string_view rest = input.substr(head->bytes);
  std::size_t left_at_once = 0;
  std::size_t left_piecewise = 0;
  const RequestBody at_once = ReadBody(*head, rest, rest.size() + 1, &left_at_once);
  const RequestBody piecewise = ReadBody(*head, rest, 1, &left_piecewise);
  EXHIBIT_ASSERT(at_once.bytes() == piecewise.bytes() && at_once.refusal() == piecewise.refusal());
  EXHIBIT_ASSERT(left_at_once == left_piecewise);
  return 0;
}
