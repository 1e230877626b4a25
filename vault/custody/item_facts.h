// What is known of an item, as its fields tell it (docs/FORMAT.md, "Of an item"). One reading and one writing of these
// fields for all: who takes in evidence fills an ItemFacts, who shows it reads one.
//
// Names, paths and hosts are evidence too and keep their bytes, which need not be UTF-8.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "vault/base/bytes.h"
#include "vault/base/clock.h"
#include "vault/base/error.h"
#include "vault/crypto/hash.h"
#include "vault/custody/field.h"
#include "vault/custody/parts.h"
#include "vault/custody/words.h"
#include "vault/tlog/sequence.h"

namespace exhibit {
enum class ZeroBlocks : std::uint8_t;
}

namespace exhibit::custody {

// Frozen: fields hold these words.
enum class Kind : std::uint8_t { kLog, kRansomMessage, kNotice, kEmail, kCapture, kImage, kOther };
template <>
struct Words<Kind> {
  static constexpr std::array<std::string_view, 7> kAll = {"log",     "ransom-message", "notice", "email",
                                                           "capture", "image",          "other"};
};
enum class FileType : std::uint8_t { kRegular, kSymbolicLink, kStream, kDevice };
template <>
struct Words<FileType> {
  static constexpr std::array<std::string_view, 4> kAll = {"regular", "symbolic-link", "stream", "device"};
};
enum class DigestAlgorithm : std::uint8_t { kSha256, kSha512, kSha1, kMd5 };
template <>
struct Words<DigestAlgorithm> {
  static constexpr std::array<std::string_view, 4> kAll = {"sha256", "sha512", "sha1", "md5"};
};
std::size_t DigestBytes(DigestAlgorithm algorithm);

// How the claims of others about its digests came out, all together.
enum class Claims : std::uint8_t { kNone, kMatched, kDiffer };
template <>
struct Words<Claims> {
  static constexpr std::array<std::string_view, 3> kAll = {"none", "matched", "differ"};
};
enum class ContentPlace : std::uint8_t { kHere, kElsewhere };
template <>
struct Words<ContentPlace> {
  static constexpr std::array<std::string_view, 2> kAll = {"here", "elsewhere"};
};

// The field `state`.
struct ItemState {
  bool whole = true;     // false: a stream that was cut
  bool changed = false;  // while it was read
  Claims claims = Claims::kNone;
  bool derived = false;
  ContentPlace content = ContentPlace::kHere;
  bool operator==(const ItemState&) const = default;
};

// A digest that somebody else stated before, and whether ours agrees.
struct ClaimedDigest {
  DigestAlgorithm algorithm = DigestAlgorithm::kSha256;
  Bytes value;
  bool matched = false;
  bool operator==(const ClaimedDigest&) const = default;
};

// A time of a file, with all that the system told.
struct FileTime {
  std::int64_t seconds = 0;       // since 1970-01-01T00:00:00Z; may be negative
  std::uint32_t nanoseconds = 0;  // 0 to 999,999,999, after `seconds`
  auto operator<=>(const FileTime&) const = default;
  Moment ToMoment() const { return {seconds * 1000 + nanoseconds / 1'000'000}; }
};
// "2026-11-25T19:12:46.135412776Z": nine digits. The year is clamped to 0000-9999.
std::string FormatFileTime(FileTime time);
Result<FileTime> ParseFileTime(std::string_view text);

// Whether it is of the years 0000 to 9999, which a field can write.
bool FitsField(FileTime time);

struct FileTimes {
  std::optional<FileTime> modified = {};
  std::optional<FileTime> changed = {};
  std::optional<FileTime> accessed = {};
  std::optional<FileTime> born = {};
  // Those that do not fit, by the names above: seconds since 1970 as text, "253402300800.000000000".
  std::vector<std::pair<std::string, std::string>> beyond = {};
  bool empty() const { return !modified && !changed && !accessed && !born; }
  bool operator==(const FileTimes&) const = default;
};

// What the system told of a file besides its times.
struct SystemFacts {
  std::optional<std::uint64_t> uid = {};
  std::optional<std::uint64_t> gid = {};
  std::optional<std::string> owner = {};  // raw bytes
  std::optional<std::string> group = {};
  std::optional<std::string> mode = {};  // octal: "0644"
  std::optional<std::uint64_t> inode = {};
  std::optional<std::string> device = {};  // "8:1"
  std::optional<std::uint64_t> links = {};
  std::vector<std::pair<std::string, std::string>> xattrs = {};  // name and value, raw bytes; by name
  std::optional<std::string> acl = {};
  std::optional<bool> holes = {};
  bool empty() const { return *this == SystemFacts(); }
  bool operator==(const SystemFacts&) const = default;
};

struct Acquired {
  std::optional<Moment> at = {};
  std::optional<std::string> by = {};
  std::optional<std::string> method = {};
  std::optional<std::int64_t> offset_ms = {};  // what to add to the source's clock to get UTC
  bool empty() const { return *this == Acquired(); }
  bool operator==(const Acquired&) const = default;
};

struct ToolFacts {
  std::string name;
  std::optional<crypto::Sha256Digest> sha256 = {};
  bool operator==(const ToolFacts&) const = default;
};

struct PartialFacts {
  std::string why;  // a code word
  std::uint64_t bytes = 0;
  std::optional<std::int64_t> exit = {};
  bool operator==(const PartialFacts&) const = default;
};

// In words: "cut short (interrupted) after 24 bytes", "has gaps: 4096 of its 8105264 bytes could not be read".
std::string InWords(const PartialFacts& partial, std::optional<std::uint64_t> size);

// Code words in `partial`: of a file with gaps, of one that ends where reading broke off, of what a program gave that failed.
inline constexpr std::string_view kUnreadable = "unreadable";
inline constexpr std::string_view kReadError = "read-error";
inline constexpr std::string_view kProducerFailed = "producer-failed";
inline constexpr std::string_view kTimeLimit = "time-limit";  // the program that made it took longer than it may

struct ItemFacts {
  // Always there in an item; missing where a bundle withholds them.
  std::optional<ItemState> state = {};
  std::optional<crypto::Sha256Digest> sha256 = {};  // of the original
  std::optional<std::uint64_t> size = {};           // of the original, bytes

