#include "vault/custody/entry.h"

#include <algorithm>
#include <map>
#include <set>

#include "vault/base/format.h"
#include "vault/base/text.h"
#include "vault/tlog/note.h"

namespace exhibit::custody {
namespace {

Failure Bad(std::string rule) { return Fail(ErrorCode::kInvalid, std::move(rule)); }

// --- the own members of each type ---

struct BodyReader {
  const ActForm* form;
  Result<EntryBody> (*read)(CanonicalReader&, const tlog::Origin&);
};

// The members after `version`, which are for those who know it. They begin with a comma each.
Result<std::string> ReadRest(CanonicalReader& in) {
  const std::size_t begin = in.position();
  std::set<std::string, std::less<>> keys = {"v",   "type", "origin", "seq",      "prev",
                                             "law", "time", "actor",  "cosigner", "version"};
  while (in.Accept(",")) {
    TRY(const std::string_view key, in.Text());
    if (!keys.emplace(key).second) return Bad("has the member \"" + PrintableUpTo(64, key) + "\" twice");
    TRY_VOID(in.Expect(":"));
    TRY_VOID(in.SkipValue());
  }
  return std::string(in.Since(begin));
}

template <typename Act>
Result<EntryBody> ReadBody(CanonicalReader& in, const tlog::Origin& origin) {
  TRY(Act act, ReadMembers<Act>(in));
  if constexpr (requires { act.rest; }) {
    TRY(act.rest, ReadRest(in));
  }
  if constexpr (requires { act.CheckFormIn(origin); }) TRY_VOID(act.CheckFormIn(origin));
  return EntryBody(std::move(act));
}

const std::vector<BodyReader>& Readers() {
  static const std::vector<BodyReader> readers = [] {
    std::vector<BodyReader> all;
    AllActs::ForEach([&]<typename Act>() { all.push_back({&Act::kForm, &ReadBody<Act>}); });
    return all;
  }();
  return readers;
}

// The rows of a type: one, or one for each act.
std::span<const BodyReader> RowsOf(std::string_view type) {
  const auto& readers = Readers();
  const auto first = std::ranges::find_if(readers, [&](const BodyReader& one) { return one.form->type == type; });
  const auto last = std::find_if(first, readers.end(), [&](const BodyReader& one) { return one.form->type != type; });
  return {first, last};
}

Result<EntryBody> ReadOwnMembers(CanonicalReader& in, std::span<const BodyReader> rows, const tlog::Origin& origin) {
  if (rows.front().form->act.empty()) return rows.front().read(in, origin);
  TRY_VOID(in.ExpectMember("act"));
  TRY(const std::string_view word, in.Text());
  for (const BodyReader& row : rows) {
    if (row.form->act == word) return row.read(in, origin);
  }
  return in.Refuse("\"" + PrintableUpTo(64, word) + "\" is no act of this type");
}

// --- the frame ---

Result<void> CheckPlaces(const Entry& entry) {
  const auto* const genesis = std::get_if<Genesis>(&entry.body);
  if ((genesis != nullptr) != (entry.sequence.value == 0)) return Bad("a genesis is entry 0, and entry 0 is a genesis");
  if (genesis == nullptr) {
    return entry.law < entry.sequence ? Result<void>() : Bad("\"law\" is not the position of an earlier entry");
  }
  if (entry.previous != tlog::LeafHash() || entry.law.value != 0) return Bad("entry 0 has something before it");
  if (entry.sealed->labels.count() != genesis->label_count) return Bad("\"labels\" are not as many as \"label_count\"");
  return {};
}

Result<Entry> ReadEntry(CanonicalReader& in) {
  TRY_VOID(in.Expect("{"));
  TRY_VOID(in.ExpectMember("v"));
  TRY(const std::uint64_t version, in.Number());
  if (version != kEntryVersion) return in.Refuse(Format("version {} is not known", version));
  TRY_VOID(in.ExpectMember("type"));
  TRY(const std::string_view type, in.Text());
  const std::span<const BodyReader> rows = RowsOf(type);
  if (rows.empty()) return in.Refuse("\"" + PrintableUpTo(64, type) + "\" is no type of an entry");
  TRY_VOID(in.ExpectMember("origin"));
  TRY(tlog::Origin origin, Form<tlog::Origin>::Read(in));
  TRY_VOID(in.ExpectMember("seq"));
  TRY(const std::uint64_t sequence, in.Number());
  TRY_VOID(in.ExpectMember("prev"));
  TRY(const tlog::LeafHash previous, Form<tlog::LeafHash>::Read(in));
  TRY_VOID(in.ExpectMember("law"));
  TRY(const std::uint64_t law, in.Number());
  TRY_VOID(in.ExpectMember("time"));
  TRY(const EntryTime time, Form<EntryTime>::Read(in));
  TRY_VOID(in.ExpectMember("actor"));
  TRY(Actor actor, Form<Actor>::Read(in));
  std::optional<Actor> cosigner;
  if (in.AcceptMember("cosigner")) {
    TRY(Actor named, Form<Actor>::Read(in));
    cosigner = std::move(named);
  }
  TRY(EntryBody body, ReadOwnMembers(in, rows, origin));
  std::optional<SealedFile> sealed;
  if (HasSealedFile(body)) {
    TRY(SealedFile read, ReadMembers<SealedFile>(in));
    sealed = std::move(read);
  }
  TRY_VOID(in.Expect("}\n"));
  TRY_VOID(in.End());
  Entry entry{std::move(origin), {sequence},        previous,           {law}, time, std::move(actor),
              std::move(body),   std::move(sealed), std::move(cosigner)};
  TRY_VOID(CheckPlaces(entry));
  return entry;
}

// --- later versions ---

// The numbers of these members of an object in the one form, and whether it is of this type. Nothing for what is no such
// object.
struct Glimpse {
  std::string type;
  std::map<std::string, std::uint64_t, std::less<>> numbers;
};
Result<Glimpse> GlimpseAt(std::string_view text) {
  CanonicalReader in(text);
  Glimpse seen;
  std::set<std::string, std::less<>> keys;
  TRY_VOID(in.Expect("{"));
  while (!in.Accept("}")) {
    if (!keys.empty()) TRY_VOID(in.Expect(","));
    TRY(const std::string_view key_text, in.Text());
    const std::string key(key_text);
    if (!keys.insert(key).second) return Bad("has a member twice");
    TRY_VOID(in.Expect(":"));
    const std::size_t begin = in.position();
    TRY_VOID(in.SkipValue());
    CanonicalReader value(in.Since(begin));
    if (const auto number = value.Number(); number && value.AtEnd()) seen.numbers[key] = *number;
    if (key == "type" && in.Since(begin).starts_with('"')) seen.type = in.Since(begin);
  }
  TRY_VOID(in.Expect("\n"));
  TRY_VOID(in.End());
  return seen;
}

// What a newer genesis asks for: "the suite 3". Empty for any other text.
std::string NewerGenesis(std::string_view text) {
  const auto seen = GlimpseAt(text);
  if (!seen || seen->type != "\"genesis\"") return {};
  const auto number = [&](std::string_view key) {
    const auto found = seen->numbers.find(key);
    return found == seen->numbers.end() ? std::uint64_t{0} : found->second;
  };
  if (!seen->numbers.contains("seq") || number("seq") != 0) return {};
  if (number("v") > kEntryVersion) return Format("version {}", number("v"));
  if (number("v") != kEntryVersion) return {};
  if (number("suite") > static_cast<std::uint64_t>(Suite::kHybrid)) return Format("suite {}", number("suite"));
  if (number("pad") > 1) return Format("padding {}", number("pad"));
  return {};
}

}  // namespace

std::string EncodeEntryText(const Entry& entry) {
  CanonicalWriter out;
  const ActForm& form = FormOf(entry.body);
  const auto member = [&]<typename Value>(std::string_view name, const Value& value) {
    out.Member(name);
    Form<Value>::Write(out, value);
  };
  out.Raw("{");
  member("v", kEntryVersion);
  out.Member("type");
  out.Text(form.type);
  member("origin", entry.origin);
  member("seq", entry.sequence);
  member("prev", entry.previous);
  member("law", entry.law);
  member("time", entry.time);
  member("actor", entry.actor);
  if (entry.cosigner) member("cosigner", *entry.cosigner);
  if (!form.act.empty()) {
    out.Member("act");
    out.Text(form.act);
  }
  std::visit([&](const auto& act) { WriteMembers(out, act); }, entry.body);
  if (const auto* const upgrade = std::get_if<Upgrade>(&entry.body)) out.Raw(upgrade->rest);
  if (entry.sealed) WriteMembers(out, *entry.sealed);
  out.Raw("}\n");
  return std::move(out).Take();
}

Result<Entry> DecodeEntryText(std::string_view text) {
  if (text.size() > kMaxEntryBytes) return Bad("longer than 65,535 bytes");
  CanonicalReader in(text);
  auto entry = ReadEntry(in);
  if (entry) return entry;
  const std::string newer = NewerGenesis(text);
  if (newer.empty()) {
    // A key of an unknown kind is not of a newer version: no entry has it.
    Error refused = std::move(entry).error();
    refused.code = ErrorCode::kInvalid;
    return Fail(std::move(refused));
  }
  return Fail(ErrorCode::kUnsupported, "entry 0: the vault is of " + newer + ", which this program does not know",
              "a newer version of exhibit may know it");
}

SignedEntry::SignedEntry(Entry entry, Bytes bytes)
    : entry_(std::move(entry)), bytes_(std::move(bytes)), leaf_(tlog::HashLeaf(bytes_)) {}

Result<SignedEntry> SignedEntry::Sign(const Entry& entry, const tlog::SigningKey& key, const tlog::SigningKey* cosigner,
                                      crypto::SelfCheck check) {
  EXHIBIT_ASSERT(entry.cosigner.has_value() == (cosigner != nullptr));
  EXHIBIT_ASSERT(cosigner == nullptr || *entry.cosigner == ActorOf(cosigner->verifier()));
  return SignWith(entry, key, {&cosigner, cosigner == nullptr ? std::size_t{0} : std::size_t{1}}, check);
}

Result<SignedEntry> SignedEntry::SignWith(const Entry& entry, const tlog::SigningKey& key,
                                          std::span<const tlog::SigningKey* const> others, crypto::SelfCheck check) {
  EXHIBIT_ASSERT(entry.actor == ActorOf(key.verifier()));
  TRY(Bytes bytes, tlog::SignNote(EncodeEntryText(entry), key, check));
  for (const tlog::SigningKey* const next : others) {
    TRY(const tlog::SignedNote note, tlog::SignedNote::Parse(bytes));
    TRY(bytes, tlog::AddSignature(note, *next, check));
  }
  // Readers must accept what is signed.
  return Parse(std::move(bytes));
}

Result<SignedEntry> SignedEntry::Parse(Bytes bytes) {
  if (bytes.size() > kMaxEntryBytes) return Bad("longer than 65,535 bytes");
  TRY(const tlog::SignedNote note, tlog::SignedNote::Parse(bytes));
  TRY(Entry entry, DecodeEntryText(note.text()));
  const std::size_t wanted = 1 + (entry.cosigner ? std::size_t{1} : 0) + MoreSignatures(entry.body);
  if (note.signatures().size() != wanted) {
    return Bad(Format("has {} signatures instead of {}", note.signatures().size(), wanted));
  }
  return SignedEntry(std::move(entry), std::move(bytes));
}

Result<tlog::Sequence> ReadNewerSequence(ByteView bytes) {
  if (bytes.size() > kMaxEntryBytes) return Bad("longer than 65,535 bytes");
  TRY(const tlog::SignedNote note, tlog::SignedNote::Parse(bytes));
  TRY(const Glimpse seen, GlimpseAt(note.text()));
  const auto found = seen.numbers.find("seq");
  if (found == seen.numbers.end()) return Bad("has no position");
  return tlog::Sequence{found->second};
}

}  // namespace exhibit::custody
