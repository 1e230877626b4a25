#include "vault/net/s3_bucket.h"

#include <algorithm>
#include <utility>

#include "vault/base/encoding.h"
#include "vault/base/format.h"
#include "vault/base/text.h"
#include "vault/crypto/hash.h"
#include "vault/net/s3_answer.h"

namespace exhibit::net {
namespace {

using Method = HttpExchange::Method;

constexpr std::string_view kLockMode = "x-amz-object-lock-mode";
constexpr std::string_view kLockUntil = "x-amz-object-lock-retain-until-date";
constexpr std::string_view kPageOfKeys = "1000";
constexpr std::uint64_t kMostRefusalBytes = 64 * 1024;  // of what a server says in place of the object

// Seconds are what every server keeps.
std::string TimeText(LockedUntil until) {
  std::string text = FormatTime({until.time.milliseconds / 1000 * 1000});
  return text.substr(0, text.find('.')) + "Z";
}

std::string Md5Header(ByteView body) {
  crypto::Hasher md5(crypto::HashAlgorithm::kMd5);
  md5.Update(body);
  return "content-md5: " + ToBase64(md5.Finish(), Base64::kPadded);
}

bool IsDone(const ExchangeReply& reply) { return reply.status >= 200 && reply.status < 300; }

const std::string* Find(const ExchangeReply& reply, std::string_view name) {
  const auto found = reply.headers.find(std::string(name));
  return found == reply.headers.end() ? nullptr : &found->second;
}

ObjectFacts FactsOf(const ExchangeReply& reply, std::string version) {
  ObjectFacts facts{std::move(version), reply.body.size(), std::nullopt};
  if (const std::string* const length = Find(reply, "content-length")) {
    facts.bytes = FromDecimal(*length).value_or(reply.body.size());
  }
  const std::string* const mode = Find(reply, kLockMode);
  const std::string* const until = Find(reply, kLockUntil);
  if (mode != nullptr && *mode == "COMPLIANCE" && until != nullptr) {
    if (const auto time = ParseTime(*until)) facts.lock = LockedUntil{*time};
  }
  return facts;
}

bool IsUnreserved(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
         c == '.' || c == '~';
}

}  // namespace

std::string PercentEncoded(std::string_view text, Slashes slashes) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    if (IsUnreserved(c) || (c == '/' && slashes == Slashes::kKept)) {
      out.push_back(c);
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out.push_back('%');
    out.push_back(kHex[byte >> 4]);
    out.push_back(kHex[byte & 0xF]);
  }
  return out;
}

S3Bucket::S3Bucket(S3Place place, std::string bucket, std::shared_ptr<const FoundWhenNeeded> credentials,
                   const std::atomic<bool>* interrupted)
    : place_(std::move(place)),
      bucket_(std::move(bucket)),
      credentials_(std::move(credentials)),
      interrupted_(interrupted) {}

std::string S3Bucket::Name() const {
  return Format("{}/{}{}{}", place_.host(), bucket_, place_.prefix().empty() ? "" : "/", place_.prefix());
}

std::string S3Bucket::Full(std::string_view key) const {
  return place_.prefix().empty() ? std::string(key) : Format("{}/{}", place_.prefix(), key);
}

std::vector<std::string> S3Bucket::LockHeaders(LockedUntil lock) {
  return {Format("{}: COMPLIANCE", kLockMode), Format("{}: {}", kLockUntil, TimeText(lock))};
}

std::string S3Bucket::VersionIn(const ExchangeReply& reply) {
  const std::string* const version = Find(reply, "x-amz-version-id");
  return version == nullptr || *version == "null" ? std::string() : *version;
}

Failure S3Bucket::Refused(const Request& request, const ExchangeReply& reply) const {
  const std::string what = request.key.empty() ? Format("{}/{}", place_.host(), bucket_)
                                               : Format("{}/{}/{}", place_.host(), bucket_, Printable(request.key));
  std::string words = WordsOfRefusal(TextOf(reply.body));
  if (!words.empty()) words.insert(0, ": ");
  const std::string message = Format("{}: HTTP status {}{}", what, reply.status, words);
  switch (reply.status) {
    case 404: return Fail(ErrorCode::kNotFound, message);
    case 412: return Fail(ErrorCode::kExists, message);
    case 401:
    case 403:
      return Fail(ErrorCode::kDenied, message,
                  "are the credentials right and not expired, may they do this, and is this machine's clock right?");
    case 408:
    case 409:  // of two conditional writes at once
    case 429: return Fail(ErrorCode::kIo, message);
    default: return Fail(reply.status >= 500 ? ErrorCode::kIo : ErrorCode::kInvalid, message);
  }
}

