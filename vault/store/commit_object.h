// A commit as one object: what one Append adds to a vault on an object store. docs/FORMAT.md, "Vault on an object store".
//
//   commit   = record LF *entry                the entries' bytes, one after another, as long as the record says
//   record   = JSON in the one form of base/canonical.h:
//     v        1
//     commit   its number, from 0
//     prev     SHA-256 of the commit before, hex; of commit 0 an empty text
//     first    the number of its first entry
//     entries  the length of each; 0 of one that is lost
//     acts     [subject, number of the entry, type]: rows of the index; subjects are texts, being up to 2^64 - 1
//     objects  [name, bytes, SHA-256 in hex, version]: what it names, each as its bucket keeps it. A name is "pay/" or
//              "hdr/" and 16 hex digits
//     sealed   [entry, under, header, payload, hashes, [[object, offset, bytes]…], layout line]: places of sealed files.
//              `under` is the reseal entry of a header that was made anew, or the entry with which an item was placed anew
//              (sealed_places.h), else an empty text; `object` counts `objects`
//     tiles    [level, first hash, hashes in base64]: the hashes that the tree gained
//
// Nothing here is trusted because it stands here: entries are signed, the tree is under the head, rows and places are
// compared with the entries. `prev` makes one chain of all commits, so that a cache knows whether it is of this log.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "vault/base/bytes.h"
#include "vault/base/error.h"
#include "vault/crypto/hash.h"
#include "vault/custody/act_index.h"
#include "vault/store/store.h"

namespace exhibit::store {

inline constexpr std::uint64_t kMaxCommitBytes = 64 << 20;

// An object of the data bucket that entries of this commit need.
struct NamedObject {
  enum class Kind : std::uint8_t {
    kPayload,  // pay/: payloads, small ones together, large ones in pieces
    kHeaders,  // hdr/: age headers and hashes of blocks
  };
  Kind kind = Kind::kPayload;
  std::uint64_t id = 0;  // random; the `pack` of extents
  std::uint64_t bytes = 0;
  crypto::Sha256Digest digest;
  std::string version;  // empty where the bucket keeps none
  bool operator==(const NamedObject&) const = default;
};

struct CommitRecord {
  struct Place {
    tlog::Sequence sequence;
    std::optional<tlog::Sequence> under;
    SealedPlace place;
  };
  struct Hashes {
    std::uint32_t level = 0;
    std::uint64_t first = 0;
    Bytes hashes;  // 32 bytes each
  };
  std::uint64_t commit = 0;
  std::optional<crypto::Sha256Digest> previous;  // nothing: it is commit 0
  tlog::Sequence first;
  std::vector<std::uint64_t> entry_bytes;
  std::vector<custody::ActRow> acts;
  std::vector<NamedObject> objects;
  std::vector<Place> places;  // those of one item and entry in the order in which they count
  std::vector<Hashes> tiles;

  std::uint64_t end() const { return first.value + entry_bytes.size(); }
};

// A commit that was read.
struct ParsedCommit {
  CommitRecord record;
  std::uint64_t entries_at = 0;  // where the first entry begins
};

// kInvalid if it would be longer than kMaxCommitBytes.
Result<Bytes> EncodeCommit(const CommitRecord& record, const std::vector<AppendBatch::Entry>& entries);
// Strict: what was read is written back to the same bytes. kInvalid naming the member and the rule.
Result<ParsedCommit> ParseCommit(ByteView commit);

// "pay/", "hdr/"
std::string_view PrefixOf(NamedObject::Kind kind);
// "pay/0123456789abcdef"
std::string KeyOf(const NamedObject& object);

}  // namespace exhibit::store
