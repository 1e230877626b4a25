#include "vault/net/http_exchange.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <memory>

#include "vault/base/encoding.h"
#include "vault/base/format.h"
#include "vault/base/interrupt.h"
#include "vault/base/text.h"
#include "vault/net/curl_library.h"

namespace exhibit::net {
namespace {

constexpr long kStalledBytesPerSecond = 16;
constexpr std::size_t kMostWords = 200;
constexpr std::size_t kMostHeaderBytes = 64 * 1024;
// How many bytes a compressed answer may have beyond those that it unpacks to.
constexpr curl_off_t kMostOverhead = 64 * 1024;

struct Receiver {
  const HttpExchange& exchange;
  ExchangeReply reply;
  std::size_t header_bytes = 0;
  std::size_t body_bytes = 0;
  bool is_taken = false;  // by exchange.take
  bool too_long = false;
};

// For a body that says how long it is: one that grows while it comes takes twice its room. A server's word is believed only
// as far as a body may go anyway.
void MakeRoom(Receiver& receiver) {
  constexpr std::uint64_t kMost = 16 << 20;
  const auto said = receiver.reply.headers.find("content-length");
  if (said == receiver.reply.headers.end()) return;
  const std::uint64_t bytes = FromDecimal(said->second).value_or(0);
  receiver.reply.body.reserve(
      static_cast<std::size_t>(std::min({bytes, kMost, std::uint64_t{receiver.exchange.limit_bytes}})));
}

// Called by C: they may not throw. A count that differs ends the transfer.
std::size_t Receive(char* data, std::size_t size, std::size_t count, void* user) {
  auto& receiver = *static_cast<Receiver*>(user);
  const std::size_t bytes = size * count;
  if (bytes > receiver.exchange.limit_bytes - receiver.body_bytes) {
    receiver.too_long = true;
    return 0;
  }
  receiver.body_bytes += bytes;
  const ByteView piece = ViewOf(std::string_view(data, bytes));
  if (receiver.is_taken) {
    receiver.exchange.take(piece);
    return bytes;
  }
  if (receiver.reply.body.empty()) MakeRoom(receiver);
  Append(receiver.reply.body, piece);
  return bytes;
}

std::size_t ReceiveHeader(char* data, std::size_t size, std::size_t count, void* user) {
  auto& receiver = *static_cast<Receiver*>(user);
  const std::size_t bytes = size * count;
  std::string_view line(data, bytes);
  receiver.header_bytes += bytes;
  if (receiver.header_bytes > kMostHeaderBytes) {
    receiver.too_long = true;
    return 0;
  }
  // Of "100 Continue" and the answer after it, the answer's count.
  if (line.starts_with("HTTP/")) {
    receiver.reply.headers.clear();
    const std::size_t status = line.find(' ');
    receiver.is_taken =
        receiver.exchange.take && status != std::string_view::npos && line.substr(status).starts_with(" 2");
  }
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) return bytes;
  std::string name(line.substr(0, colon));
  std::ranges::transform(name, name.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  line.remove_prefix(colon + 1);
  while (!line.empty() && (line.front() == ' ' || line.front() == '\t')) line.remove_prefix(1);
  while (!line.empty() && (line.back() == '\r' || line.back() == '\n' || line.back() == ' ')) line.remove_suffix(1);
  receiver.reply.headers[name] = line;
  return bytes;
}

// What is not zero ends the transfer.
int Progress(void* user, curl_off_t, curl_off_t received, curl_off_t, curl_off_t) {
  auto& receiver = *static_cast<Receiver*>(user);
  // Compressed bytes of which nothing comes out.
  if (received - kMostOverhead > static_cast<curl_off_t>(2 * receiver.exchange.limit_bytes)) receiver.too_long = true;
  return receiver.too_long || IsSet(receiver.exchange.interrupted) ? 1 : 0;
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
Authorities AuthoritiesOf(const HttpExchange& exchange) {
  if (!exchange.ca_file.empty()) return {exchange.ca_file.c_str(), nullptr};
  if (const char* const bundle = ValueOf("CURL_CA_BUNDLE")) return {bundle, nullptr};
  return {ValueOf("SSL_CERT_FILE"), ValueOf("SSL_CERT_DIR")};
}

// What to do where asking again changes nothing; empty where it may.
std::string_view HintOf(CURLcode code, std::string_view message) {
  if (code == CURLE_PEER_FAILED_VERIFICATION) {
    return "if the host has a certificate of an authority of your own, name it: --ca-file FILE";
  }
  if (code == CURLE_SSL_CACERT_BADFILE) {
    return "the file of --ca-file, CURL_CA_BUNDLE or SSL_CERT_FILE holds certificates as PEM";
  }
  if (code == CURLE_SSL_CONNECT_ERROR && message.find("wrong version number") != std::string_view::npos) {
    return "what answers there speaks no TLS: is it to be asked by http? A place on an object store says so: "
           "s3://HOST/BUCKET/PREFIX?scheme=http";
  }
  return {};
}

Failure NoAnswer(const std::string& where, CURLcode code, std::string_view why, const char* said) {
  std::string message = Format("{}: {}", where, why);
  if (*said != '\0') message += ": " + PrintableUpTo(kMostWords, said);
  const std::string_view hint = HintOf(code, message);
  return Fail(hint.empty() ? ErrorCode::kIo : ErrorCode::kPermission, message, std::string(hint));
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

const char* NameOf(HttpExchange::Method method) {
  constexpr std::array<const char*, 5> kNames = {"GET", "POST", "PUT", "HEAD", "DELETE"};
  return kNames.at(static_cast<std::size_t>(method));
}

// The options of one handle, of which the first that is refused is remembered.
class Options {
 public:
  Options(const CurlLibrary& curl, CURL* handle) : curl_(curl), handle_(handle) {}
  template <typename Value>
  void Set(CURLoption which, Value value) {
    set_ = set_ && curl_.easy_setopt(handle_, which, value) == CURLE_OK;
  }
  bool all_set() const { return set_; }

 private:
  const CurlLibrary& curl_;
  CURL* handle_;
  bool set_ = true;
};

void SetTransfer(Options& options, const HttpExchange& exchange, Receiver& receiver, char* said) {
  options.Set(CURLOPT_URL, exchange.url.c_str());
#if LIBCURL_VERSION_NUM >= 0x075500
  options.Set(CURLOPT_PROTOCOLS_STR, "http,https");
#else
  options.Set(CURLOPT_PROTOCOLS, static_cast<long>(CURLPROTO_HTTP | CURLPROTO_HTTPS));
#endif
  // Newer versions of libcurl refuse to sign such a path. What is signed names no "." or ".." (S3Place).
  if (exchange.signing_key == nullptr) options.Set(CURLOPT_PATH_AS_IS, 1L);
  options.Set(CURLOPT_FOLLOWLOCATION, 0L);
  options.Set(CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
  options.Set(CURLOPT_NOSIGNAL, 1L);
  options.Set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(exchange.connect_within.count()));
  options.Set(CURLOPT_TIMEOUT_MS, static_cast<long>(exchange.done_within.count()));
  options.Set(CURLOPT_LOW_SPEED_LIMIT, kStalledBytesPerSecond);
  options.Set(CURLOPT_LOW_SPEED_TIME, static_cast<long>(exchange.stalled_after.count()));
  options.Set(CURLOPT_ERRORBUFFER, said);
  options.Set(CURLOPT_USERAGENT, "exhibit");
  options.Set(CURLOPT_WRITEFUNCTION, &Receive);
  options.Set(CURLOPT_WRITEDATA, &receiver);
  options.Set(CURLOPT_HEADERFUNCTION, &ReceiveHeader);
  options.Set(CURLOPT_HEADERDATA, &receiver);
  options.Set(CURLOPT_NOPROGRESS, 0L);
  options.Set(CURLOPT_XFERINFOFUNCTION, &Progress);
  options.Set(CURLOPT_XFERINFODATA, &receiver);
  // Unpacks an answer that comes compressed all the same.
  options.Set(CURLOPT_ACCEPT_ENCODING, "identity");
  const Authorities authorities = AuthoritiesOf(exchange);
  if (authorities.file != nullptr) options.Set(CURLOPT_CAINFO, authorities.file);
  if (authorities.folder != nullptr) options.Set(CURLOPT_CAPATH, authorities.folder);
}

void SetMethod(Options& options, const HttpExchange& exchange) {
  using Method = HttpExchange::Method;
  if (exchange.method == Method::kHead) options.Set(CURLOPT_NOBODY, 1L);
  if (exchange.method == Method::kPost || exchange.method == Method::kPut) {
    options.Set(CURLOPT_POST, 1L);
    options.Set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(exchange.body.size()));
    options.Set(CURLOPT_POSTFIELDS, exchange.body.empty() ? "" : TextOf(exchange.body).data());
    // libcurl asks first whether a long body is wanted. Where the answer to that is late, the body goes without it.
    options.Set(CURLOPT_EXPECT_100_TIMEOUT_MS, 1L);
  }
  if (exchange.method == Method::kPut || exchange.method == Method::kDelete) {
    options.Set(CURLOPT_CUSTOMREQUEST, NameOf(exchange.method));
  }
  if (exchange.signing_key != nullptr) {
    options.Set(CURLOPT_AWS_SIGV4, exchange.signed_for.c_str());
    options.Set(CURLOPT_USERPWD, exchange.signing_key->ExposeSecret().data());
  }
}

}  // namespace

Result<ExchangeReply> Exchange(const HttpExchange& exchange) {
  TRY(const CurlLibrary* const curl, CurlLibrary::Get());
  TRY(CURL* const handle, HandleOfThisThread(*curl));
  Receiver receiver{exchange, {}};
  std::array<char, CURL_ERROR_SIZE> said{};
  std::unique_ptr<curl_slist, FreeList> headers(nullptr, FreeList{curl->slist_free_all});
  const auto add = [&](const char* header) -> Result<void> {
    curl_slist* const more = curl->slist_append(headers.get(), header);
    if (more == nullptr) return Fail(ErrorCode::kIo, "libcurl has no memory");
    if (headers == nullptr) headers.reset(more);  // else it is the same list, which begins where it did
    return {};
  };
  for (const std::string& header : exchange.headers) TRY_VOID(add(header.c_str()));
  if (exchange.secret_header != nullptr) TRY_VOID(add(exchange.secret_header->ExposeSecret().data()));
  Options options(*curl, handle);
  SetTransfer(options, exchange, receiver, said.data());
  SetMethod(options, exchange);
  if (headers != nullptr) options.Set(CURLOPT_HTTPHEADER, headers.get());
  if (!options.all_set()) return Fail(ErrorCode::kIo, "this libcurl lacks an option that is needed");
  const CURLcode code = curl->easy_perform(handle);
  const std::string where = Printable(exchange.url);
  if (IsSet(exchange.interrupted)) return Fail(ErrorCode::kInterrupted, "interrupted");
  if (receiver.too_long) {
    return Fail(ErrorCode::kInvalid,
                Format("{}: the answer is longer than the {} bytes that it may have", where, exchange.limit_bytes));
  }
  if (code != CURLE_OK) return NoAnswer(where, code, curl->easy_strerror(code), said.data());
  curl->easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &receiver.reply.status);
  return std::move(receiver.reply);
}

}  // namespace exhibit::net
