#include "vault/net/s3_place.h"

#include <algorithm>
#include <cstdlib>
#include <set>

#include "vault/base/encoding.h"
#include "vault/base/format.h"
#include "vault/base/text.h"

namespace exhibit::net {
namespace {

constexpr std::string_view kScheme = "s3://";
constexpr std::string_view kForm = "s3://HOST/BUCKET/PREFIX";
constexpr std::size_t kMostBytes = 1000;

Failure Wrong(std::string_view text, std::string_view rule) {
  return Fail(ErrorCode::kInvalid, Format("\"{}\" {}", PrintableUpTo(200, text), rule),
              Format("a vault on an object store is written {}", kForm));
}

bool IsLowerOrDigit(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

bool IsBucket(std::string_view name) {
  return name.size() >= 3 && name.size() <= 63 && IsLowerOrDigit(name.front()) && IsLowerOrDigit(name.back()) &&
         std::ranges::all_of(name, [](char c) { return IsLowerOrDigit(c) || c == '-' || c == '.'; });
}

bool IsHost(std::string_view host) {
  return !host.empty() && std::ranges::all_of(host, [](char c) {
    return IsLowerOrDigit(c) || (c >= 'A' && c <= 'Z') || c == '-' || c == '.' || c == ':' || c == '[' || c == ']';
  });
}

bool IsPrefix(std::string_view prefix) {
  const bool fits = std::ranges::all_of(prefix, [](char c) {
    return IsLowerOrDigit(c) || (c >= 'A' && c <= 'Z') || c == '-' || c == '_' || c == '.' || c == '/';
  });
  const std::string slashed = "/" + std::string(prefix) + "/";
  return fits &&
         (prefix.empty() || (slashed.find("//") == std::string::npos && slashed.find("/./") == std::string::npos &&
                             slashed.find("/../") == std::string::npos));
}

std::string FromEnvironment(std::initializer_list<const char*> variables, std::string_view otherwise) {
  for (const char* const variable : variables) {
    const char* const value = std::getenv(variable);
    if (value != nullptr && *value != '\0') return value;
  }
  return std::string(otherwise);
}

Result<std::chrono::seconds> SecondsFrom(std::string_view name, std::string_view value, std::uint64_t most) {
  const auto seconds = FromDecimal(value);
  if (seconds && *seconds <= most) return std::chrono::seconds(*seconds);
  return Fail(ErrorCode::kInvalid,
              Format("{} is a number of seconds up to {}, and not \"{}\"", name, most, PrintableUpTo(40, value)));
}

}  // namespace

Result<void> S3Place::Take(std::string_view name, std::string value) {
  if (name == "log-bucket") {
    log_bucket_ = std::move(value);
  } else if (name == "region") {
    region_ = std::move(value);
  } else if (name == "scheme") {
    scheme_ = std::move(value);
  } else if (name == "ca-file") {
    ca_file_ = std::move(value);
  } else if (name == "seconds") {
    TRY(seconds_, SecondsFrom(name, value, 3600));
    if (seconds_.count() == 0) return Fail(ErrorCode::kInvalid, "seconds is 1 at least");
  } else if (name == "patience") {
    TRY(patience_, SecondsFrom(name, value, 86'400));
  } else {
    return Fail(ErrorCode::kInvalid,
                Format("\"{}\" is no setting of a vault on an object store", PrintableUpTo(40, name)),
                "known are log-bucket, region, scheme, ca-file, seconds and patience");
  }
  return {};
}

Result<S3Place> S3Place::Parse(std::string_view text) {
  if (!LooksLikeOne(text)) return Wrong(text, "does not begin with s3://");
  if (text.size() > kMostBytes) return Wrong(text, "is longer than it may be");
  std::string_view rest = text.substr(kScheme.size());
  const std::size_t question = rest.find('?');
  std::string_view query = question == std::string_view::npos ? std::string_view() : rest.substr(question + 1);
  rest = rest.substr(0, question);
  S3Place place;
  const std::size_t slash = rest.find('/');
  place.host_ = rest.substr(0, slash);
  if (place.host_.find('@') != std::string::npos) return Wrong(text, "names a user: credentials have no place in it");
  if (!IsHost(place.host_)) return Wrong(text, "names no host");
  std::string_view path = slash == std::string_view::npos ? std::string_view() : rest.substr(slash + 1);
  const std::size_t end = path.find('/');
  place.bucket_ = path.substr(0, end);
  if (!IsBucket(place.bucket_)) return Wrong(text, "names no bucket: 3 to 63 of a-z, 0-9, \"-\" and \".\"");
  std::string_view prefix = end == std::string_view::npos ? std::string_view() : path.substr(end + 1);
  while (prefix.ends_with('/')) prefix.remove_suffix(1);
  if (!IsPrefix(prefix))
    return Wrong(text, "has a prefix of other characters than A-Z, a-z, 0-9, \"-\", \"_\", \".\" and \"/\"");
  place.prefix_ = prefix;
  place.region_ = FromEnvironment({"AWS_REGION", "AWS_DEFAULT_REGION"}, "us-east-1");
  place.scheme_ = FromEnvironment({"EXHIBIT_S3_SCHEME"}, "https");
  TRY_VOID(place.Take("seconds", FromEnvironment({"EXHIBIT_S3_SECONDS"}, "120")));
  TRY_VOID(place.Take("patience", FromEnvironment({"EXHIBIT_S3_PATIENCE"}, "60")));
  std::set<std::string_view> given;
  while (!query.empty()) {
    const std::string_view pair = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(query.size(), pair.size() + 1));
    const std::size_t equals = pair.find('=');
    const std::string_view name = pair.substr(0, equals);
    if (equals == std::string_view::npos || equals + 1 == pair.size())
      return Wrong(text, "has a setting without a value");
    if (!given.insert(name).second) return Wrong(text, "has a setting twice");
    TRY_VOID(place.Take(name, std::string(pair.substr(equals + 1))));
  }
  if (place.log_bucket_.empty()) place.log_bucket_ = place.bucket_ + "-log";
  if (!IsBucket(place.log_bucket_))
    return Wrong(text, "names a log bucket that is none: give another with log-bucket=");
  if (place.log_bucket_ == place.bucket_)
    return Wrong(text, "has one bucket for both; the log needs its own, unlocked one");
  if (place.scheme_ != "https" && place.scheme_ != "http")
    return Wrong(text, "has a scheme that is neither https nor http");
  if (!IsHost(place.region_)) return Wrong(text, "has a region that is none");
  return place;
}

std::string S3Place::Name() const {
  return Format("s3://{}/{}{}{}", host_, bucket_, prefix_.empty() ? "" : "/", prefix_);
}

}  // namespace exhibit::net
