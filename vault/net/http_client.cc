#include "vault/net/http_client.h"

#include "vault/base/format.h"
#include "vault/base/text.h"
#include "vault/net/http_exchange.h"

namespace exhibit::net {
namespace {

constexpr std::size_t kMostWords = 200;

bool IsWebPage(const HttpAnswer& answer) {
  return answer.content_type.starts_with("text/html") || TextOf(answer.body).starts_with("<");
}

Result<HttpAnswer> Ask(const Url& url, const HttpBody* body, const Asking& asking) {
  HttpExchange exchange{.url = url.text(),
                        .limit_bytes = asking.limit_bytes,
                        .interrupted = asking.interrupted,
                        .ca_file = asking.ca_file,
                        .stalled_after = asking.stalled_after};
  if (body != nullptr) {
    exchange.method = HttpExchange::Method::kPost;
    // No "100 Continue" is waited for: the bodies are small.
    exchange.headers = {"Content-Type: " + std::string(body->content_type), "Expect:"};
    exchange.body = body->bytes;
  }
  TRY(ExchangeReply reply, Exchange(exchange));
  return HttpAnswer{reply.status, std::move(reply.headers["content-type"]), std::move(reply.body)};
}

}  // namespace

Result<Url> Url::Parse(std::string_view text) {
  const auto wrong = [&](std::string_view rule) {
    return Fail(ErrorCode::kInvalid, Format("\"{}\" {}", Printable(text.substr(0, 200)), rule));
  };
  constexpr std::string_view kPlain = "http://";
  constexpr std::string_view kSecure = "https://";
  if (text.size() > 2000) return wrong("is longer than a URL may be");
  if (!text.starts_with(kPlain) && !text.starts_with(kSecure)) return wrong("is not a URL of http or https");
  std::string_view rest = text.substr(text.find("://") + 3);
  const std::string_view host = rest.substr(0, rest.find('/'));
  if (host.empty()) return wrong("names no host");
  if (host.find('@') != std::string_view::npos) return wrong("names a user; give it without");
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte <= 0x20 || byte >= 0x7F || c == '#' || c == '?' || c == '\\') {
      return wrong("has a character that a URL may not have");
    }
  }
  return Url(std::string(text));
}

Url Url::Below(std::string_view path) const {
  std::string text = text_;
  if (!text.ends_with('/')) text.push_back('/');
  return Url(text + std::string(path));
}

Result<HttpAnswer> HttpGet(const Url& url, const Asking& asking) { return Ask(url, nullptr, asking); }

Result<HttpAnswer> HttpPost(const Url& url, const HttpBody& body, const Asking& asking) {
  return Ask(url, &body, asking);
}

std::string WordsOf(const HttpAnswer& answer) {
  if (IsWebPage(answer)) return {};
  const std::string_view text = TextOf(answer.body);
  return PrintableUpTo(kMostWords, text.substr(0, text.find('\n')));
}

std::string DescribeStatus(const HttpAnswer& answer) {
  const std::string words = WordsOf(answer);
  if (IsWebPage(answer)) return Format("HTTP status {}, a web page", answer.status);
  return Format("HTTP status {}{}", answer.status, words.empty() ? "" : ": " + words);
}

}  // namespace exhibit::net
