#include "vault/net/s3_trials.h"

#include "vault/base/format.h"

namespace exhibit::net {
namespace {

using Method = HttpExchange::Method;

// The text of the first such element; empty without one. Enough for what names a thing of ours: it is sent back, and what
// a hostile server gets so is its own words.
std::string ElementIn(std::string_view xml, std::string_view name) {
  const std::string begin = Format("<{}>", name);
  const std::size_t at = xml.find(begin);
  if (at == std::string_view::npos) return {};
  const std::size_t from = at + begin.size();
  const std::size_t end = xml.find('<', from);
  constexpr std::size_t kMost = 512;
  return end == std::string_view::npos || end - from > kMost ? std::string()
                                                             : std::string(xml.substr(from, end - from));
}

Result<std::string> TagOf(const ExchangeReply& reply) {
  const auto tag = reply.headers.find("etag");
  if (tag == reply.headers.end()) return Fail(ErrorCode::kInvalid, "the object store gives no ETag");
  return tag->second;
}

}  // namespace

Result<std::string> S3Trials::PutInParts(const ObjectStore::Put& put) const {
  const std::string key = bucket_.Full(put.key);
  TRY(const ExchangeReply begun,
      bucket_.Ask({.method = Method::kPost,
                   .key = key,
                   .parameters = {{"uploads", ""}},
                   .headers = put.lock ? S3Bucket::LockHeaders(*put.lock) : std::vector<std::string>()}));
  const std::string upload = ElementIn(TextOf(begun.body), "UploadId");
  if (upload.empty()) return Fail(ErrorCode::kInvalid, "the object store gives no number to a multipart upload");
  TRY(const ExchangeReply part, bucket_.Ask({.method = Method::kPut,
                                             .key = key,
                                             .parameters = {{"partNumber", "1"}, {"uploadId", upload}},
                                             .body = put.bytes}));
  TRY(const std::string tag, TagOf(part));
  const std::string list = Format(
      "<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>{}</ETag></Part></CompleteMultipartUpload>", tag);
  TRY(const ExchangeReply done,
      bucket_.Ask({.method = Method::kPost, .key = key, .parameters = {{"uploadId", upload}}, .body = ViewOf(list)}));
  return S3Bucket::VersionIn(done);
}

Result<std::string> S3Trials::Copy(const ObjectName& from, std::string_view to, LockedUntil lock) const {
  std::vector<std::string> headers = S3Bucket::LockHeaders(lock);
  headers.push_back(Format("x-amz-copy-source: /{}/{}?versionId={}", bucket_.bucket_,
                           PercentEncoded(bucket_.Full(from.key), Slashes::kKept), from.version));
  TRY(const ExchangeReply reply,
      bucket_.Ask({.method = Method::kPut, .key = bucket_.Full(to), .headers = std::move(headers)}));
  return S3Bucket::VersionIn(reply);
}

Result<void> S3Trials::DeletePassingOver(const ObjectName& name) const {
  TRY_VOID(bucket_.Ask({.method = Method::kDelete,
                        .key = bucket_.Full(name.key),
                        .parameters = {{"versionId", name.version}},
                        .headers = {"x-amz-bypass-governance-retention: true"}}));
  return {};
}

Result<void> S3Trials::ReplaceIfUnchanged(std::string_view key, ByteView bytes) const {
  TRY(const ExchangeReply before, bucket_.Ask({.method = Method::kHead, .key = bucket_.Full(key)}));
  TRY(std::string tag, TagOf(before));
  if (!tag.starts_with('"')) tag = Format("\"{}\"", tag);
  TRY_VOID(
      bucket_.Ask({.method = Method::kPut, .key = bucket_.Full(key), .headers = {"if-match: " + tag}, .body = bytes}));
  return {};
}

Result<bool> S3Trials::HasDefaultLock() const {
  const auto reply = bucket_.Ask({.method = Method::kGet, .key = {}, .parameters = {{"object-lock", ""}}});
  if (!reply && reply.error().code == ErrorCode::kNotFound) return false;
  if (!reply) return Fail(reply.error());
  return TextOf(reply->body).find("<DefaultRetention>") != std::string_view::npos;
}

}  // namespace exhibit::net
