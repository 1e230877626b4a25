#include "vault/custody/entry.h"

#include "vault/base/encoding.h"
#include "vault/base/format.h"
#include "vault/custody/body_json.h"
#include "vault/custody/free_text.h"
#include "vault/tlog/note.h"

namespace exhibit::custody {
namespace {

Result<Entry> ReadEntry(const Fields& fields) {
  TRY(const std::uint64_t version, fields.Number("v"));
  if (version != kEntryVersion) {
    return Fail(ErrorCode::kUnsupported, Format("version {} is not known", version),
                "a newer version of exhibit may know it");
  }
  TRY(const std::string type_text, fields.Text("type"));
  TRY(const EntryType type, EntryTypeFromText(type_text));
  TRY(const std::string origin_text, fields.Text("origin"));
  TRY(tlog::Origin origin, tlog::Origin::Parse(origin_text));
  TRY(const std::uint64_t sequence, fields.Number("seq"));
  TRY(const tlog::LeafHash previous, fields.Hex<tlog::LeafHash>("prev"));
  TRY(const std::string time_text, fields.Text("time"));
  TRY(const Moment time, ParseCanonicalTime(time_text));
  TRY(std::string actor, fields.Text("actor"));
  std::optional<std::string> cosigner;
  if (fields.Has("cosigner")) {
    TRY(cosigner, fields.Text("cosigner"));
  }
  TRY(EntryBody body, ReadBody(type, fields));
  return Entry{std::move(origin), {sequence}, previous, time, std::move(actor), std::move(body), std::move(cosigner)};
}

}  // namespace

std::string EncodeEntryText(const Entry& entry) {
  Json json = {{"v", kEntryVersion},
               {"type", std::string(ToText(TypeOf(entry.body)))},
               {"origin", std::string(entry.origin.text())},
               {"seq", entry.sequence.value},
               {"prev", ToHex(entry.previous.view())},
               {"time", FormatTime(entry.time)},
               {"actor", entry.actor}};
  if (entry.cosigner) json["cosigner"] = *entry.cosigner;
  PutBody(json, entry.body);
  return json.Dump() + "\n";
}

Result<Entry> DecodeEntryText(std::string_view text) {
  if (text.size() > kMaxEntryBytes) return Fail(ErrorCode::kInvalid, "longer than 65535 bytes");
  TRY(const Json json, ParseObject(text));
  TRY(Entry entry, ReadEntry(Fields(json)));
  if (EncodeEntryText(entry) != text) {
    return Fail(ErrorCode::kInvalid,
                "not in the one form that an entry may have "
                "(unknown, repeated or reordered fields, or white space)");
  }
  return entry;
}

SignedEntry::SignedEntry(Entry entry, Bytes bytes)
    : entry_(std::move(entry)), bytes_(std::move(bytes)), leaf_(tlog::HashLeaf(bytes_)) {}

Result<SignedEntry> SignedEntry::Sign(Entry entry, const tlog::SigningKey& key, const tlog::SigningKey* cosigner,
                                      crypto::SelfCheck check) {
  EXHIBIT_ASSERT(entry.cosigner.has_value() == (cosigner != nullptr));
  EXHIBIT_ASSERT(cosigner == nullptr || *entry.cosigner == ActorOf(cosigner->verifier()));
  return SignWith(std::move(entry), key, {&cosigner, cosigner == nullptr ? std::size_t{0} : std::size_t{1}}, check);
}

Result<SignedEntry> SignedEntry::SignWith(Entry entry, const tlog::SigningKey& key,
                                          std::span<const tlog::SigningKey* const> others, crypto::SelfCheck check) {
  EXHIBIT_ASSERT(entry.actor == ActorOf(key.verifier()));
  TRY_VOID(CheckFreeTexts(FreeTextsOf(entry.body)));
  TRY(Bytes bytes, tlog::SignNote(EncodeEntryText(entry), key, check));
  for (const tlog::SigningKey* const next : others) {
    TRY(const tlog::SignedNote note, tlog::SignedNote::Parse(bytes));
    TRY(bytes, tlog::AddSignature(note, *next, check));
  }
  // Readers must accept what is signed.
  return Parse(std::move(bytes));
}

Result<SignedEntry> SignedEntry::Parse(Bytes bytes) {
  if (bytes.size() > kMaxEntryBytes) return Fail(ErrorCode::kInvalid, "longer than 65535 bytes");
  TRY(const tlog::SignedNote note, tlog::SignedNote::Parse(bytes));
  TRY(Entry entry, DecodeEntryText(note.text()));
  return SignedEntry(std::move(entry), std::move(bytes));
}

}  // namespace exhibit::custody
