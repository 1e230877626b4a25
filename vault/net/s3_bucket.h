// A bucket of S3 over HTTP: one call is one signed request (object_store.h says what its answers mean).
//
// Servers and libcurl both have traps, and each rule here is against one that was seen (docs/OBJECT-STORE.md):
//
//   - every request says x-amz-content-sha256: libcurl before 8.0 does not, and is refused
//   - parameters are sorted by name, each has a value ("retention="), and all but A-Z a-z 0-9 - _ . ~ is encoded: libcurl
//     before 8.3 signs them as they are given
//   - no header has an empty value, and no name of a header is the beginning of another's: their signatures are wrong
//   - a body's length is known; an object brings its Content-MD5, which AWS asks for where the bucket locks, also by itself
//   - no multipart upload and no copy: both were seen to drop the lock without a word (s3_trials.h tries them)
//
// Nothing is tried again here: whoever asks knows whether that is safe.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "vault/net/http_exchange.h"
#include "vault/net/object_store.h"
#include "vault/net/s3_credentials.h"
#include "vault/net/s3_place.h"

namespace exhibit::net {

class S3Bucket final : public ObjectStore {
 public:
  // `bucket` is one of the place. The credentials are shared by the buckets of a place.
  S3Bucket(S3Place place, std::string bucket, std::shared_ptr<const FoundWhenNeeded> credentials,
           const std::atomic<bool>* interrupted);

  // Makes the bucket; one of our own that is there already is no error. A locking one keeps versions and takes locks.
  enum class Kind : std::uint8_t { kPlain, kLocking };
  Result<void> Make(Kind kind);

  Result<std::string> PutObject(const Put& put) override;
  Result<Object> GetObject(const ObjectName& name, std::uint64_t limit_bytes) override;
  Result<Bytes> GetRange(const ObjectName& name, ByteRange range) override;
  Result<Compared> Compare(const ObjectName& name, ByteView bytes) override;
  Result<ObjectFacts> LookAt(const ObjectName& name) override;
  Result<Page> List(std::string_view prefix, std::string_view after) override;
  Result<VersionPage> ListVersions(std::string_view prefix, const ObjectName& after) override;
  Result<std::optional<LockedUntil>> ReadLock(const ObjectName& name) override;
  Result<void> Lock(const ObjectName& name, LockedUntil until) override;
  Result<void> Delete(const ObjectName& name) override;
  std::string Name() const override;

 private:
  friend class S3Trials;
  struct Parameter {
    std::string name;
    std::string value;
  };
  struct Request {
    HttpExchange::Method method;
    std::string key;                         // empty: the bucket itself
    std::vector<Parameter> parameters = {};  // sorted by name
    std::vector<std::string> headers = {};
    ByteView body = {};
    std::uint64_t limit_bytes = 1 << 20;
    std::function<void(ByteView)> take = {};  // the body of a success, in place of the answer
  };
  // What the store answered, of whatever status.
  Result<ExchangeReply> Send(Request& request) const;
  // The answer, if it is of status 2xx; else the refusal as an error.
  Result<ExchangeReply> Ask(Request request) const;
  Failure Refused(const Request& request, const ExchangeReply& reply) const;
  std::string Full(std::string_view key) const;
  static std::vector<std::string> LockHeaders(LockedUntil lock);
  // Empty where the bucket keeps none.
  static std::string VersionIn(const ExchangeReply& reply);

  S3Place place_;
  std::string bucket_;
  std::shared_ptr<const FoundWhenNeeded> credentials_;  // shared by the buckets of a place
  const std::atomic<bool>* interrupted_;
};

// Everything but A-Z a-z 0-9 - _ . ~ as %XX; slashes stay where they part the names of a path.
enum class Slashes : std::uint8_t { kKept, kEncoded };
std::string PercentEncoded(std::string_view text, Slashes slashes);

}  // namespace exhibit::net
