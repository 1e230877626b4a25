// Labels: marks in an entry that only holders of a case's key recognise.
//
//   label secret  32 random bytes, keys/label.key
//   case key      HMAC-SHA-256(label secret, "exhibit-case" 0A the case's name)
//   label         the first 16 bytes of HMAC-SHA-256(case key, "exhibit-label" 0A fingerprint, 32 bytes, header, 32 bytes)
//   labels        as many as the genesis says: 16 bytes each, ascending, no two equal, one after the other in one base64 text
//
// Free places are random, and nobody without the key tells a label from them, or links two. In entry 0 all are random,
// because its fingerprint is not known yet.
#pragma once

#include <compare>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "vault/base/bytes.h"
#include "vault/base/error.h"
#include "vault/crypto/kdf.h"
#include "vault/custody/digests.h"

namespace exhibit::custody {

// The case whose key all parties of a log get.
inline constexpr std::string_view kSharedCase = "shared";

struct LabelTag;
using Label = Fixed<LabelTag, 16>;

// How many labels each entry of a vault has: 4 to 64.
struct LabelCount {
  static constexpr std::uint64_t kLeast = 4;
  static constexpr std::uint64_t kMost = 64;
  std::uint64_t value = kLeast;
  auto operator<=>(const LabelCount&) const = default;
};

class CaseKey {
 public:
  // Of 32 bytes that somebody was given. kInvalid for another number of them.
  static Result<CaseKey> From(ByteView bytes);
  CaseKey Copy() const { return CaseKey(key_.Duplicate()); }

  Label LabelFor(const Fingerprint& vault, const HeaderDigest& header) const;
  // The line that is handed to people, a secret: {"v":1,"fingerprint":"<hex>","case":"…","key":"<hex>"}
  crypto::SecretText ToLine(const Fingerprint& vault, std::string_view name) const;

 private:
  friend class LabelSecret;
  explicit CaseKey(crypto::DerivedKey key) : key_(std::move(key)) {}
  crypto::DerivedKey key_;
};

// A case key as somebody was given it.
struct GivenCaseKey {
  Fingerprint vault;
  std::string name;
  CaseKey key;

  // kInvalid for what is no such line, with its line feed or without. The text is a secret: errors do not quote it.
  static Result<GivenCaseKey> Parse(std::string_view line);
};

class LabelSecret {
 public:
  static LabelSecret Generate();
  // "exhibit-label-secret+" and base64 of 32 bytes. Errors do not quote it.
  static Result<LabelSecret> Parse(std::string_view text);
  crypto::SecretText ToSecretText() const;
  LabelSecret Copy() const { return LabelSecret(secret_.Duplicate()); }

  CaseKey KeyOf(std::string_view case_name) const;

 private:
  explicit LabelSecret(crypto::DerivedKey secret) : secret_(std::move(secret)) {}
  crypto::DerivedKey secret_;
};

// The labels of one entry. A set that exists is ascending, and no label is there twice.
class Labels {
 public:
  // These labels, and random ones in the free places. A label that is given twice counts once. kInvalid for more than
  // there are places.
  static Result<Labels> Make(std::vector<Label> labels, LabelCount count);
  // The base64 text; kInvalid for another spelling, number or order.
  static Result<Labels> Parse(std::string_view text);
  std::string ToText() const;

  LabelCount count() const { return {labels_.size()}; }
  bool Has(const Label& label) const;
  bool operator==(const Labels&) const = default;

 private:
  explicit Labels(std::vector<Label> labels) : labels_(std::move(labels)) {}
  std::vector<Label> labels_;
};

}  // namespace exhibit::custody
