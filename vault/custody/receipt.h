// A receiver's signed statement about a bundle: which one came, and whether it held when it was checked.
//
// Its bytes are a C2SP signed note by the receiver's key, whom the vault need not know. The text is one line of
// JSON, these keys in this order; those in [brackets] may be missing:
//
//   {"v":1,"statement":"receipt","origin":"stmary.example/ir-2025-014","bundle":"<hex>","checkpoint":"<five lines>",
//    "made_by":"alice+1a2b3c4d","made":"2026-11-24T00:44:12.123Z","received_by":"<vkey>","time":"…",
//    "outcome":"holds" or "fails","depth":"sealed" or "content",["believed":["fingerprint","policy"]],
//    "items":"1-3",["failed":"2"],["finding":"…"]}
//
//   bundle       SHA-256 of its bundle.note, which names all of its files
//   checkpoint   of the log, with the log's own signature alone, as text
//   made_by …    who signed the bundle.note, and its time
//   outcome      if and only if it is "fails", "finding" is the first thing that was wrong
//   depth        "content" if the receiver had an identity that opens the sealed files
//   believed     what the receiver had from elsewhere and compared the bundle with
//   items        the items whose sealed files came; "failed": those of them that have a finding
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "vault/base/bytes.h"
#include "vault/base/clock.h"
#include "vault/base/error.h"
#include "vault/crypto/hash.h"
#include "vault/custody/item_set.h"
#include "vault/custody/noted_checkpoint.h"
#include "vault/custody/statement.h"
#include "vault/tlog/checkpoint.h"
#include "vault/tlog/note_key.h"

namespace exhibit::custody {

// With the escapes of JSON it has to fit an entry.
inline constexpr std::size_t kMaxReceiptBytes = 24 * 1024;

struct Receipt {
  enum class Depth : std::uint8_t { kSealed, kContent };
  enum class Belief : std::uint8_t { kFingerprint, kPolicy };  // listed in this order, each once

  tlog::Origin origin;
  crypto::Sha256Digest bundle;
  NotedCheckpoint checkpoint;
  std::string made_by;  // as "actor" writes a key
  Moment made;
  tlog::VerifierKey received_by;
  Moment time;
  Depth depth = Depth::kSealed;
  std::vector<Belief> believed = {};
  ItemSet items;
  std::optional<ItemSet> failed = {};       // some of `items`, and not without a finding
  std::optional<std::string> finding = {};  // a line; nothing if the bundle holds
};

class SignedReceipt {
 public:
  // kInvalid if the receipt is longer than one may be. REQUIRES: `key` is the one that received_by names.
  static Result<SignedReceipt> Sign(const Receipt& receipt, const tlog::SigningKey& key);
  // Parses strictly: kInvalid naming the field and the rule, or kUnsupported for another version. It does not check
  // signatures, neither the receipt's nor the checkpoint's.
  static Result<SignedReceipt> Parse(Bytes bytes);

  const Receipt& receipt() const { return receipt_; }
  ByteView bytes() const { return bytes_; }
  // Of the text, so that a receipt is used once.
  const StatementHash& hash() const { return hash_; }
  // kTampered unless it carries exactly these keys' signatures: the one that it names.
  Result<void> CheckSignatures(std::span<const tlog::VerifierKey> keys) const;

 private:
  SignedReceipt(Receipt receipt, std::string_view text, Bytes bytes);
  Receipt receipt_;
  Bytes bytes_;
  StatementHash hash_;
};

}  // namespace exhibit::custody
