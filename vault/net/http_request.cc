#include "vault/net/http_request.h"

#include <algorithm>
#include <optional>

#include "vault/base/encoding.h"

namespace exhibit::net {
namespace {

constexpr std::string_view kLineEnd = "\r\n";
constexpr std::size_t kMaxChunkLineBytes = 256;
constexpr std::size_t kMaxChunkSizeDigits = 8;

bool IsTokenCharacter(char c) {
  constexpr std::string_view kOthers = "!#$%&'*+-.^_`|~";
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || kOthers.find(c) != kOthers.npos;
}
bool IsToken(std::string_view text) { return !text.empty() && std::ranges::all_of(text, IsTokenCharacter); }

std::string LowerCase(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

std::string_view Trimmed(std::string_view text) {
  constexpr std::string_view kBlanks = " \t";
  const std::size_t begin = text.find_first_not_of(kBlanks);
  if (begin == text.npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlanks) - begin + 1);
}

// CR and LF together and nowhere alone; of the other control characters only tabs.
bool HasStrayOctet(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto octet = static_cast<unsigned char>(text[i]);
    if (octet == '\n' && (i == 0 || text[i - 1] != '\r')) return true;
    if (octet == '\r' && i + 1 < text.size() && text[i + 1] != '\n') return true;
    if ((octet < 0x20 && octet != '\t' && octet != '\r' && octet != '\n') || octet == 0x7F) return true;
  }
  return false;
}

// Parses the head, line by line.
class HeadReader {
 public:
  // Nothing if all is well, else the status of the refusal.
  std::optional<int> TakeRequestLine(std::string_view line) {
    const std::size_t first = line.find(' ');
    const std::size_t last = line.rfind(' ');
    if (first == line.npos || first == last) return 400;
    const std::string_view target = line.substr(first + 1, last - first - 1);
    if (!IsToken(line.substr(0, first))) return 400;
    head_.method = line.substr(0, first);
    if (const auto refused = TakeTarget(target)) return refused;
    return TakeVersion(line.substr(last + 1));
  }

  std::optional<int> TakeField(std::string_view line) {
    const std::size_t colon = line.find(':');
    if (colon == line.npos || !IsToken(line.substr(0, colon))) return 400;  // a folded line begins with a blank
    const std::string name = LowerCase(line.substr(0, colon));
    const std::string_view value = Trimmed(line.substr(colon + 1));
    if (name == "host") return hosts_++ > 0 ? std::optional(400) : std::nullopt;
    if (name == "content-length") return TakeLength(value);
    if (name == "transfer-encoding") return TakeTransferEncoding(value);
    if (name == "content-encoding" && LowerCase(value) != "identity") return 415;
    if (name == "connection") TakeConnection(value);
    if (name == "expect") {
      if (LowerCase(value) != "100-continue") return 417;
      head_.expects_continue = true;
    }
    return std::nullopt;
  }

  std::optional<int> Finish(std::size_t bytes) {
    if (is_1_0_ ? head_.chunked : hosts_ != 1) return 400;
    if (head_.chunked && has_length_) return 400;
    head_.keep_alive = !is_1_0_ && !wants_close_;
    head_.expects_continue = head_.expects_continue && !is_1_0_;
    head_.bytes = bytes;
    return std::nullopt;
  }

  const RequestHead& head() const { return head_; }

 private:
  std::optional<int> TakeTarget(std::string_view target) {
    if (std::ranges::any_of(target, [](unsigned char c) { return c <= 0x20 || c >= 0x7F; })) return 400;
    for (const std::string_view scheme : {"http://", "https://"}) {
      if (!target.starts_with(scheme)) continue;
      target.remove_prefix(scheme.size());
      target.remove_prefix(std::min(target.find_first_of("/?"), target.size()));
      if (!target.starts_with('/')) target = "/";
    }
    if (!target.starts_with('/') && target != "*") return 400;
    head_.path = target.substr(0, target.find('?'));
    return std::nullopt;
  }

  std::optional<int> TakeVersion(std::string_view version) {
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    if (version.size() != 8 || !version.starts_with("HTTP/") || version[6] != '.' || !is_digit(version[5]) ||
        !is_digit(version[7])) {
      return 400;
    }
    if (version[5] != '1') return 505;
    is_1_0_ = version[7] == '0';
    return std::nullopt;
  }

  std::optional<int> TakeLength(std::string_view value) {
    const auto length = FromDecimal(value);
    if (!length || has_length_) return 400;
    has_length_ = true;
    head_.content_bytes = *length;
    return std::nullopt;
  }

  std::optional<int> TakeTransferEncoding(std::string_view value) {
    if (head_.chunked) return 400;
    if (LowerCase(value) != "chunked") return 501;
    head_.chunked = true;
    return std::nullopt;
  }

