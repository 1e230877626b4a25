#include "vault/custody/entry.h"

#include <nlohmann/json.hpp>

#include "vault/base/encoding.h"
#include "vault/base/json_shape.h"
#include "vault/base/text.h"

namespace exhibit::custody {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kMaxNameBytes = 256;
constexpr JsonLimits kJsonLimits{.levels = 8, .members = 64};  // more than any entry has

// --- writing ---

Json JsonOf(const SealedFile& sealed) {
  return {{"bytes", sealed.payload_bytes},
          {"tail", sealed.tail_bytes},
          {"root", ToHex(sealed.payload_root.view())}};
}

void PutSealedFile(Json& json, const SealedFile& sealed) {
  json["header"] = ToHex(sealed.header.view());
  json["payload"] = JsonOf(sealed);
}

void PutBody(Json& json, const Genesis& genesis) {
  Json roles = Json::array();
  for (const Role role : genesis.custodian.roles) roles.push_back(std::string(ToText(role)));
  json["recipient"] = genesis.recipient.ToText();
  json["log"] = genesis.log_key.ToText();
  json["custodian"] = {{"name", genesis.custodian.name},
                       {"key", genesis.custodian.key.ToText()},
                       {"roles", std::move(roles)}};
}
void PutBody(Json& json, const Item& item) { PutSealedFile(json, item.sealed); }
void PutBody(Json& json, const Omission& omission) {
  json["count"] = omission.count;
  PutSealedFile(json, omission.sealed);
}

// --- reading: each field by name and type; what is left over shows when the entry is encoded again ---

class Fields {
 public:
  explicit Fields(const Json& json) : json_(json) {}

  Result<std::string> Text(const char* name) const {
    const Json* const value = Find(name);
    if (value == nullptr || !value->is_string()) return Fail(Wrong(name, "a string"));
    return value->get<std::string>();
  }
  Result<std::uint64_t> Number(const char* name) const {
    const Json* const value = Find(name);
    if (value == nullptr || !value->is_number_unsigned()) return Fail(Wrong(name, "a whole number"));
    return value->get<std::uint64_t>();
  }
  Result<Fields> Object(const char* name) const {
    const Json* const value = Find(name);
    if (value == nullptr || !value->is_object()) return Fail(Wrong(name, "an object"));
    return Fields(*value);
  }
  Result<std::vector<std::string>> Texts(const char* name) const {
    const Json* const value = Find(name);
    if (value == nullptr || !value->is_array()) return Fail(Wrong(name, "a list"));
    std::vector<std::string> texts;
    for (const Json& element : *value) {
      if (!element.is_string()) return Fail(Wrong(name, "a list of strings"));
      texts.push_back(element.get<std::string>());
    }
    return texts;
  }
  template <typename Value>
  Result<Value> Hex(const char* name) const {
    TRY(const std::string text, Text(name));
    return FixedFromHex<Value>(text, "\"" + std::string(name) + "\"");
  }

 private:
  const Json* Find(const char* name) const {
    const auto found = json_.find(name);
    return found == json_.end() ? nullptr : &*found;
  }
  static Error Wrong(const char* name, std::string_view expected) {
    return {ErrorCode::kInvalid, "\"" + std::string(name) + "\" is not " + std::string(expected), {}};
  }
  const Json& json_;
};

Result<SealedFile> ReadSealedFile(const Fields& fields) {
  SealedFile sealed;
  TRY(sealed.header, fields.Hex<HeaderDigest>("header"));
  TRY(const Fields payload, fields.Object("payload"));
  TRY(sealed.payload_bytes, payload.Number("bytes"));
  TRY(sealed.tail_bytes, payload.Number("tail"));
  TRY(sealed.payload_root, payload.Hex<tlog::RootHash>("root"));
  // Whether the two sizes make a layout is checked here, so that nobody behind has to ask again.
  TRY_VOID(seal::PayloadLayout::Create(sealed.payload_bytes, sealed.tail_bytes));
  return sealed;
}

Result<Custodian> ReadCustodian(const Fields& fields) {
  TRY(std::string name, fields.Text("name"));
  if (name.empty() || name.size() > kMaxNameBytes || HasControl(name)) {
    return Fail(ErrorCode::kInvalid, "\"name\" is not 1 to 256 bytes without control characters");
  }
  TRY(const std::string key_text, fields.Text("key"));
  TRY(tlog::VerifierKey key, tlog::VerifierKey::Parse(key_text));
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
  return Custodian{std::move(name), std::move(key), std::move(roles)};
}

Result<EntryBody> ReadBody(EntryType type, const Fields& fields) {
  switch (type) {
    case EntryType::kGenesis: {
      TRY(const std::string recipient_text, fields.Text("recipient"));
      TRY(const seal::X25519Recipient recipient, seal::X25519Recipient::Parse(recipient_text));
      TRY(const std::string log_text, fields.Text("log"));
      TRY(tlog::VerifierKey log_key, tlog::VerifierKey::Parse(log_text));
      TRY(const Fields custodian_fields, fields.Object("custodian"));
      TRY(Custodian custodian, ReadCustodian(custodian_fields));
      return Genesis{recipient, std::move(log_key), std::move(custodian)};
    }
    case EntryType::kItem: {
      TRY(const SealedFile sealed, ReadSealedFile(fields));
      return Item{sealed};
    }
    case EntryType::kOmission: {
      Omission omission;
      TRY(omission.count, fields.Number("count"));
      TRY(omission.sealed, ReadSealedFile(fields));
      return omission;
    }
  }
  InternalError("an entry type has no reader", __FILE__, __LINE__);
}

Result<Entry> ReadEntry(const Fields& fields) {
  TRY(const std::uint64_t version, fields.Number("v"));
  if (version != kEntryVersion) {
    return Fail(ErrorCode::kUnsupported, "version " + std::to_string(version) + " is not known",
                "a newer version of exhibit may know it");
  }
  TRY(const std::string type_text, fields.Text("type"));
  TRY(const EntryType type, EntryTypeFromText(type_text));
  TRY(const std::string origin_text, fields.Text("origin"));
  TRY(tlog::Origin origin, tlog::Origin::Parse(origin_text));
  TRY(const std::uint64_t sequence, fields.Number("seq"));
  TRY(const tlog::LeafHash previous, fields.Hex<tlog::LeafHash>("prev"));
  TRY(const std::string time_text, fields.Text("time"));
  TRY(const Timestamp time, ParseCanonicalTime(time_text));
  TRY(std::string actor, fields.Text("actor"));
  TRY(EntryBody body, ReadBody(type, fields));
  return Entry{std::move(origin), {sequence},       previous,
               time,              std::move(actor), std::move(body)};
}

}  // namespace

