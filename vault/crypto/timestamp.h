// Trusted timestamps (RFC 3161): an authority's signed word that a digest was shown to it at a time.
//
//   TimeStampReq    what to send: the SHA-256 of the bytes, a nonce, and the wish for certificates
//   TimeStampResp   what comes back: a status and, where that is good, the token
//   TimeStampToken  what is kept: a CMS SignedData over TSTInfo, which holds digest, time and serial
//
// A token proves that the bytes existed no later than its time, to whoever trusts the authority's
// root. Roots come from the verifier, never from where the token came from. The certificates are
// judged at the token's own time, not now: a token outlives its authority's certificate. Revocation
// is not looked at, because what was known of it then cannot be had offline.
//
// Everything is DER and read strictly: bytes behind the end, other encodings, and other digests than
// SHA-256, SHA-384 and SHA-512 in signatures are refused. Nothing longer than kMaxTimestampBytes is
// looked at.
#pragma once

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

// The number of a request that its answer repeats: big-endian, no zero byte in front.
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
  //   kInvalid  neither, not DER, or something stands behind its end
  static Result<TimestampToken> Parse(ByteView bytes);

  ByteView der() const { return der_; }

 private:
  explicit TimestampToken(Bytes der) : der_(std::move(der)) {}
  Bytes der_;
};

// The certificates that a verifier trusts to end a chain.
class TimestampRoots {
 public:
  // Adds every certificate of a PEM file; what else stands there is passed over. kInvalid, and adds
  // nothing, if there is none or one is broken.
  Result<void> AddPem(std::string_view pem);

  const std::vector<Bytes>& certificates() const { return certificates_; }  // DER

 private:
  std::vector<Bytes> certificates_;
};

struct CertificateTag;
using CertificateFingerprint = Fixed<CertificateTag, 32>;  // SHA-256 of its DER

// What the token must say. Nothing is asked of what is not set.
struct TimestampDemands {
  Sha256Digest imprint;
  std::optional<TimestampNonce> nonce;
  std::optional<TimestampPolicy> policy;
};

struct VerifiedTimestamp {
  Timestamp time;                            // a fraction of a millisecond is cut off
  std::optional<std::uint64_t> accuracy_us;  // how far off the authority says it may be
  std::string authority;  // subject of the signing certificate, RFC 2253. Text of others: not printable
  TimestampPolicy policy;
  Bytes serial;                               // big-endian
  std::vector<CertificateFingerprint> chain;  // from the signing certificate to the root
  Timestamp chain_end;                        // when the first of them ends; renew the stamp before
};

// What a token says, before anybody's root is asked: it is over what is demanded, signed by a certificate
// in it that may sign timestamps, and keeps every rule that needs no root. For who is about to keep it.
// Errors as of VerifyTimestamp, but for those of the chain. The time is a stranger's claim.
Result<Timestamp> ReadClaimedTime(const TimestampToken& token, const TimestampDemands& demands);

// Whether the token holds.
//   kTampered     it is for other bytes, does not repeat the nonce, or its signature does not fit
//   kDenied       signed by whom the verifier does not trust for this: no chain to the roots that held
//                 at its time, no usage timeStamping (critical, and nothing else), another policy
//   kInvalid      it breaks a rule of RFC 3161 or CMS
//   kUnsupported  a version or digest that is not taken
// The message names the rule. Never throws, keeps nothing.
Result<VerifiedTimestamp> VerifyTimestamp(const TimestampToken& token, const TimestampDemands& demands,
                                          const TimestampRoots& roots);

}  // namespace exhibit::crypto