  void TakeConnection(std::string_view value) {
    while (!value.empty()) {
      const std::size_t comma = std::min(value.find(','), value.size());
      if (LowerCase(Trimmed(value.substr(0, comma))) == "close") wants_close_ = true;
      value.remove_prefix(std::min(comma + 1, value.size()));
    }
  }

  RequestHead head_;
  bool is_1_0_ = false;
  bool wants_close_ = false;
  bool has_length_ = false;
  int hosts_ = 0;
};

}  // namespace

std::variant<NeedMore, RequestRefused, RequestHead> ReadRequestHead(std::string_view received) {
  received = received.substr(0, kMaxRequestHeadBytes);
  std::size_t begin = 0;
  // Empty lines before a request are ignored, as RFC 9112 (2.2) asks.
  while (received.substr(begin).starts_with(kLineEnd)) begin += kLineEnd.size();
  const std::string_view from_line = received.substr(begin);
  const std::size_t end = from_line.find("\r\n\r\n");
  const std::size_t line_end = from_line.find(kLineEnd);
  if (std::min(line_end, from_line.size()) > kMaxRequestLineBytes) return RequestRefused{414};
  // Including the end of the last line, which a CR could precede.
  if (HasStrayOctet(from_line.substr(0, end == from_line.npos ? end : end + kLineEnd.size())))
    return RequestRefused{400};
  if (end == from_line.npos) {
    if (received.size() == kMaxRequestHeadBytes) return RequestRefused{431};
    return NeedMore{};
  }
  HeadReader reader;
  if (const auto refused = reader.TakeRequestLine(from_line.substr(0, line_end))) return RequestRefused{*refused};
  for (std::size_t at = line_end + kLineEnd.size(); at < end;) {
    const std::size_t next = from_line.find(kLineEnd, at);
    if (const auto refused = reader.TakeField(from_line.substr(at, next - at))) return RequestRefused{*refused};
    at = next + kLineEnd.size();
  }
  if (const auto refused = reader.Finish(begin + end + 2 * kLineEnd.size())) return RequestRefused{*refused};
  return reader.head();
}

RequestBody::RequestBody(const RequestHead& head, std::size_t limit_bytes)
    : limit_bytes_(limit_bytes), part_(head.chunked ? Part::kChunkSize : Part::kContent), left_(head.content_bytes) {
  if (!head.chunked && left_ > limit_bytes_) refusal_ = 413;
}

RequestBody::State RequestBody::Refuse(int status) {
  refusal_ = status;
  return State::kRefused;
}

// A line of the framing, without its end.
RequestBody::State RequestBody::TakeFraming(std::string_view line) {
  if (part_ == Part::kChunkEnd) {
    if (!line.empty()) return Refuse(400);
    part_ = Part::kChunkSize;
  } else if (part_ == Part::kTrailer) {
    if (line.empty()) part_ = Part::kEnd;  // trailers are ignored
  } else {
    const std::string_view digits = Trimmed(line.substr(0, line.find(';')));
    if (digits.empty() || digits.size() > kMaxChunkSizeDigits) return Refuse(digits.empty() ? 400 : 413);
    left_ = 0;
    for (const char c : LowerCase(digits)) {
      const std::size_t digit = std::string_view("0123456789abcdef").find(c);
      if (digit == std::string_view::npos) return Refuse(400);
      left_ = left_ * 16 + digit;
    }
    if (left_ > limit_bytes_ - body_.size()) return Refuse(413);
    part_ = left_ == 0 ? Part::kTrailer : Part::kChunk;
  }
  return State::kMore;
}

RequestBody::State RequestBody::Take(std::string& received) {
  if (refusal_ != 0) return State::kRefused;
  std::string_view rest = received;
  const auto take_content = [&] {
    const std::size_t bytes = static_cast<std::size_t>(std::min<std::uint64_t>(left_, rest.size()));
    body_.append(rest.substr(0, bytes));
    rest.remove_prefix(bytes);
    left_ -= bytes;
  };
  while (part_ != Part::kEnd) {
    if (part_ == Part::kContent || part_ == Part::kChunk) {
      take_content();
      if (left_ > 0) break;
      part_ = part_ == Part::kContent ? Part::kEnd : Part::kChunkEnd;
      continue;
    }
    if (rest.empty()) break;
    line_.push_back(rest.front());
    rest.remove_prefix(1);
    if (++framing_bytes_ > limit_bytes_ || line_.size() > kMaxChunkLineBytes) return Refuse(413);
    if (!line_.ends_with('\n')) continue;
    if (!line_.ends_with(kLineEnd) || HasStrayOctet(line_)) return Refuse(400);
    if (TakeFraming(std::string_view(line_).substr(0, line_.size() - kLineEnd.size())) == State::kRefused) {
      return State::kRefused;
    }
    line_.clear();
  }
  received.erase(0, received.size() - rest.size());
  return part_ == Part::kEnd ? State::kWhole : State::kMore;
}

}  // namespace exhibit::net
