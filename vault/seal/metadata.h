// What is known of an item besides its content: sealed with it, never visible without the key.
//
// One JSON object with one spelling: the keys below, in this order, no white space; an absent value
// has no key. Decoding encodes again and compares. Names and paths are evidence too and keep their
// bytes: if they are not UTF-8, the readable text has U+FFFD for each byte that is not, and "…_raw"
// holds the bytes in base64.
//
//   {"v":1,"name":…,["name_raw":…,]["path":…,["path_raw":…,]]"kind":"log",["description":…,]
//    ["tags":[…],]["case":…,]["source":…,]"file_type":"regular",
//    ["link_target":…,["link_target_raw":…,]]"size":n,["modified":time,]["acquired_at":time,]
//    ["acquired_by":…,]["clock_offset_ms":±n,]["tool":…,]["method":…,]["changed_while_read":true,]
//    "digests":{"sha256":hex,["sha1":hex,]["md5":hex]}
//    [,"claimed":[{"algorithm":…,"value":hex,"matched":true|false},…]]}
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "vault/base/bytes.h"
#include "vault/base/clock.h"
#include "vault/base/error.h"
#include "vault/base/json.h"
#include "vault/crypto/hash.h"

namespace exhibit::seal {

inline constexpr std::size_t kMaxMetadataText = 64 * 1024;
inline constexpr std::size_t kMaxTags = 256;

// Frozen: sealed metadata hold these words.
enum class Kind : std::uint8_t { kLog, kRansomMessage, kNotice, kEmail, kCapture, kImage, kOther };
std::string_view ToText(Kind kind);
// kInvalid, listing the words.
Result<Kind> KindFromText(std::string_view text);

// Frozen: sealed metadata hold these words.
enum class FileType : std::uint8_t { kRegular, kSymbolicLink, kStream, kDevice };
std::string_view ToText(FileType type);

// Frozen: sealed metadata hold these words.
enum class DigestAlgorithm : std::uint8_t { kSha256, kSha1, kMd5 };
std::string_view ToText(DigestAlgorithm algorithm);
std::size_t DigestBytes(DigestAlgorithm algorithm);

// A digest that somebody else stated before, and whether ours agrees.
struct ClaimedDigest {
  DigestAlgorithm algorithm = DigestAlgorithm::kSha256;
  Bytes value;
  bool matched = false;
  bool operator==(const ClaimedDigest&) const = default;
};

struct Metadata {
  std::string name;                 // raw bytes of the last component
  std::optional<std::string> path;  // raw bytes, as it was given
  Kind kind = Kind::kOther;
  std::optional<std::string> description;
  std::vector<std::string> tags;
  std::optional<std::string> case_number;
  std::optional<std::string> source;  // the host or place it comes from
  FileType file_type = FileType::kRegular;
  std::optional<std::string> link_target;  // raw bytes
  std::uint64_t size_bytes = 0;            // of the original
  std::optional<Moment> modified;
  std::optional<Moment> acquired_at;
  std::optional<std::string> acquired_by;
  std::optional<std::int64_t> clock_offset_ms;  // what to add to the source's clock to get UTC
  std::optional<std::string> tool;
  std::optional<std::string> method;
  std::optional<Moment> retain_until;  // an intention; only a hold in the log forbids to shred
  bool changed_while_read = false;
  crypto::Sha256Digest sha256;
  std::optional<crypto::Sha1Digest> sha1;
  std::optional<crypto::Md5Digest> md5;
  std::vector<ClaimedDigest> claimed;
  bool operator==(const Metadata&) const = default;
};

// The JSON. kInvalid naming the field if a text is too long, is not UTF-8 where it must be, or there
// are too many tags.
Result<std::string> EncodeMetadata(const Metadata& metadata);

// The same as a value, of metadata that was encoded or decoded before.
Json JsonOf(const Metadata& metadata);

// Strict, at most kMaxMetadataBytes. kInvalid names the field; kUnsupported another version.
Result<Metadata> DecodeMetadata(std::string_view json);

}  // namespace exhibit::seal
