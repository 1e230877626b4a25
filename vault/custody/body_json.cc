#include "vault/custody/body_json.h"

#include <array>
#include <set>
#include <utility>

#include "vault/base/clock.h"
#include "vault/base/format.h"
#include "vault/base/text.h"
#include "vault/crypto/timestamp.h"
#include "vault/custody/sealed_file_json.h"

namespace exhibit::custody {
namespace {

// --- words ---

template <typename Value, std::size_t N>
using Words = std::array<std::pair<Value, std::string_view>, N>;

constexpr Words<Access::Way, 3> kWays = {
    {{Access::Way::kRead, "read"}, {Access::Way::kExport, "export"}, {Access::Way::kExportFailed, "export-failed"}}};
constexpr Words<Transfer::Outcome, 3> kOutcomes = {{{Transfer::Outcome::kAccepted, "accepted"},
                                                    {Transfer::Outcome::kRefused, "refused"},
                                                    {Transfer::Outcome::kAbandoned, "abandoned"}}};

template <typename Value, std::size_t N>
std::string WordOf(const Words<Value, N>& words, Value value) {
  for (const auto& [known, word] : words) {
    if (known == value) return std::string(word);
  }
  InternalError("a value has no word", __FILE__, __LINE__);
}

Failure Unknown(const char* name, std::string_view word) {
  return Fail(ErrorCode::kUnsupported, Format("unknown \"{}\": \"{}\"", name, Printable(word.substr(0, 64))),
              "a newer version of exhibit may know it");
}

template <typename Value, std::size_t N>
Result<Value> ReadWord(const Fields& fields, const char* name, const Words<Value, N>& words) {
  TRY(const std::string text, fields.Text(name));
  for (const auto& [value, word] : words) {
    if (word == text) return value;
  }
  return Unknown(name, text);
}

// --- writing ---

Json JsonOf(const Custodian& custodian) {
  Json roles = Json::List();
  for (const Role role : custodian.roles) roles.push_back(std::string(ToText(role)));
  Json json = {{"name", custodian.name}, {"key", custodian.key.ToText()}, {"roles", std::move(roles)}};
  if (custodian.organisation) json["organisation"] = *custodian.organisation;
  if (custodian.contact) json["contact"] = *custodian.contact;
  return json;
}

Json JsonOf(const std::vector<Reader>& readers) {
  Json list = Json::List();
  for (const Reader& reader : readers) {
    Json json = {{"recipient", reader.recipient.ToText()}};
    if (reader.name) json["name"] = *reader.name;
    list.push_back(std::move(json));
  }
  return list;
}

void Put(Json& json, const Genesis& genesis) {
  json["recipient"] = genesis.recipient.ToText();
  if (!genesis.readers.empty()) json["readers"] = JsonOf(genesis.readers);
  json["log"] = genesis.log_key.ToText();
  json["custodian"] = JsonOf(genesis.custodian);
}
void Put(Json& json, const Item& item) {
  PutSealedFile(json, item.sealed);
  if (item.collected) json["collected"] = std::string(TextOf(item.collected->bytes()));
}
void Put(Json& json, const Omission& omission) {
  json["count"] = omission.count;
  PutSealedFile(json, omission.sealed);
}
void Put(Json& json, const Note& note) {
  json["items"] = note.items.ToText();
  PutSealedFile(json, note.sealed);
}
void Put(Json& json, const Admit& admit) {
  json["act"] = std::string(ToText(Act::kAdmit));
  json["custodian"] = JsonOf(admit.custodian);
}
void PutCompromised(Json& json, const std::optional<Moment>& since) {
  if (since) json["compromised_since"] = FormatTime(*since);
}
void Put(Json& json, const Retire& retire) {
  json["act"] = std::string(ToText(Act::kRetire));
  json["key"] = retire.key;
  json["reason"] = retire.reason;
  PutCompromised(json, retire.compromised_since);
}
void Put(Json& json, const Rotate& rotate) {
  json["act"] = std::string(ToText(Act::kRotate));
  json["key"] = rotate.key.ToText();
}
void Put(Json& json, const Rule& rule) {
  Json two = Json::List();
  for (const EntryType type : rule.needs_two) two.push_back(std::string(ToText(type)));
  json["two"] = std::move(two);
}
void PutReasoned(Json& json, const std::string& authority, const std::string& reason) {
  json["authority"] = authority;
  json["reason"] = reason;
}
void Put(Json& json, const Hold& hold) {
  json["items"] = hold.items.ToText();
  PutReasoned(json, hold.authority, hold.reason);
}
void Put(Json& json, const Release& release) {
  json["items"] = release.items.ToText();
  PutReasoned(json, release.authority, release.reason);
}
void Put(Json& json, const Shred& shred) {
  json["item"] = shred.item.value;
  PutReasoned(json, shred.authority, shred.reason);
}
void Put(Json& json, const Access& access) {
  json["act"] = WordOf(kWays, access.way);
  json["items"] = access.items.ToText();
  json["purpose"] = access.purpose;
  if (!access.recipients.empty()) json["recipients"] = access.recipients;
}
void Put(Json& json, const Transfer& transfer) {
  json["outcome"] = WordOf(kOutcomes, transfer.outcome);
  json["statement"] = std::string(TextOf(transfer.statement.bytes()));
}

void Put(Json& json, const Timestamped& body) {
  if (const auto* const checkpoint = std::get_if<NotedCheckpoint>(&body.stamped)) {
    json["checkpoint"] = std::string(TextOf(checkpoint->note()));
  } else {
    json["renews"] = std::get<tlog::Sequence>(body.stamped).value;
  }
  json["token"] = ToBase64(body.token, Base64::kPadded);
}
void Put(Json& json, const Recovery& recovery) {
  json["lost"] = std::string(TextOf(recovery.lost.note()));
  json["reason"] = recovery.reason;
}
void Put(Json& json, const RotateLog& rotate) {
  json["log"] = rotate.key.ToText();
  PutCompromised(json, rotate.compromised_since);
}
void Put(Json& json, const ReaderChange& change) {
  json["readers"] = JsonOf(change.readers);
  json["key_file"] = ToHex(change.key_file.view());
}
void Put(Json& json, const Reseal& reseal) {
  json["recipient"] = reseal.recipient.ToText();
  if (reseal.key_file) json["key_file"] = ToHex(reseal.key_file->view());
  if (!reseal.items) return;
  Bytes digests;
  for (const HeaderDigest& digest : reseal.headers) Append(digests, digest.view());
  json["items"] = reseal.items->ToText();
  json["headers"] = ToBase64(digests, Base64::kPadded);
}

void Put(Json& json, const Received& received) { json["receipt"] = std::string(TextOf(received.receipt.bytes())); }
void Put(Json& json, const CaseRecord& record) { PutSealedFile(json, record.sealed); }

// --- reading ---

Result<ItemSet> ReadItems(const Fields& fields) {
  TRY(const std::string text, fields.Text("items"));
  return ItemSet::Parse(text);
}

Result<std::vector<Role>> ReadRoles(const Fields& fields) {
  TRY(const std::vector<std::string> words, fields.Texts("roles"));
  std::vector<Role> roles;
  for (const std::string& word : words) {
    TRY(const Role role, RoleFromText(word));
    if (!roles.empty() && role <= roles.back()) {
      return Fail(ErrorCode::kInvalid, "\"roles\" are not in order, each once");
    }
    roles.push_back(role);
  }
  if (roles.empty()) return Fail(ErrorCode::kInvalid, "\"roles\" is empty");
  return roles;
}

Result<Custodian> ReadCustodian(const Fields& entry) {
  TRY(const Fields fields, entry.Object("custodian"));
  TRY(std::string name, fields.Line("name", kMaxNameBytes));
  TRY(const std::string key_text, fields.Text("key"));
  TRY(tlog::VerifierKey key, tlog::VerifierKey::Parse(key_text));
  TRY(std::vector<Role> roles, ReadRoles(fields));
  TRY(auto organisation, fields.OptionalLine("organisation", kMaxNameBytes));
  TRY(auto contact, fields.OptionalLine("contact", kMaxNameBytes));
  return Custodian{std::move(name), std::move(key), std::move(roles), std::move(organisation), std::move(contact)};
}

Result<seal::X25519Recipient> ReadRecipient(const Fields& fields) {
  TRY(const std::string text, fields.Text("recipient"));
  return seal::X25519Recipient::Parse(text);
}

Result<std::vector<Reader>> ReadReaders(const Fields& fields) {
  TRY(const std::vector<Fields> objects, fields.Objects("readers"));
  if (objects.empty() || objects.size() > kMaxReaders) {
    return Fail(ErrorCode::kInvalid, Format("\"readers\" are not 1 to {}", kMaxReaders));
  }
  std::vector<Reader> readers;
  std::set<seal::X25519Recipient> each;
  for (const Fields& object : objects) {
    TRY(const seal::X25519Recipient recipient, ReadRecipient(object));
    TRY(auto name, object.OptionalLine("name", kMaxNameBytes));
    if (!each.insert(recipient).second) return Fail(ErrorCode::kInvalid, "\"readers\" has one of them twice");
    readers.push_back({recipient, std::move(name)});
  }
  return readers;
}

Result<EntryBody> ReadGenesis(const Fields& fields) {
  TRY(const seal::X25519Recipient recipient, ReadRecipient(fields));
  std::vector<Reader> readers;
  if (fields.Has("readers")) {
    TRY(readers, ReadReaders(fields));
  }
  TRY(const std::string log_text, fields.Text("log"));
  TRY(tlog::VerifierKey log_key, tlog::VerifierKey::Parse(log_text));
  TRY(Custodian custodian, ReadCustodian(fields));
  return Genesis{recipient, std::move(log_key), std::move(custodian), std::move(readers)};
}

Result<EntryBody> ReadItem(const Fields& fields) {
  Item item;
  TRY(item.sealed, ReadSealedFile(fields));
  if (fields.Has("collected")) {
    TRY(const std::string note, fields.Text("collected"));
    TRY(item.collected, SignedCollected::Parse(ToBytes(ViewOf(note))));
  }
  return item;
}

Result<EntryBody> ReadOmission(const Fields& fields) {
  Omission omission;
  TRY(omission.count, fields.Number("count"));
  if (omission.count == 0) return Fail(ErrorCode::kInvalid, "\"count\": nothing was omitted");
  TRY(omission.sealed, ReadSealedFile(fields));
  return omission;
}

Result<std::optional<Moment>> ReadCompromised(const Fields& fields) {
  if (!fields.Has("compromised_since")) return std::optional<Moment>();
  TRY(const std::string text, fields.Text("compromised_since"));
  auto since = ParseCanonicalTime(text);
  if (!since) return Fail(std::move(since).error().In("\"compromised_since\""));
  return std::optional(*since);
}

Result<EntryBody> ReadCustodianAct(const Fields& fields) {
  TRY(const std::string word, fields.Text("act"));
  if (word == ToText(Act::kAdmit)) {
    TRY(Custodian custodian, ReadCustodian(fields));
    return Admit{std::move(custodian)};
  }
  if (word == ToText(Act::kRetire)) {
    TRY(std::string key, fields.Line("key", kMaxLineBytes));
    TRY(std::string reason, fields.Line("reason", kMaxLineBytes));
    TRY(const std::optional<Moment> since, ReadCompromised(fields));
    return Retire{std::move(key), std::move(reason), since};
  }
  if (word == ToText(Act::kRotate)) {
    TRY(const std::string key_text, fields.Text("key"));
    TRY(tlog::VerifierKey key, tlog::VerifierKey::Parse(key_text));
    return Rotate{std::move(key)};
  }
  return Unknown("act", word);
}

Result<EntryBody> ReadTransfer(const Fields& fields) {
  TRY(const Transfer::Outcome outcome, ReadWord(fields, "outcome", kOutcomes));
  TRY(const std::string note, fields.Text("statement"));
  TRY(SignedStatement statement, SignedStatement::Parse(ToBytes(ViewOf(note))));
  return Transfer{outcome, std::move(statement)};
}

Result<EntryBody> ReadAccess(const Fields& fields) {
  TRY(const Access::Way way, ReadWord(fields, "act", kWays));
  TRY(ItemSet items, ReadItems(fields));
  TRY(std::string purpose, fields.Line("purpose", kMaxLineBytes));
  std::vector<std::string> recipients;
  if (fields.Has("recipients")) {
    if (way != Access::Way::kExport) return Fail(ErrorCode::kInvalid, "\"recipients\" of what is no export");
    TRY(recipients, fields.Texts("recipients"));
    for (const std::string& recipient : recipients) TRY_VOID(CheckLine("recipients", recipient, kMaxNameBytes));
  }
  return Access{way, std::move(items), std::move(purpose), std::move(recipients)};
}

Result<EntryBody> ReadReceipt(const Fields& fields) {
  TRY(const std::string note, fields.Text("receipt"));
  TRY(SignedReceipt receipt, SignedReceipt::Parse(ToBytes(ViewOf(note))));
  return Received{std::move(receipt)};
}

Result<EntryBody> ReadCase(const Fields& fields) {
  TRY(const SealedFile sealed, ReadSealedFile(fields));
  return CaseRecord{sealed};
}

Result<EntryBody> ReadNote(const Fields& fields) {
  TRY(ItemSet items, ReadItems(fields));
  TRY(const SealedFile sealed, ReadSealedFile(fields));
  return Note{std::move(items), sealed};
}

template <typename Body>  // Hold or Release, which say the same of items
Result<EntryBody> ReadReasoned(const Fields& fields) {
  TRY(ItemSet items, ReadItems(fields));
  TRY(std::string authority, fields.Line("authority", kMaxLineBytes));
  TRY(std::string reason, fields.Line("reason", kMaxLineBytes));
  return Body{std::move(items), std::move(authority), std::move(reason)};
}

Result<EntryBody> ReadShred(const Fields& fields) {
  TRY(const std::uint64_t item, fields.Number("item"));
  if (item == 0) return Fail(ErrorCode::kInvalid, "\"item\": entry 0 is the genesis");
  TRY(std::string authority, fields.Line("authority", kMaxLineBytes));
  TRY(std::string reason, fields.Line("reason", kMaxLineBytes));
  return Shred{{item}, std::move(authority), std::move(reason)};
}

Result<EntryBody> ReadTimestamp(const Fields& fields) {
  TRY(const std::string token_text, fields.Text("token"));
  TRY(Bytes token, FromBase64(token_text, Base64::kPadded));
  TRY(const auto parsed, crypto::TimestampToken::Parse(token));
  if (!Equal(parsed.der(), token)) return Fail(ErrorCode::kInvalid, "\"token\" is an answer and not the token in it");
  if (fields.Has("renews")) {
    TRY(const std::uint64_t renews, fields.Number("renews"));
    return Timestamped{tlog::Sequence{renews}, std::move(token)};
  }
  TRY(const std::string note, fields.Text("checkpoint"));
  TRY(NotedCheckpoint checkpoint, NotedCheckpoint::ParseWithLogSignatureOnly(ToBytes(ViewOf(note))));
  return Timestamped{std::move(checkpoint), std::move(token)};
}

Result<EntryBody> ReadRecovery(const Fields& fields) {
  TRY(const std::string note, fields.Text("lost"));
  TRY(NotedCheckpoint lost, NotedCheckpoint::Parse(ToBytes(ViewOf(note))));
  TRY(std::string reason, fields.Line("reason", kMaxLineBytes));
  return Recovery{std::move(lost), std::move(reason)};
}

Result<EntryBody> ReadLogKey(const Fields& fields) {
  TRY(const std::string text, fields.Text("log"));
  TRY(tlog::VerifierKey key, tlog::VerifierKey::Parse(text));
  TRY(const std::optional<Moment> since, ReadCompromised(fields));
  return RotateLog{std::move(key), since};
}

Result<EntryBody> ReadReaderChange(const Fields& fields) {
  TRY(std::vector<Reader> readers, ReadReaders(fields));
  TRY(const auto key_file, fields.Hex<crypto::Sha256Digest>("key_file"));
  return ReaderChange{std::move(readers), key_file};
}

Result<std::vector<HeaderDigest>> ReadHeaderDigests(const Fields& fields, std::uint64_t count) {
  if (count > Reseal::kMaxItems) {
    return Fail(ErrorCode::kInvalid, Format("\"items\": more than {} of them", Reseal::kMaxItems));
  }
  TRY(const std::string text, fields.Text("headers"));
  TRY(const Bytes bytes, FromBase64(text, Base64::kPadded));
  if (bytes.size() != count * HeaderDigest::kSize) {
    return Fail(ErrorCode::kInvalid, "\"headers\" has not 32 bytes for each item");
  }
  std::vector<HeaderDigest> digests;
  for (ByteView rest = bytes; !rest.empty(); rest = rest.subspan(HeaderDigest::kSize)) {
    digests.push_back(*HeaderDigest::From(rest.first(HeaderDigest::kSize)));
  }
  return digests;
}

Result<EntryBody> ReadReseal(const Fields& fields) {
  TRY(const seal::X25519Recipient recipient, ReadRecipient(fields));
  Reseal reseal{recipient};
  if (fields.Has("key_file")) {
    TRY(reseal.key_file, fields.Hex<crypto::Sha256Digest>("key_file"));
  }
  if (fields.Has("items")) {
    TRY(reseal.items, ReadItems(fields));
    TRY(reseal.headers, ReadHeaderDigests(fields, reseal.items->count()));
  }
  if (!reseal.key_file && !reseal.items) return Fail(ErrorCode::kInvalid, "neither \"key_file\" nor \"items\"");
  return reseal;
}

Result<EntryBody> ReadRule(const Fields& fields) {
  TRY(const std::vector<std::string> words, fields.Texts("two"));
  Rule rule;
  for (const std::string& word : words) {
    TRY(const EntryType type, EntryTypeFromText(word));
    if (!CanBeRuled(type)) {
      return Fail(ErrorCode::kInvalid, "\"two\": no rule can ask two custodians for an entry of type " + word,
                  "it can for custodian, release, shred, reader and reseal");
    }
    if (!rule.needs_two.empty() && type <= rule.needs_two.back()) {
      return Fail(ErrorCode::kInvalid, "\"two\" is not in order, each once");
    }
    rule.needs_two.push_back(type);
  }
  return rule;
}

}  // namespace

void PutBody(Json& json, const EntryBody& body) {
  std::visit([&](const auto& one) { Put(json, one); }, body);
}

Result<EntryBody> ReadBody(EntryType type, const Fields& fields) {
  switch (type) {
    case EntryType::kGenesis: return ReadGenesis(fields);
    case EntryType::kItem: return ReadItem(fields);
    case EntryType::kOmission: return ReadOmission(fields);
    case EntryType::kCustodian: return ReadCustodianAct(fields);
    case EntryType::kTransfer: return ReadTransfer(fields);
    case EntryType::kAccess: return ReadAccess(fields);
    case EntryType::kNote: return ReadNote(fields);
    case EntryType::kHold: return ReadReasoned<Hold>(fields);
    case EntryType::kRelease: return ReadReasoned<Release>(fields);
    case EntryType::kShred: return ReadShred(fields);
    case EntryType::kRule: return ReadRule(fields);
    case EntryType::kTimestamp: return ReadTimestamp(fields);
    case EntryType::kRecovery: return ReadRecovery(fields);
    case EntryType::kLogKey: return ReadLogKey(fields);
    case EntryType::kReader: return ReadReaderChange(fields);
    case EntryType::kReseal: return ReadReseal(fields);
    case EntryType::kReceipt: return ReadReceipt(fields);
    case EntryType::kCase: return ReadCase(fields);
  }
  InternalError("an entry type has no reader", __FILE__, __LINE__);
}

}  // namespace exhibit::custody