Result<ExchangeReply> S3Bucket::Send(Request& request) const {
  TRY(const S3Credentials* const credentials, credentials_->Get());
  HttpExchange exchange{
      .method = request.method,
      .url = Format("{}://{}/{}", place_.scheme(), place_.host(), bucket_),
      .headers = std::move(request.headers),
      .body = request.body,
      .limit_bytes = static_cast<std::size_t>(request.limit_bytes),
      .take = std::move(request.take),
      .interrupted = interrupted_,
      .ca_file = place_.ca_file(),
      .connect_within = std::min<std::chrono::milliseconds>(place_.seconds(), std::chrono::seconds(10)),
      .done_within = place_.seconds(),
      .stalled_after = std::min(place_.seconds(), std::chrono::seconds(30)),
      .signed_for = Format("aws:amz:{}:s3", place_.region()),
      .signing_key = &credentials->key,
      .secret_header = credentials->token_header ? &*credentials->token_header : nullptr};
  if (!request.key.empty()) exchange.url += "/" + PercentEncoded(request.key, Slashes::kKept);
  char separator = '?';
  for (const Parameter& parameter : request.parameters) {
    exchange.url += Format("{}{}={}", separator, PercentEncoded(parameter.name, Slashes::kEncoded),
                           PercentEncoded(parameter.value, Slashes::kEncoded));
    separator = '&';
  }
  exchange.headers.push_back("x-amz-content-sha256: " + ToHex(crypto::Sha256(request.body).view()));
  if (request.method == Method::kPut) exchange.headers.emplace_back("content-type: application/octet-stream");
  return Exchange(exchange);
}

Result<ExchangeReply> S3Bucket::Ask(Request request) const {
  TRY(ExchangeReply reply, Send(request));
  if (IsDone(reply)) return reply;
  return Refused(request, reply);
}

Result<void> S3Bucket::Make(Kind kind) {
  Request request{.method = Method::kPut, .key = {}};
  if (kind == Kind::kLocking) request.headers = {"x-amz-bucket-object-lock-enabled: true"};
  TRY(const ExchangeReply reply, Send(request));
  // 409: it is there already. Whether it is ours, what is put into it next will show.
  if (IsDone(reply) || reply.status == 409) return {};
  return Refused(request, reply);
}

Result<std::string> S3Bucket::PutObject(const Put& put) {
  Request request{.method = Method::kPut, .key = Full(put.key), .body = put.bytes};
  if (put.when == When::kAbsent) request.headers.emplace_back("if-none-match: *");
  if (put.lock) {
    for (std::string& header : LockHeaders(*put.lock)) request.headers.push_back(std::move(header));
  }
  request.headers.push_back(Md5Header(put.bytes));
  TRY(const ExchangeReply reply, Ask(std::move(request)));
  return VersionIn(reply);
}

namespace {

// `version` as the parameter that asks for it.
template <typename Parameters>
void AskForVersion(Parameters& parameters, const std::string& version) {
  if (!version.empty()) parameters.push_back({"versionId", version});
}

}  // namespace

Result<Object> S3Bucket::GetObject(const ObjectName& name, std::uint64_t limit_bytes) {
  Request request{
      .method = Method::kGet, .key = Full(name.key), .limit_bytes = std::max(limit_bytes, kMostRefusalBytes)};
  AskForVersion(request.parameters, name.version);
  TRY(ExchangeReply reply, Ask(std::move(request)));
  if (reply.body.size() > limit_bytes) {
    return Fail(ErrorCode::kInvalid,
                Format("{}/{}: is longer than the {} bytes that it may have", Name(), name.key, limit_bytes));
  }
  ObjectFacts facts = FactsOf(reply, VersionIn(reply));
  return Object{std::move(reply.body), std::move(facts)};
}

Result<Bytes> S3Bucket::GetRange(const ObjectName& name, ByteRange range) {
  EXHIBIT_ASSERT(range.bytes > 0);
  Request request{.method = Method::kGet,
                  .key = Full(name.key),
                  .headers = {Format("range: bytes={}-{}", range.offset, range.offset + range.bytes - 1)},
                  .limit_bytes = std::max(range.bytes, kMostRefusalBytes)};
  AskForVersion(request.parameters, name.version);
  TRY(ExchangeReply reply, Ask(std::move(request)));
  if (reply.status != 206 || reply.body.size() != range.bytes) {
    return Fail(ErrorCode::kInvalid, Format("{}/{}: gave {} bytes where {} were asked for", Name(), name.key,
                                            reply.body.size(), range.bytes));
  }
  return std::move(reply.body);
}

