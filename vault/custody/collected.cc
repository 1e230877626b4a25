#include "vault/custody/collected.h"

#include "vault/base/format.h"
#include "vault/base/text.h"
#include "vault/custody/sealed_file_json.h"
#include "vault/custody/signatures.h"
#include "vault/tlog/note.h"

namespace exhibit::custody {
namespace {

constexpr std::uint64_t kVersion = 1;
constexpr std::string_view kStatement = "collected";

std::string EncodeText(const Collected& statement) {
  Json json = {{"v", kVersion},
               {"statement", std::string(kStatement)},
               {"origin", std::string(statement.origin.text())},
               {"collector", statement.of.collector},
               {"number", statement.of.number},
               {"recipient", statement.recipient.ToText()},
               {"time", FormatTime(statement.time)}};
  PutSealedFile(json, statement.sealed);
  return json.Dump() + "\n";
}

Result<Collected> Read(const Fields& fields) {
  TRY(const std::uint64_t version, fields.Number("v"));
  if (version != kVersion) {
    return Fail(ErrorCode::kUnsupported, Format("version {} is not known", version),
                "a newer version of exhibit may know it");
  }
  TRY(const std::string kind, fields.Text("statement"));
  if (kind != kStatement) {
    return Fail(ErrorCode::kInvalid, Format("\"{}\" is no statement of a collector", Printable(kind.substr(0, 64))));
  }
  TRY(const std::string origin_text, fields.Text("origin"));
  TRY(tlog::Origin origin, tlog::Origin::Parse(origin_text));
  TRY(std::string collector, fields.Line("collector", kMaxLineBytes));
  TRY(const std::uint64_t number, fields.Number("number"));
  if (number == 0) return Fail(ErrorCode::kInvalid, "\"number\": a series begins with 1");
  TRY(const std::string recipient_text, fields.Text("recipient"));
  TRY(const seal::X25519Recipient recipient, seal::X25519Recipient::Parse(recipient_text));
  TRY(const std::string time_text, fields.Text("time"));
  TRY(const Moment time, ParseCanonicalTime(time_text));
  TRY(const SealedFile sealed, ReadSealedFile(fields));
  return Collected{std::move(origin), {std::move(collector), number}, recipient, time, sealed};
}

Result<Collected> Decode(std::string_view text) {
  TRY(const Json json, ParseObject(text));
  TRY(Collected statement, Read(Fields(json)));
  if (EncodeText(statement) == text) return statement;
  return Fail(ErrorCode::kInvalid,
              "not in the one form that a statement may have "
              "(unknown, repeated or reordered fields, or white space)");
}

}  // namespace

Result<SignedCollected> SignedCollected::Sign(const Collected& statement, const tlog::SigningKey& key) {
  EXHIBIT_ASSERT(statement.of.collector == ActorOf(key.verifier()));
  TRY(Bytes bytes, tlog::SignNote(EncodeText(statement), key));
  return Parse(std::move(bytes));
}

Result<SignedCollected> SignedCollected::Parse(Bytes bytes) {
  if (bytes.size() > kMaxCollectedBytes) {
    return Fail(ErrorCode::kInvalid, Format("collector's statement: longer than {} bytes", kMaxCollectedBytes));
  }
  TRY(const tlog::SignedNote note, tlog::SignedNote::Parse(bytes));
  auto statement = Decode(note.text());
  if (!statement) return Fail(std::move(statement).error().In("collector's statement"));
  return SignedCollected(std::move(*statement), std::move(bytes));
}

Result<void> SignedCollected::CheckSignatures(std::span<const tlog::VerifierKey> keys) const {
  auto checked = CheckExactSignatures(bytes_, keys);
  if (!checked) return Fail(std::move(checked).error().In("collector's statement"));
  return {};
}

}  // namespace exhibit::custody
