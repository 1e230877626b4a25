// What a collecting machine says of an item that it sealed, before any log knows it.
//
// Its bytes are a C2SP signed note by the collector's key. The text is one line of JSON, these keys in this
// order (shown on several lines):
//
//   {"v":1,"statement":"collected","origin":"stmary.example/ir-2025-014","collector":"fs01+1a2b3c4d",
//    "number":3,"recipient":"age1…","time":"2026-11-24T00:44:12.123Z",
//    "header":"<hex>","payload":{"bytes":…,"tail":…,"root":"<hex>"}}
//
// "number" counts what this key collected, from 1. The vault takes each number of a key in once, so a drop
// that comes a second time is refused, and a number that never comes is a gap that anybody sees. The item's
// entry carries the note whole: position and chain are the vault's, the statement is the collector's.
#pragma once

#include <compare>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "vault/base/bytes.h"
#include "vault/base/clock.h"
#include "vault/base/error.h"
#include "vault/custody/sealed_file.h"
#include "vault/seal/recipient.h"
#include "vault/tlog/checkpoint.h"
#include "vault/tlog/note_key.h"

namespace exhibit::custody {

// With the escapes of JSON it has to fit an entry.
inline constexpr std::size_t kMaxCollectedBytes = 8 * 1024;

// One number of one key, which is used once.
struct CollectedNumber {
  std::string collector;  // as "actor" writes a key
  std::uint64_t number = 0;
  auto operator<=>(const CollectedNumber&) const = default;
};

struct Collected {
  tlog::Origin origin;
  CollectedNumber of;
  seal::X25519Recipient recipient;
  Moment time;
  SealedFile sealed;
};

class SignedCollected {
 public:
  // REQUIRES: `key` is the one that the statement names.
  static Result<SignedCollected> Sign(const Collected& statement, const tlog::SigningKey& key);
  // Parses strictly: kInvalid naming the field and the rule, or kUnsupported for another version or
  // statement. Nothing is known of the signature yet.
  static Result<SignedCollected> Parse(Bytes bytes);

  const Collected& statement() const { return statement_; }
  ByteView bytes() const { return bytes_; }
  // kTampered unless it carries exactly these keys' signatures: the collector's.
  Result<void> CheckSignatures(std::span<const tlog::VerifierKey> keys) const;

 private:
  SignedCollected(Collected statement, Bytes bytes) : statement_(std::move(statement)), bytes_(std::move(bytes)) {}
  Collected statement_;
  Bytes bytes_;
};

}  // namespace exhibit::custody