  std::optional<crypto::Sha512Digest> sha512 = {};
  std::optional<crypto::Sha1Digest> sha1 = {};
  std::optional<crypto::Md5Digest> md5 = {};
  std::optional<std::string> name = {};    // raw bytes of the last component
  std::optional<std::string> path = {};    // raw bytes, as it was given
  std::optional<std::string> source = {};  // the host, raw bytes
  std::vector<std::string> cases = {};     // in byte order, each once
  std::optional<Kind> kind = {};
  std::optional<std::string> description = {};
  std::vector<std::string> tags = {};
  std::optional<FileType> file_type = {};
  std::optional<std::string> link_target = {};  // raw bytes
  FileTimes times = {};
  SystemFacts system = {};
  Acquired acquired = {};
  std::optional<ToolFacts> tool = {};
  std::vector<ClaimedDigest> claimed = {};
  std::optional<PartialFacts> partial = {};
  std::optional<Moment> retain_until = {};  // an intention; a hold is what forbids to shred
  std::optional<PartsSummary> parts = {};
  std::optional<std::uint64_t> count = {};  // of an omission: how many were not taken in
  bool operator==(const ItemFacts&) const = default;
};

// Its fields, without `parts-seed`, in no order. Fields of one that is not there are not there.
std::vector<FieldList::Item> FieldsOf(const ItemFacts& facts);
// What is told. Nothing fails: of a key whose form the formats do not ask for, what has another form is left out.
ItemFacts ItemFactsIn(const FieldList& fields);

// How its original is written to a disk again (base/sparse_file.h). Where the file had holes, its blocks of zeros become
// holes: which of them were holes, nobody recorded. Where it had none, or nobody knows, all of it is written, so that the
// copy takes the room that its fields speak of, and is told to have no holes if it is taken in again.
ZeroBlocks ZeroBlocksOf(const ItemFacts& item);

}  // namespace exhibit::custody
