#include "vault/net/witness_server.h"

#include "vault/base/clock.h"
#include "vault/witness/add_checkpoint.h"

namespace exhibit::net {
namespace {

constexpr std::string_view kAdd = "/add-checkpoint";
constexpr std::string_view kLatest = "/checkpoint";  // after a slash and the hash of the origin
constexpr std::size_t kHashDigits = 64;

tlog::CosignatureTime NowInSeconds() {
  const Moment now = Now();
  return {now.milliseconds < 0 ? 0 : static_cast<std::uint64_t>(now.milliseconds / 1000)};
}

// The hash in the path of a last checkpoint; empty for any other path.
std::string_view HashIn(std::string_view path) {
  if (path.size() != 1 + kHashDigits + kLatest.size() || !path.starts_with('/') || !path.ends_with(kLatest)) return {};
  const std::string_view hash = path.substr(1, kHashDigits);
  return hash.find_first_not_of("0123456789abcdef") == hash.npos ? hash : std::string_view();
}

HttpReply Refusal(int status, std::string_view reason, std::string_view allow = {}) {
  HttpReply reply{status};
  reply.body = std::string(reason) + "\n";
  reply.allow = allow;
  return reply;
}

std::optional<HttpReply> Refuse(std::string_view method, std::string_view path) {
  if (path == kAdd) {
    if (method == "POST") return std::nullopt;
    return Refusal(405, "a checkpoint is posted", "POST");
  }
  if (HashIn(path).empty()) return Refusal(404, "there is nothing of this name");
  if (method == "GET" || method == "HEAD") return std::nullopt;
  return Refusal(405, "this can only be read", "GET, HEAD");
}

HttpReply AnswerTo(const witness::Witness& witness, std::string_view path, std::string_view body) {
  if (path == kAdd) {
    witness::Answer answer = witness.Add(ViewOf(body), NowInSeconds());
    return {answer.status, std::move(answer.content_type), std::move(answer.body)};
  }
  const auto latest = witness.Latest(HashIn(path));
  if (!latest) return Refusal(500, "the last checkpoint could not be read");
  if (!*latest) return Refusal(404, "no checkpoint of such a log was cosigned here");
  HttpReply reply{200};
  reply.body = TextOf(**latest);
  return reply;
}

}  // namespace

Result<void> ServeWitness(const witness::Witness& witness, const ListenAt& at, const std::atomic<bool>& stop,
                          const std::function<void(std::uint16_t)>& ready) {
  HttpService service;
  service.max_body_bytes = witness::kMaxRequestBytes;
  service.refuse = Refuse;
  service.answer = [&witness](std::string_view, std::string_view path, std::string_view body) {
    return AnswerTo(witness, path, body);
  };
  return ServeHttp(service, at, stop, ready);
}

}  // namespace exhibit::net
