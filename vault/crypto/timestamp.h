// Trusted timestamps (RFC 3161): an authority signs that somebody showed it a digest at a time.
//
//   TimeStampReq    the request: the SHA-256 of the bytes, a nonce, and a request for certificates
//   TimeStampResp   the answer: a status and, if that is good, the token
//   TimeStampToken  the token: a CMS SignedData over TSTInfo, which holds digest, time and serial
//
// A token proves that the bytes existed no later than its time, to whoever trusts the authority's
// root. The verifier brings the roots; they never come with the token. Certificates are judged at the
// token's own time, not now: a token outlives its authority's certificate. Revocation is not checked,
// because nobody can find out offline what was known of it at that time.
//
// Everything is DER and read strictly: bytes after the end, other encodings, and digests other than
// SHA-256, SHA-384 and SHA-512 in signatures are refused. So is anything longer than kMaxTimestampBytes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "vault/base/bytes.h"
#include "vault/base/clock.h"
#include "vault/base/error.h"
#include "vault/crypto/hash.h"

namespace exhibit::crypto {

// A token of this size still fits an entry, in base64. Those of public authorities have 2 to 8 KiB.
inline constexpr std::size_t kMaxTimestampBytes = 32 * 1024;
inline constexpr std::size_t kMaxRootsBytes = 1 << 20;

// The number of a request that its answer repeats: big-endian, without leading zero bytes.
struct TimestampNonce {
  Bytes bytes;
  bool operator==(const TimestampNonce&) const = default;
};

// A policy of an authority, as dotted numbers: "1.3.6.1.4.1.99999.1.1".
class TimestampPolicy {
 public:
  // kInvalid for what is not an object identifier in its one spelling.
  static Result<TimestampPolicy> Parse(std::string_view dotted);
  std::string_view text() const { return text_; }
  bool operator==(const TimestampPolicy&) const = default;

 private:
  explicit TimestampPolicy(std::string text) : text_(std::move(text)) {}
  std::string text_;
};

class TimestampRequest {
 public:
  // Asks for a token over the bytes that have this digest, with a fresh nonce of 64 bits and the
  // authority's certificates inside, without which nobody can check it later.
  static TimestampRequest Make(const Sha256Digest& imprint);
  // kInvalid naming the rule; kUnsupported for another digest than SHA-256.
  static Result<TimestampRequest> Parse(ByteView der);

  ByteView der() const { return der_; }
  const Sha256Digest& imprint() const { return imprint_; }
  const std::optional<TimestampNonce>& nonce() const { return nonce_; }
  const std::optional<TimestampPolicy>& policy() const { return policy_; }

 private:
  TimestampRequest() = default;
  Bytes der_;
  Sha256Digest imprint_;
  std::optional<TimestampNonce> nonce_;
  std::optional<TimestampPolicy> policy_;
};

// The shape of a token, and no more: nothing that it says is believed before VerifyTimestamp.
class TimestampToken {
 public:
  // From an authority's answer, or from a token alone.
  //   kDenied   the authority refused: its status, reason and words
  //   kInvalid  neither, not DER, or bytes follow its end
  static Result<TimestampToken> Parse(ByteView bytes);

  ByteView der() const { return der_; }

 private:
  explicit TimestampToken(Bytes der) : der_(std::move(der)) {}
  Bytes der_;
};

// The certificates that a verifier trusts to end a chain.
class TimestampRoots {
 public:
  // Adds every certificate of a PEM file and ignores its other lines. kInvalid if there is none or one is
  // broken; then it adds nothing.
  Result<void> AddPem(std::string_view pem);

  const std::vector<Bytes>& certificates() const { return certificates_; }  // DER

 private:
  std::vector<Bytes> certificates_;
};

struct CertificateTag;
using CertificateFingerprint = Fixed<CertificateTag, 32>;  // SHA-256 of its DER

// What the token must say. An empty member demands nothing.
struct TimestampDemands {
  Sha256Digest imprint;
  std::optional<TimestampNonce> nonce;
  std::optional<TimestampPolicy> policy;
};

struct VerifiedTimestamp {
  Moment time;                               // a fraction of a millisecond is cut off
  std::optional<std::uint64_t> accuracy_us;  // how far off the authority says it may be
  std::string authority;  // subject of the signing certificate, RFC 2253. A stranger's text: print it with Printable
  TimestampPolicy policy;
  Bytes serial;                               // big-endian
  std::vector<CertificateFingerprint> chain;  // from the signing certificate to the root
  Moment chain_end;                           // when the first of them ends; renew the stamp before
};

// Checks a token without roots, before it is kept: it is over what is demanded, signed by a certificate
// in it that may sign timestamps, and keeps every rule that needs no root. Errors as of VerifyTimestamp,
// except those of the chain. The time that it returns is a stranger's claim.
Result<Moment> ReadClaimedTime(const TimestampToken& token, const TimestampDemands& demands);

// Whether the token holds.
//   kTampered     it is for other bytes, does not repeat the nonce, or its signature does not fit
//   kDenied       the verifier does not trust its signer for this: no chain to the roots was valid at
//                 its time, no usage timeStamping (critical, and nothing else), another policy
//   kInvalid      it breaks a rule of RFC 3161 or CMS
//   kUnsupported  a version or digest that we do not accept
// The message names the rule. Never throws, keeps nothing.
Result<VerifiedTimestamp> VerifyTimestamp(const TimestampToken& token, const TimestampDemands& demands,
                                          const TimestampRoots& roots);

}  // namespace exhibit::crypto
