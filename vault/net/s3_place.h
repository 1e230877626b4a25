// Where a vault on an object store is, as a user writes it:
//
//   s3://HOST[:PORT]/BUCKET[/PREFIX][?NAME=VALUE[&NAME=VALUE…]]
//
//   log-bucket   the bucket of the log, unlocked and without versions (else BUCKET-log)
//   region       of the signature (else AWS_REGION, AWS_DEFAULT_REGION, us-east-1)
//   scheme       https (else EXHIBIT_S3_SCHEME, https), or http for a server on the same machine or wire
//   ca-file      PEM: the authorities that may vouch for the host (else as of every URL of https)
//   seconds      how long one request may take (else EXHIBIT_S3_SECONDS, 120), 1 to 3600
//   patience     how many seconds a request is tried again (else EXHIBIT_S3_PATIENCE, 60), 0 to 86400
//
// A prefix is letters, digits, "-", "_", "." and "/": names that every signature of every libcurl gets right.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "vault/base/error.h"

namespace exhibit::net {

class S3Place {
 public:
  static bool LooksLikeOne(std::string_view text) { return text.starts_with("s3://"); }
  // kInvalid naming the rule. Takes what the text leaves open from the environment.
  static Result<S3Place> Parse(std::string_view text);

  const std::string& host() const { return host_; }  // with its port, if one is named
  const std::string& bucket() const { return bucket_; }
  const std::string& log_bucket() const { return log_bucket_; }
  const std::string& prefix() const { return prefix_; }  // empty, or without a slash at either end
  const std::string& region() const { return region_; }
  const std::string& scheme() const { return scheme_; }
  const std::string& ca_file() const { return ca_file_; }
  std::chrono::seconds seconds() const { return seconds_; }
  std::chrono::seconds patience() const { return patience_; }
  // "s3://HOST/BUCKET/PREFIX": which vault it is, however it is asked for.
  std::string Name() const;

 private:
  S3Place() = default;
  Result<void> Take(std::string_view name, std::string value);
  std::string host_, bucket_, log_bucket_, prefix_, region_, scheme_, ca_file_;
  std::chrono::seconds seconds_{120};
  std::chrono::seconds patience_{60};
};

}  // namespace exhibit::net