Result<ObjectStore::Compared> S3Bucket::Compare(const ObjectName& name, ByteView bytes) {
  bool is_same = true;
  std::uint64_t came = 0;
  Request request{.method = Method::kGet,
                  .key = Full(name.key),
                  .limit_bytes = bytes.size() + kMostRefusalBytes,
                  .take = [&](ByteView piece) {
                    came += piece.size();
                    const bool fits = piece.size() <= bytes.size();
                    is_same = is_same && fits && Equal(piece, bytes.first(fits ? piece.size() : 0));
                    bytes = bytes.subspan(std::min(piece.size(), bytes.size()));
                  }};
  AskForVersion(request.parameters, name.version);
  TRY(const ExchangeReply reply, Ask(std::move(request)));
  ObjectFacts facts = FactsOf(reply, VersionIn(reply));
  facts.bytes = came;
  return Compared{is_same && bytes.empty(), std::move(facts)};
}

Result<ObjectFacts> S3Bucket::LookAt(const ObjectName& name) {
  Request request{.method = Method::kHead, .key = Full(name.key)};
  AskForVersion(request.parameters, name.version);
  TRY(const ExchangeReply reply, Ask(std::move(request)));
  return FactsOf(reply, VersionIn(reply));
}

Result<ObjectStore::Page> S3Bucket::List(std::string_view prefix, std::string_view after) {
  Request request{.method = Method::kGet, .key = {}, .limit_bytes = 8 << 20};
  request.parameters = {{"list-type", "2"}, {"max-keys", std::string(kPageOfKeys)}, {"prefix", Full(prefix)}};
  if (!after.empty()) request.parameters.push_back({"start-after", Full(after)});
  TRY(const ExchangeReply reply, Ask(std::move(request)));
  auto page = ReadListAnswer(TextOf(reply.body));
  if (!page) return Fail(std::move(page).error().In(Name()));
  const std::string before = Full("");
  for (ListedObject& object : page->objects) {
    if (!object.key.starts_with(before) || object.key <= Full(after)) {
      return Fail(ErrorCode::kInvalid, Format("{}: the list names objects that were not asked for", Name()));
    }
    object.key.erase(0, before.size());
  }
  return page;
}

Result<ObjectStore::VersionPage> S3Bucket::ListVersions(std::string_view prefix, const ObjectName& after) {
  Request request{.method = Method::kGet, .key = {}, .limit_bytes = 8 << 20};
  if (!after.key.empty()) request.parameters.push_back({"key-marker", Full(after.key)});
  request.parameters.push_back({"max-keys", std::string(kPageOfKeys)});
  request.parameters.push_back({"prefix", Full(prefix)});
  if (!after.version.empty()) request.parameters.push_back({"version-id-marker", after.version});
  request.parameters.push_back({"versions", ""});
  TRY(const ExchangeReply reply, Ask(std::move(request)));
  auto page = ReadVersionsAnswer(TextOf(reply.body));
  if (!page) return Fail(std::move(page).error().In(Name()));
  const std::string before = Full("");
  for (ListedVersion& version : page->versions) {
    ObjectName& name = version.name;
    const bool is_ours = name.key.starts_with(before);
    if (is_ours) name.key.erase(0, before.size());
    if (!is_ours || name.key < after.key || name == after) {
      return Fail(ErrorCode::kInvalid, Format("{}: the list names versions that were not asked for", Name()));
    }
  }
  return page;
}

// Servers call it by two words when an object has no lock.
Result<std::optional<LockedUntil>> S3Bucket::ReadLock(const ObjectName& name) {
  Request request{.method = Method::kGet, .key = Full(name.key), .parameters = {{"retention", ""}}};
  AskForVersion(request.parameters, name.version);
  TRY(const ExchangeReply reply, Send(request));
  if (IsDone(reply)) {
    auto lock = ReadRetentionAnswer(TextOf(reply.body));
    if (!lock) return Fail(std::move(lock).error().In(Format("{}/{}", Name(), name.key)));
    return lock;
  }
  const std::string_view code = CodeOfRefusal(TextOf(reply.body));
  if (code == "NoSuchObjectLockConfiguration" || code == "ObjectLockConfigurationNotFoundError") {
    return std::optional<LockedUntil>();
  }
  return Refused(request, reply);
}

Result<void> S3Bucket::Lock(const ObjectName& name, LockedUntil until) {
  const std::string body =
      Format("<Retention><Mode>COMPLIANCE</Mode><RetainUntilDate>{}</RetainUntilDate></Retention>", TimeText(until));
  Request request{.method = Method::kPut,
                  .key = Full(name.key),
                  .parameters = {{"retention", ""}},
                  .headers = {Md5Header(ViewOf(body))},
                  .body = ViewOf(body)};
  AskForVersion(request.parameters, name.version);
  TRY_VOID(Ask(std::move(request)));
  return {};
}

Result<void> S3Bucket::Delete(const ObjectName& name) {
  Request request{.method = Method::kDelete, .key = Full(name.key)};
  AskForVersion(request.parameters, name.version);
  TRY_VOID(Ask(std::move(request)));
  return {};
}

}  // namespace exhibit::net
