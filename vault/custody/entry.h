// An entry: one signed statement in a vault's log, and a leaf of its tree.
//
// Its bytes are a C2SP signed note whose text is one line of JSON:
//
//   {"v":1,"type":"item","origin":"stmary.example/ir-2025-014","seq":3,
//    "prev":"<leaf hash of entry 2, 64 hex digits>","time":"2026-11-24T00:44:12.123Z",
//    "actor":"alice+1a2b3c4d", … the fields of its type … }\n
//   \n
//   — alice <base64 of key id and Ed25519 signature>\n
//
// (shown on several lines; it is one). "actor" is the name and the id of the key that signs. Fields
// of each type, in this order:
//
//   genesis   "recipient": the age recipient that every item is sealed to
//             "log":       the vkey that signs this vault's checkpoints
//             "custodian": {"name": what a person reads, "key": vkey, "roles": ["custodian"]}
//   item      "header":    SHA-256 of the age header, hex: with the header's MAC this commits to the
//                          file key, so one ciphertext cannot be opened as two pieces of evidence
//             "payload":   {"bytes": size, "tail": size of the last block, "root": RFC 6962 root over
//                          the payload's blocks, hex}
//   omission  "count":     how many inputs were not taken in
//             "header", "payload": as for an item; the sealed list of them, and why
//
// The JSON has one form only: these keys, in this order, no white space. Decoding encodes again and
// compares, so every byte of a leaf is accounted for. An entry is at most 65,535 bytes, which is what
// an entry bundle of tlog-tiles can hold.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "vault/base/bytes.h"
#include "vault/base/clock.h"
#include "vault/base/error.h"
#include "vault/crypto/hash.h"
#include "vault/custody/role.h"
#include "vault/seal/layout.h"
#include "vault/seal/recipient.h"
#include "vault/tlog/checkpoint.h"
#include "vault/tlog/merkle.h"
#include "vault/tlog/note.h"
#include "vault/tlog/note_key.h"
#include "vault/tlog/sequence.h"

namespace exhibit::custody {

inline constexpr std::uint64_t kEntryVersion = 1;
inline constexpr std::size_t kMaxEntryBytes = 65'535;

// SHA-256 of an age header, from its first byte to the line feed behind the MAC.
struct HeaderDigestTag;
using HeaderDigest = Fixed<HeaderDigestTag, 32>;
HeaderDigest DigestOfHeader(ByteView age_header);

// What an entry says of its sealed file.
struct SealedFile {
  HeaderDigest header;
  std::uint64_t payload_bytes = 0;
  std::uint64_t tail_bytes = 0;
  tlog::RootHash payload_root;
  bool operator==(const SealedFile&) const = default;
};

struct Custodian {
  std::string name;  // for people: any UTF-8 without control characters, 1 to 256 bytes
  tlog::VerifierKey key;
  std::vector<Role> roles;
};

struct Genesis {
  seal::X25519Recipient recipient;
  tlog::VerifierKey log_key;
  Custodian custodian;
};
struct Item {
  SealedFile sealed;
};
struct Omission {
  std::uint64_t count = 0;
  SealedFile sealed;
};
using EntryBody = std::variant<Genesis, Item, Omission>;

EntryType TypeOf(const EntryBody& body);
// The sealed file that the entry speaks of, or null.
const SealedFile* SealedFileOf(const EntryBody& body);

// The name and id of a key, as "actor" writes it: "alice+1a2b3c4d".
std::string ActorOf(const tlog::VerifierKey& key);

struct Entry {
  tlog::Origin origin;
  tlog::Sequence sequence;
  tlog::LeafHash previous;  // all zero for entry 0
  Timestamp time;
  std::string actor;
  EntryBody body;
};

// The text that is signed: one line of JSON with its line feed.
std::string EncodeEntryText(const Entry& entry);

// Fails with kInvalid naming the field and the rule, kUnsupported for another version or type.
Result<Entry> DecodeEntryText(std::string_view text);

// An entry with its signature, as it stands in the log.
class SignedEntry {
 public:
  // Signs `entry`, whose actor must be `key`. kInvalid if the result would be longer than
  // kMaxEntryBytes.
  static Result<SignedEntry> Sign(Entry entry, const tlog::SigningKey& key);

  // Parses strictly. Nothing is known of the signature yet: see State::Accept and CheckSignature.
  static Result<SignedEntry> Parse(Bytes bytes);

  const Entry& entry() const { return entry_; }
  ByteView bytes() const { return bytes_; }
  const tlog::LeafHash& leaf() const { return leaf_; }

  // kTampered unless the entry carries exactly one signature, and it is `key`'s over the text.
  Result<void> CheckSignature(const tlog::VerifierKey& key) const;

 private:
  SignedEntry(Entry entry, Bytes bytes);
  Entry entry_;
  Bytes bytes_;
  tlog::LeafHash leaf_;
};

}  // namespace exhibit::custody
