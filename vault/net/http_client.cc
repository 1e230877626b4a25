#include "vault/net/http_client.h"

#include <array>
#include <cstdlib>
#include <memory>

#include "vault/base/format.h"
#include "vault/base/interrupt.h"
#include "vault/base/text.h"
#include "vault/net/curl_library.h"

namespace exhibit::net {
namespace {

constexpr long kConnectSeconds = 10;
constexpr long kTotalSeconds = 120;
constexpr long kStalledBytesPerSecond = 16;
constexpr std::size_t kMostWords = 200;
// How many bytes a compressed answer may have beyond those that it unpacks to.
constexpr curl_off_t kMostOverhead = 64 * 1024;

struct Receiver {
  Bytes body;
  const Asking& asking;
  bool too_long = false;
};

// Called by C: it may not throw. A count that differs ends the transfer.
std::size_t Receive(char* data, std::size_t size, std::size_t count, void* user) {
  auto& receiver = *static_cast<Receiver*>(user);
  const std::size_t bytes = size * count;
  if (bytes > receiver.asking.limit_bytes - receiver.body.size()) {
    receiver.too_long = true;
    return 0;
  }
  Append(receiver.body, ViewOf(std::string_view(data, bytes)));
  return bytes;
}

// What is not zero ends the transfer.
int Progress(void* user, curl_off_t, curl_off_t received, curl_off_t, curl_off_t) {
  auto& receiver = *static_cast<Receiver*>(user);
  // Compressed bytes of which nothing comes out.
  if (received - kMostOverhead > static_cast<curl_off_t>(2 * receiver.asking.limit_bytes)) receiver.too_long = true;
  return receiver.too_long || IsSet(receiver.asking.interrupted) ? 1 : 0;
}

const char* ValueOf(const char* variable) {
  const char* const value = std::getenv(variable);
  return value != nullptr && *value != '\0' ? value : nullptr;
}

// The authorities that may vouch for a host; null means the system's.
struct Authorities {
  const char* file = nullptr;
  const char* folder = nullptr;
};
Authorities AuthoritiesOf(const Asking& asking) {
  if (!asking.ca_file.empty()) return {asking.ca_file.c_str(), nullptr};
  if (const char* const bundle = ValueOf("CURL_CA_BUNDLE")) return {bundle, nullptr};
  return {ValueOf("SSL_CERT_FILE"), ValueOf("SSL_CERT_DIR")};
}

Failure NoAnswer(const std::string& where, CURLcode code, std::string_view why, const char* said) {
  std::string message = Format("{}: {}", where, why);
  if (*said != '\0') message += ": " + PrintableUpTo(kMostWords, said);
  const bool about_host = code == CURLE_PEER_FAILED_VERIFICATION;
  const bool about_file = code == CURLE_SSL_CACERT_BADFILE;
  return Fail(ErrorCode::kIo, message,
              about_host   ? "if the host has a certificate of an authority of your own, name it: --ca-file FILE"
              : about_file ? "the file of --ca-file, CURL_CA_BUNDLE or SSL_CERT_FILE holds certificates as PEM"
                           : "");
}

struct FreeHandle {
  decltype(&::curl_easy_cleanup) free;
  void operator()(CURL* handle) const { free(handle); }
};
struct FreeList {
  decltype(&::curl_slist_free_all) free;
  void operator()(curl_slist* list) const { free(list); }
};

// Kept because it reuses connections.
Result<CURL*> HandleOfThisThread(const CurlLibrary& curl) {
  thread_local const std::unique_ptr<CURL, FreeHandle> handle(curl.easy_init(), FreeHandle{curl.easy_cleanup});
  if (handle == nullptr) return Fail(ErrorCode::kIo, "libcurl has no memory");
  curl.easy_reset(handle.get());
  return handle.get();
}

bool IsWebPage(const HttpAnswer& answer) {
  return answer.content_type.starts_with("text/html") || TextOf(answer.body).starts_with("<");
}

Result<HttpAnswer> Ask(const Url& url, const HttpBody* body, const Asking& asking) {
  TRY(const CurlLibrary* const curl, CurlLibrary::Get());
  TRY(CURL* const handle, HandleOfThisThread(*curl));
  Receiver receiver{{}, asking};
  std::array<char, CURL_ERROR_SIZE> said{};
  std::unique_ptr<curl_slist, FreeList> headers(nullptr, FreeList{curl->slist_free_all});
  bool set = true;
  const auto option = [&](CURLoption which, auto value) {
    set = set && curl->easy_setopt(handle, which, value) == CURLE_OK;
  };
  option(CURLOPT_URL, url.text().c_str());
#if LIBCURL_VERSION_NUM >= 0x075500
  option(CURLOPT_PROTOCOLS_STR, "http,https");
#else
  option(CURLOPT_PROTOCOLS, static_cast<long>(CURLPROTO_HTTP | CURLPROTO_HTTPS));
#endif
  option(CURLOPT_FOLLOWLOCATION, 0L);
  option(CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
  option(CURLOPT_NOSIGNAL, 1L);
  option(CURLOPT_CONNECTTIMEOUT, kConnectSeconds);
  option(CURLOPT_TIMEOUT, kTotalSeconds);
  option(CURLOPT_LOW_SPEED_LIMIT, kStalledBytesPerSecond);
  option(CURLOPT_LOW_SPEED_TIME, static_cast<long>(asking.stalled_after.count()));
  option(CURLOPT_ERRORBUFFER, said.data());
  option(CURLOPT_USERAGENT, "exhibit");
  option(CURLOPT_WRITEFUNCTION, &Receive);
  option(CURLOPT_WRITEDATA, &receiver);
  option(CURLOPT_NOPROGRESS, 0L);
  option(CURLOPT_XFERINFOFUNCTION, &Progress);
  option(CURLOPT_XFERINFODATA, &receiver);
  // Unpacks an answer that comes compressed all the same.
  option(CURLOPT_ACCEPT_ENCODING, "identity");
  const Authorities authorities = AuthoritiesOf(asking);
  if (authorities.file != nullptr) option(CURLOPT_CAINFO, authorities.file);
  if (authorities.folder != nullptr) option(CURLOPT_CAPATH, authorities.folder);
  if (body != nullptr) {
    const std::string type = "Content-Type: " + std::string(body->content_type);
    headers.reset(curl->slist_append(nullptr, type.c_str()));
    // No "100 Continue" is waited for: the bodies are small.
    curl_slist* const more = headers ? curl->slist_append(headers.get(), "Expect:") : nullptr;
    if (more == nullptr) return Fail(ErrorCode::kIo, "libcurl has no memory");
    option(CURLOPT_HTTPHEADER, headers.get());
    option(CURLOPT_POST, 1L);
    option(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body->bytes.size()));
    option(CURLOPT_POSTFIELDS, TextOf(body->bytes).data());
  }
  if (!set) return Fail(ErrorCode::kIo, "this libcurl lacks an option that is needed");
  const CURLcode code = curl->easy_perform(handle);
  const std::string where = Printable(url.text());
  if (IsSet(asking.interrupted)) return Fail(ErrorCode::kInterrupted, "interrupted");
  if (receiver.too_long) {
    return Fail(ErrorCode::kInvalid,
                Format("{}: the answer is longer than the {} bytes that it may have", where, asking.limit_bytes));
  }
  if (code != CURLE_OK) return NoAnswer(where, code, curl->easy_strerror(code), said.data());
  HttpAnswer answer;
  curl->easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &answer.status);
  const char* type = nullptr;
  if (curl->easy_getinfo(handle, CURLINFO_CONTENT_TYPE, &type) == CURLE_OK && type != nullptr) {
    answer.content_type = type;
  }
  answer.body = std::move(receiver.body);
  return answer;
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
