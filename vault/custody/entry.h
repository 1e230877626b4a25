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
// (shown on several lines; it is one). "actor" is the name and the id of the key that signs. Where two
// sign, "cosigner" follows it, in the same form, and the cosigner's line follows the actor's. The
// fields of each type are in body_json.h.
//
// The JSON has one form only: these keys, in this order, no white space. Decoding encodes again and
// compares, so every byte of a leaf is accounted for. An entry is at most 65,535 bytes, which is what
// an entry bundle of tlog-tiles can hold.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "vault/base/bytes.h"
#include "vault/base/clock.h"
#include "vault/base/error.h"
#include "vault/custody/body.h"
#include "vault/custody/signatures.h"
#include "vault/tlog/checkpoint.h"
#include "vault/tlog/merkle.h"
#include "vault/tlog/note_key.h"
#include "vault/tlog/sequence.h"

namespace exhibit::custody {

inline constexpr std::uint64_t kEntryVersion = 1;
inline constexpr std::size_t kMaxEntryBytes = 65'535;

struct Entry {
  tlog::Origin origin;
  tlog::Sequence sequence;
  tlog::LeafHash previous;  // all zero for entry 0
  Moment time;
  std::string actor;
  EntryBody body;
  std::optional<std::string> cosigner = {};
};

// The text that is signed: one line of JSON with its line feed.
std::string EncodeEntryText(const Entry& entry);

// Fails with kInvalid naming the field and the rule, kUnsupported for another version or type.
Result<Entry> DecodeEntryText(std::string_view text);

// An entry with its signatures, byte for byte as in the log.
class SignedEntry {
 public:
  // Signs `entry`. kInvalid if a reader would refuse the result, as one of more than kMaxEntryBytes, and if what
  // people wrote in it is blank or holds a secret (free_text.h).
  // REQUIRES: its actor is `key`; its cosigner, if it has one, is `cosigner`, else that is null.
  static Result<SignedEntry> Sign(Entry entry, const tlog::SigningKey& key, const tlog::SigningKey* cosigner = nullptr,
                                  crypto::SelfCheck check = crypto::SelfCheck::kNow);

  // The same with these keys' signatures after the actor's, in their order, without being named as
  // cosigners: the log keys of a rotation.
  static Result<SignedEntry> SignWith(Entry entry, const tlog::SigningKey& key,
                                      std::span<const tlog::SigningKey* const> others,
                                      crypto::SelfCheck check = crypto::SelfCheck::kNow);

  // Parses strictly. Nothing is known of the signatures yet: see State::Accept and CheckSignatures.
  static Result<SignedEntry> Parse(Bytes bytes);

  const Entry& parsed() const { return entry_; }
  ByteView bytes() const { return bytes_; }
  const tlog::LeafHash& leaf() const { return leaf_; }

  // kTampered unless the entry carries exactly these keys' signatures over the text, in this order.
  Result<void> CheckSignatures(std::span<const tlog::VerifierKey> keys) const {
    return CheckExactSignatures(bytes_, keys);
  }
  Result<void> CheckSignature(const tlog::VerifierKey& key) const { return CheckSignatures({&key, 1}); }

 private:
  SignedEntry(Entry entry, Bytes bytes);
  Entry entry_;
  Bytes bytes_;
  tlog::LeafHash leaf_;
};

}  // namespace exhibit::custody
