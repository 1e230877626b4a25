// The bodies of entries: what each act of custody says besides who, when and where in the log.
//
// body_json.h gives each its bytes; state.h says when each may be in the log.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "vault/base/bytes.h"
#include "vault/base/clock.h"
#include "vault/crypto/hash.h"
#include "vault/custody/collected.h"
#include "vault/custody/item_set.h"
#include "vault/custody/noted_checkpoint.h"
#include "vault/custody/receipt.h"
#include "vault/custody/role.h"
#include "vault/custody/sealed_file.h"
#include "vault/custody/statement.h"
#include "vault/seal/layout.h"
#include "vault/seal/recipient.h"
#include "vault/tlog/checkpoint.h"
#include "vault/tlog/merkle.h"
#include "vault/tlog/note_key.h"
#include "vault/tlog/sequence.h"

namespace exhibit::custody {

struct Custodian {
  std::string name;  // for people: any UTF-8 without control characters, 1 to 256 bytes
  tlog::VerifierKey key;
  std::vector<Role> roles;
  std::optional<std::string> organisation = {};
  std::optional<std::string> contact = {};
  bool operator==(const Custodian&) const = default;
};

// Who holds an age identity that opens the vault's key.
struct Reader {
  seal::X25519Recipient recipient;
  std::optional<std::string> name = {};
  bool operator==(const Reader&) const = default;
};
inline constexpr std::size_t kMaxReaders = 64;  // as many as an age header has stanzas

// --- the vault and its evidence ---

struct Genesis {
  static constexpr Act kAct = Act::kGenesis;
  seal::X25519Recipient recipient;
  tlog::VerifierKey log_key;
  Custodian custodian;
  std::vector<Reader> readers = {};  // none if a passphrase opens the vault key
};
struct Item {
  static constexpr Act kAct = Act::kItem;
  SealedFile sealed;
  std::optional<SignedCollected> collected = {};  // by whom, if it was sealed elsewhere and carried here
};
struct Omission {
  static constexpr Act kAct = Act::kOmission;
  std::uint64_t count = 0;
  SealedFile sealed;
};
struct Note {  // corrects or adds to the metadata of items; its text is sealed
  static constexpr Act kAct = Act::kNote;
  ItemSet items;
  SealedFile sealed;
};

struct CaseRecord {  // dates of the case, as known now (case_facts.h); later records supersede it, date by date
  static constexpr Act kAct = Act::kCase;
  SealedFile sealed;
};

// --- who may act ---

struct Admit {
  static constexpr Act kAct = Act::kAdmit;
  Custodian custodian;
};
struct Retire {
  static constexpr Act kAct = Act::kRetire;
  std::string key;  // as "actor" writes it
  std::string reason;
  std::optional<Moment> compromised_since = {};  // from when on others may have signed with it
};
struct Rotate {  // this key takes the place of the actor's, and signs too
  static constexpr Act kAct = Act::kRotate;
  tlog::VerifierKey key;
};
struct Rule {
  static constexpr Act kAct = Act::kRule;
  std::vector<EntryType> needs_two;  // these need two custodians; kCustodian means an admission
};

// --- what happens to items ---

struct Hold {
  static constexpr Act kAct = Act::kHold;
  ItemSet items;
  std::string authority;
  std::string reason;
};
struct Release {
  static constexpr Act kAct = Act::kRelease;
  ItemSet items;
  std::string authority;
  std::string reason;
};
struct Shred {
  static constexpr Act kAct = Act::kShred;
  tlog::Sequence item;
  std::string authority;
  std::string reason;
};
struct Access {
  static constexpr Act kAct = Act::kAccess;
  enum class Way : std::uint8_t {
    kRead,
    kExport,
    kExportFailed,  // the items of an announced export did not leave; the purpose says why
  };
  Way way = Way::kRead;
  ItemSet items;
  std::string purpose;
  std::vector<std::string> recipients;  // of an export; may be empty
};
struct Transfer {
  static constexpr Act kAct = Act::kTransfer;
  enum class Outcome : std::uint8_t { kAccepted, kRefused, kAbandoned };
  Outcome outcome = Outcome::kAccepted;
  SignedStatement statement;
};
struct Received {  // what a receiver signed of a bundle (receipt.h)
  static constexpr Act kAct = Act::kReceipt;
  SignedReceipt receipt;
};

// --- the log itself ---

// A token (RFC 3161) over a checkpoint with the log's own signature (tlog/stamped_checkpoint.h), or over
// the token of an earlier entry, which it keeps provable when that one's certificates end.
struct Timestamped {
  static constexpr Act kAct = Act::kTimestamp;
  std::variant<NotedCheckpoint, tlog::Sequence> stamped;
  Bytes token;  // DER
};
struct Recovery {  // the log goes on from a restored copy
  static constexpr Act kAct = Act::kRecover;
  NotedCheckpoint lost;  // a head that was seen, and that the log does not extend
  std::string reason;
};
struct RotateLog {  // this key signs every checkpoint that holds this entry
  static constexpr Act kAct = Act::kRotateLog;
  tlog::VerifierKey key;
  std::optional<Moment> compromised_since = {};  // from when on others may have signed with the one before
};

// --- who reads ---

// The vault's key is sealed to these readers, in a file of this digest, and to nobody else.
struct ReaderChange {
  static constexpr Act kAct = Act::kReader;
  std::vector<Reader> readers;  // all there are from here on; never empty
  crypto::Sha256Digest key_file;
};
// Items are sealed to this recipient from here on, and these earlier ones got a header for it.
struct Reseal {
  static constexpr Act kAct = Act::kReseal;
  static constexpr std::size_t kMaxItems = 1000;  // so that the digests fit an entry
  seal::X25519Recipient recipient;
  std::optional<crypto::Sha256Digest> key_file = {};  // where this entry replaces the file of the vault's key
  std::optional<ItemSet> items = {};
  std::vector<HeaderDigest> headers = {};  // of the new headers, in the order of the items
};

using EntryBody = std::variant<Genesis, Item, Omission, Note, Admit, Retire, Rotate, Rule, Hold, Release, Shred, Access,
                               Transfer, Timestamped, Recovery, RotateLog, ReaderChange, Reseal, Received, CaseRecord>;

Act ActOf(const EntryBody& body);
inline EntryType TypeOf(const EntryBody& body) { return TypeOf(ActOf(body)); }

// The sealed file that the entry speaks of, or null.
const SealedFile* SealedFileOf(const EntryBody& body);
// REQUIRES: the body has one.
void SetSealedFile(EntryBody& body, const SealedFile& sealed);

// The earlier items that the entry names; nothing for a body that names none.
std::optional<ItemSet> ItemsOf(const EntryBody& body);

}  // namespace exhibit::custody