HeaderDigest DigestOfHeader(ByteView age_header) {
  return *HeaderDigest::From(crypto::Sha256(age_header).view());
}

EntryType TypeOf(const EntryBody& body) {
  if (std::holds_alternative<Genesis>(body)) return EntryType::kGenesis;
  if (std::holds_alternative<Item>(body)) return EntryType::kItem;
  return EntryType::kOmission;
}

const SealedFile* SealedFileOf(const EntryBody& body) {
  if (const auto* const item = std::get_if<Item>(&body)) return &item->sealed;
  if (const auto* const omission = std::get_if<Omission>(&body)) return &omission->sealed;
  return nullptr;
}

std::string ActorOf(const tlog::VerifierKey& key) {
  return std::string(key.name().text()) + "+" + ToHex(key.id().view());
}

std::string EncodeEntryText(const Entry& entry) {
  Json json = {{"v", kEntryVersion},
               {"type", std::string(ToText(TypeOf(entry.body)))},
               {"origin", std::string(entry.origin.text())},
               {"seq", entry.sequence.value},
               {"prev", ToHex(entry.previous.view())},
               {"time", FormatTime(entry.time)},
               {"actor", entry.actor}};
  std::visit([&](const auto& body) { PutBody(json, body); }, entry.body);
  // Replacing instead of throwing on bad UTF-8: what was parsed is valid, and what differs after all
  // is found by the comparison in DecodeEntryText.
  return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

Result<Entry> DecodeEntryText(std::string_view text) {
  if (text.size() > kMaxEntryBytes) return Fail(ErrorCode::kInvalid, "longer than 65535 bytes");
  TRY_VOID(CheckJsonShape(text, kJsonLimits));
  const Json json = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (json.is_discarded() || !json.is_object()) return Fail(ErrorCode::kInvalid, "not a JSON object");
  TRY(Entry entry, ReadEntry(Fields(json)));
  if (EncodeEntryText(entry) != text) {
    return Fail(ErrorCode::kInvalid, "not in the one form that an entry may have "
                                     "(unknown, repeated or reordered fields, or white space)");
  }
  return entry;
}

SignedEntry::SignedEntry(Entry entry, Bytes bytes)
    : entry_(std::move(entry)), bytes_(std::move(bytes)), leaf_(tlog::HashLeaf(bytes_)) {}

Result<SignedEntry> SignedEntry::Sign(Entry entry, const tlog::SigningKey& key) {
  EXHIBIT_ASSERT(entry.actor == ActorOf(key.verifier()));
  TRY(Bytes bytes, tlog::SignNote(EncodeEntryText(entry), key));
  // What is signed must be what a reader will accept.
  return Parse(std::move(bytes));
}

Result<SignedEntry> SignedEntry::Parse(Bytes bytes) {
  if (bytes.size() > kMaxEntryBytes) return Fail(ErrorCode::kInvalid, "longer than 65535 bytes");
  TRY(const tlog::Note note, tlog::Note::Parse(bytes));
  TRY(Entry entry, DecodeEntryText(note.text()));
  return SignedEntry(std::move(entry), std::move(bytes));
}

Result<void> SignedEntry::CheckSignature(const tlog::VerifierKey& key) const {
  TRY(const tlog::Note note, tlog::Note::Parse(bytes_));
  if (note.signatures().size() != 1) {
    return Fail(ErrorCode::kTampered,
                "carries " + std::to_string(note.signatures().size()) + " signatures instead of one");
  }
  const auto verified = tlog::VerifyNote(note, std::span(&key, 1));
  if (!verified) {
    return Fail(ErrorCode::kTampered, "signature by " + ActorOf(key) + ": " + verified.error().message);
  }
  return {};
}

}  // namespace exhibit::custody
