// An entry: one signed statement in a vault's log, and a leaf of its tree.
//
// Its bytes are a C2SP signed note whose text is one line of JSON:
//
//   {"v":1,"type":"item","origin":"x7.example/q4d2","seq":3,"prev":"<leaf hash of entry 2>","law":1,
//    "time":"2026-11-28T23:00:00Z","actor":"x7.example/q4d2/k1+1a2b3c4d",["cosigner":"…"], … its type's own members …,
//    "labels":"…","header":"…","key":"…","payload":"…","fields":"…"}\n
//   \n
//   — x7.example/q4d2/k1 <base64 of key id and Ed25519 signature>\n
//
// (shown on several lines; it is one). The last five members are there where the type has a sealed file. `law` is the
// position of the newest earlier entry of a law type. The cosigner's line follows the actor's. The own members of each
// type are in acts/.
//
// The JSON has one form, which the cursor that reads it expects (vault/base/canonical.h), so every byte of a leaf is
// accounted for. An entry has at most 65,535 bytes, which is what an entry bundle of tlog-tiles can hold.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "vault/base/bytes.h"
#include "vault/base/error.h"
#include "vault/custody/body.h"
#include "vault/custody/sealed_file.h"
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
  tlog::Sequence law;
  EntryTime time;
  Actor actor;
  EntryBody body;
  std::optional<SealedFile> sealed = {};
  std::optional<Actor> cosigner = {};
};

// The text that is signed: one line of JSON with its line feed.
std::string EncodeEntryText(const Entry& entry);

// kInvalid naming the member and the rule. kUnsupported for a genesis of a later version, suite or padding: an honest
// vault that needs a newer program.
Result<Entry> DecodeEntryText(std::string_view text);

// An entry with its signatures, byte for byte as in the log.
class SignedEntry {
 public:
  // Signs `entry`. kInvalid if a reader would refuse the result, as one of more than kMaxEntryBytes.
  // REQUIRES: its actor is `key`; its cosigner, if it has one, is `cosigner`, else that is null.
  static Result<SignedEntry> Sign(const Entry& entry, const tlog::SigningKey& key,
                                  const tlog::SigningKey* cosigner = nullptr,
                                  crypto::SelfCheck check = crypto::SelfCheck::kNow);

  // The same with these keys' signatures after the actor's, in their order: the cosigner's, if it has one, and the log
  // keys of a log-key entry.
  static Result<SignedEntry> SignWith(const Entry& entry, const tlog::SigningKey& key,
                                      std::span<const tlog::SigningKey* const> others,
                                      crypto::SelfCheck check = crypto::SelfCheck::kNow);

  // Parses strictly. Nothing is known of the signatures yet: see State::Accept and CheckSignatures.
  static Result<SignedEntry> Parse(Bytes bytes);

  const Entry& parsed() const { return entry_; }
  ByteView bytes() const { return bytes_; }
  const tlog::LeafHash& leaf() const { return leaf_; }

  // kTampered unless the entry has exactly these keys' signatures over the text, in this order.
  Result<void> CheckSignatures(std::span<const tlog::VerifierKey> keys) const {
    return CheckExactSignatures(bytes_, keys);
  }

 private:
  SignedEntry(Entry entry, Bytes bytes);
  Entry entry_;
  Bytes bytes_;
  tlog::LeafHash leaf_;
};

// The position that the bytes of an entry of a later version say that they have: all that is read of one after an `upgrade`.
Result<tlog::Sequence> ReadNewerSequence(ByteView entry);

}  // namespace exhibit::custody
