// A statement of transfer: what one custodian hands over and another takes, signed by both before it
// enters any log. It travels as a file; a transfer entry carries it whole.
//
// Its bytes are a C2SP signed note. The text is one line of JSON, these keys in this order (shown on
// several lines; those in brackets may be missing):
//
//   {"v":1,"statement":"transfer","origin":"stmary.example/ir-2025-014","items":"1-3,7",
//    "leaves":"<RFC 6962 root over the items' leaf hashes, ascending, hex>",
//    "released_by":"alice+1a2b3c4d","received_by":"bob+5e6f7a8b","time":"2026-11-24T00:44:12.123Z",
//    "purpose":"…",["authority":"…"],["condition":"…"],["location":"…"],["transport":"…"]}
//
// The first signature is the releaser's; the second, where it was accepted, the receiver's. "leaves"
// commits to the items' entries and so to their bytes: a statement says what was handed over even to
// a person who has only the statement and the items.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "vault/base/bytes.h"
#include "vault/base/clock.h"
#include "vault/base/error.h"
#include "vault/custody/item_set.h"
#include "vault/tlog/checkpoint.h"
#include "vault/tlog/merkle.h"
#include "vault/tlog/note_key.h"

namespace exhibit::custody {

inline constexpr std::uint64_t kStatementVersion = 1;
// With the escapes of JSON it has to fit an entry.
inline constexpr std::size_t kMaxStatementBytes = 24 * 1024;

struct Statement {
  tlog::Origin origin;
  ItemSet items;
  tlog::RootHash leaves;
  std::string released_by;  // as "actor" writes a key
  std::string received_by;
  Moment time;
  std::string purpose;
  std::optional<std::string> authority = {};
  std::optional<std::string> condition = {};
  std::optional<std::string> location = {};
  std::optional<std::string> transport = {};
};

// What "leaves" says of these leaf hashes, in ascending order of their items.
tlog::RootHash RootOfLeaves(std::span<const tlog::LeafHash> leaves);

// One line of JSON with its line feed. Decoding fails with kInvalid naming the field and the rule, or
// kUnsupported for another version or statement.
std::string EncodeStatementText(const Statement& statement);
Result<Statement> DecodeStatementText(std::string_view text);

// SHA-256 of the text: the same whoever signed it, so that a statement is used once.
struct StatementHashTag;
using StatementHash = Fixed<StatementHashTag, 32>;

class SignedStatement {
 public:
  // Signs as the releaser. REQUIRES: `key` is the one that released_by names.
  static Result<SignedStatement> Sign(const Statement& statement, const tlog::SigningKey& releaser);
  // Adds the receiver's signature after the releaser's. REQUIRES: `key` is what received_by names.
  Result<SignedStatement> Countersign(const tlog::SigningKey& receiver) const;

  // Parses strictly. Nothing is known of the signatures yet.
  static Result<SignedStatement> Parse(Bytes bytes);

  const Statement& statement() const { return statement_; }
  ByteView bytes() const { return bytes_; }
  const StatementHash& hash() const { return hash_; }

  // kTampered unless it carries exactly these keys' signatures, in this order.
  Result<void> CheckSignatures(std::span<const tlog::VerifierKey> keys) const;

 private:
  SignedStatement(Statement statement, std::string_view text, Bytes bytes);
  Statement statement_;
  Bytes bytes_;
  StatementHash hash_;
};

}  // namespace exhibit::custody
