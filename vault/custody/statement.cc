#include "vault/custody/statement.h"

#include "vault/base/encoding.h"
#include "vault/base/format.h"
#include "vault/base/text.h"
#include "vault/crypto/hash.h"
#include "vault/custody/free_text.h"
#include "vault/custody/json_fields.h"
#include "vault/custody/signatures.h"
#include "vault/tlog/note.h"

namespace exhibit::custody {
namespace {

constexpr std::string_view kTransfer = "transfer";

Result<Statement> Read(const Fields& fields) {
  TRY(const std::uint64_t version, fields.Number("v"));
  if (version != kStatementVersion) {
    return Fail(ErrorCode::kUnsupported, Format("version {} is not known", version),
                "a newer version of exhibit may know it");
  }
  TRY(const std::string kind, fields.Text("statement"));
  if (kind != kTransfer) {
    return Fail(ErrorCode::kUnsupported, Format("unknown statement \"{}\"", Printable(kind.substr(0, 64))),
                "a newer version of exhibit may know it");
  }
  TRY(const std::string origin_text, fields.Text("origin"));
  TRY(tlog::Origin origin, tlog::Origin::Parse(origin_text));
  TRY(const std::string items_text, fields.Text("items"));
  TRY(ItemSet items, ItemSet::Parse(items_text));
  TRY(const tlog::RootHash leaves, fields.Hex<tlog::RootHash>("leaves"));
  TRY(std::string released_by, fields.Line("released_by", kMaxLineBytes));
  TRY(std::string received_by, fields.Line("received_by", kMaxLineBytes));
  TRY(const std::string time_text, fields.Text("time"));
  TRY(const Moment time, ParseCanonicalTime(time_text));
  TRY(std::string purpose, fields.Line("purpose", kMaxLineBytes));
  TRY(auto authority, fields.OptionalLine("authority", kMaxLineBytes));
  TRY(auto condition, fields.OptionalLine("condition", kMaxLineBytes));
  TRY(auto location, fields.OptionalLine("location", kMaxLineBytes));
  TRY(auto transport, fields.OptionalLine("transport", kMaxLineBytes));
  return Statement{std::move(origin),      std::move(items),       leaves,
                   std::move(released_by), std::move(received_by), time,
                   std::move(purpose),     std::move(authority),   std::move(condition),
                   std::move(location),    std::move(transport)};
}

}  // namespace

tlog::RootHash RootOfLeaves(std::span<const tlog::LeafHash> leaves) {
  tlog::CompactRange range;
  for (const tlog::LeafHash& leaf : leaves) range.Append(leaf);
  return range.Root();
}

std::string EncodeStatementText(const Statement& statement) {
  Json json = {{"v", kStatementVersion},
               {"statement", std::string(kTransfer)},
               {"origin", std::string(statement.origin.text())},
               {"items", statement.items.ToText()},
               {"leaves", ToHex(statement.leaves.view())},
               {"released_by", statement.released_by},
               {"received_by", statement.received_by},
               {"time", FormatTime(statement.time)},
               {"purpose", statement.purpose}};
  if (statement.authority) json["authority"] = *statement.authority;
  if (statement.condition) json["condition"] = *statement.condition;
  if (statement.location) json["location"] = *statement.location;
  if (statement.transport) json["transport"] = *statement.transport;
  return json.Dump() + "\n";
}

Result<Statement> DecodeStatementText(std::string_view text) {
  if (text.size() > kMaxStatementBytes) {
    return Fail(ErrorCode::kInvalid, Format("longer than {} bytes", kMaxStatementBytes));
  }
  TRY(const Json json, ParseObject(text));
  TRY(Statement statement, Read(Fields(json)));
  if (EncodeStatementText(statement) != text) {
    return Fail(ErrorCode::kInvalid,
                "not in the one form that a statement may have "
                "(unknown, repeated or reordered fields, or white space)");
  }
  return statement;
}

SignedStatement::SignedStatement(Statement statement, std::string_view text, Bytes bytes)
    : statement_(std::move(statement)),
      bytes_(std::move(bytes)),
      hash_(*StatementHash::From(crypto::Sha256(ViewOf(text)).view())) {}

Result<SignedStatement> SignedStatement::Sign(const Statement& statement, const tlog::SigningKey& releaser) {
  EXHIBIT_ASSERT(statement.released_by == ActorOf(releaser.verifier()));
  TRY_VOID(CheckFreeTexts(FreeTextsOf(statement)));
  TRY(Bytes bytes, tlog::SignNote(EncodeStatementText(statement), releaser));
  return Parse(std::move(bytes));
}

Result<SignedStatement> SignedStatement::Countersign(const tlog::SigningKey& receiver) const {
  EXHIBIT_ASSERT(statement_.received_by == ActorOf(receiver.verifier()));
  TRY(const tlog::SignedNote note, tlog::SignedNote::Parse(bytes_));
  TRY(Bytes bytes, tlog::AddSignature(note, receiver));
  return Parse(std::move(bytes));
}

Result<SignedStatement> SignedStatement::Parse(Bytes bytes) {
  if (bytes.size() > kMaxStatementBytes) {
    return Fail(ErrorCode::kInvalid, Format("statement: longer than {} bytes", kMaxStatementBytes));
  }
  TRY(const tlog::SignedNote note, tlog::SignedNote::Parse(bytes));
  auto statement = DecodeStatementText(note.text());
  if (!statement) return Fail(std::move(statement).error().In("statement"));
  return SignedStatement(std::move(*statement), note.text(), std::move(bytes));
}

Result<void> SignedStatement::CheckSignatures(std::span<const tlog::VerifierKey> keys) const {
  auto checked = CheckExactSignatures(bytes_, keys);
  if (!checked) return Fail(std::move(checked).error().In("statement"));
  return {};
}

}  // namespace exhibit::custody
