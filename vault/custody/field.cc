#include "vault/custody/field.h"

#include <algorithm>
#include <set>

#include "vault/base/encoding.h"
#include "vault/base/format.h"
#include "vault/base/text.h"
#include "vault/crypto/random.h"
#include "vault/custody/free_text.h"

namespace exhibit::custody {
namespace {

constexpr std::size_t kMaxKeyBytes = 32;
constexpr std::string_view kBlanks = "  ";

Failure Bad(std::string rule) { return Fail(ErrorCode::kInvalid, "fields: " + std::move(rule)); }

Failure BadLine(std::string_view line) {
  return Bad("\"" + PrintableUpTo(80, line) + "\" is neither a field's line nor its list line");
}

// "<64 hex digits>  key"
Result<FieldPlace> ParseListLine(std::string_view line) {
  constexpr std::size_t kDigits = 2 * FieldHash::kSize;
  if (!line.ends_with('\n') || line.size() < kDigits + 4 || line.substr(kDigits, 2) != kBlanks) return BadLine(line);
  const auto hash = FixedFromHex<FieldHash>(line.substr(0, kDigits), "hash");
  auto key = FieldKey::Parse(line.substr(kDigits + 2, line.size() - kDigits - 3));
  if (!hash || !key) return BadLine(line);
  return FieldPlace{std::move(*key), *hash, std::nullopt};
}

Result<FieldPlace> ParsePlace(std::string_view line) {
  if (!line.starts_with('[')) return ParseListLine(line);
  TRY(FieldLine told, FieldLine::Parse(line));
  FieldKey key = told.key();
  const FieldHash hash = told.hash();
  return FieldPlace{std::move(key), hash, std::move(told)};
}

Result<std::pair<Salt, FieldKey>> ReadSaltAndKey(CanonicalReader& in) {
  TRY_VOID(in.Expect("["));
  TRY(const std::string_view salt_text, in.Text());
  TRY(const Salt salt, FixedFromHex<Salt>(salt_text, "salt"));
  TRY_VOID(in.Expect(","));
  TRY(const std::string_view key_text, in.Text());
  TRY(FieldKey key, FieldKey::Parse(key_text));
  TRY_VOID(in.Expect(","));
  return std::pair(salt, std::move(key));
}

}  // namespace

Result<FieldKey> FieldKey::Parse(std::string_view text) {
  const auto fits = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; };
  if (!text.empty() && text.size() <= kMaxKeyBytes && std::ranges::all_of(text, fits)) return FieldKey(text);
  return Bad("\"" + PrintableUpTo(64, text) + "\" is no key of a field: 1 to 32 of a to z, 0 to 9 and -");
}

Result<FieldLine> FieldLine::Make(const Salt& salt, FieldKey key, FieldValue value) {
  auto checked = value.Check();
  if (!checked) return Fail(std::move(checked).error().In("field " + key.text()));
  CanonicalWriter out;
  out.Raw("[");
  out.Text(ToHex(salt.view()));
  out.Raw(",");
  out.Text(key.text());
  out.Raw(",");
  Form<FieldValue>::Write(out, value);
  out.Raw("]\n");
  std::string bytes = std::move(out).Take();
  if (bytes.size() > kMaxFieldLineBytes) {
    return Bad(Format("{} has {} bytes as a line, and one may have 65,535", key.text(), bytes.size()));
  }
  return FieldLine(salt, std::move(key), std::move(value), std::move(bytes));
}

Result<FieldLine> FieldLine::Parse(std::string_view line) {
  if (line.size() > kMaxFieldLineBytes) return Bad("a line is longer than 65,535 bytes");
  CanonicalReader in(line);
  auto begin = ReadSaltAndKey(in);
  if (!begin) return BadLine(line);
  auto value = Form<FieldValue>::Read(in);
  if (!value) return Fail(std::move(value).error().In("field " + begin->second.text()));
  if (!in.Accept("]\n") || !in.AtEnd()) return BadLine(line);
  return FieldLine(begin->first, std::move(begin->second), std::move(*value), std::string(line));
}

Result<FieldList> FieldList::Of(std::vector<FieldPlace> places) {
  if (places.empty()) return Bad("there are none");
  if (places.size() > kMaxFields) return Bad(Format("there are {}, and an entry may have 256", places.size()));
  std::set<Salt> salts;
  std::size_t bytes = 0;
  for (std::size_t i = 0; i < places.size(); ++i) {
    const FieldPlace& place = places[i];
    if (i > 0 && place.key <= places[i - 1].key) {
      return Bad("the key " + place.key.text() + " is there twice, or out of order");
    }
    // A line that is withheld counts with the bytes of its list line, which are what is here.
    bytes += place.line ? place.line->bytes().size() : 2 * FieldHash::kSize + 3 + place.key.text().size();
    if (place.line && !salts.insert(place.line->salt()).second) {
      return Bad("the salt " + ToHex(place.line->salt().view()) + " is there twice");
    }
  }
  if (bytes > kMaxFieldsBytes) return Bad("they have more than 1,048,576 bytes");
  return FieldList(std::move(places));
}

Result<FieldList> FieldList::Make(std::vector<Item> items) {
  // Whoever made them, and however they came: what is sealed with an entry stays for ever.
  for (const auto& [key, value] : items) TRY_VOID(CheckNoSecret(key, value));
  std::ranges::stable_sort(items, {}, &Item::first);
  Bytes salts(items.size() * Salt::kSize);
  crypto::FillRandom(salts);
  std::vector<FieldPlace> places;
  for (std::size_t i = 0; i < items.size(); ++i) {
    const Salt salt = *Salt::From(ByteView(salts).subspan(i * Salt::kSize, Salt::kSize));
    TRY(FieldKey key, FieldKey::Parse(items[i].first));
    TRY(FieldLine line, FieldLine::Make(salt, key, std::move(items[i].second)));
    const FieldHash hash = line.hash();
    places.push_back({std::move(key), hash, std::move(line)});
  }
  return Of(std::move(places));
}

Result<FieldList> FieldList::ParseBlock(std::string_view block) {
  std::vector<FieldPlace> places;
  while (!block.empty()) {
    if (places.size() == kMaxFields) return Bad("there are more than 256");
    const std::size_t end = std::min(block.find('\n'), block.size() - 1);
    TRY(FieldPlace place, ParsePlace(block.substr(0, end + 1)));
    places.push_back(std::move(place));
    block.remove_prefix(end + 1);
  }
  return Of(std::move(places));
}

Result<FieldList> FieldList::ParseWhole(std::string_view lines) {
  TRY(FieldList list, ParseBlock(lines));
  if (list.TellsAll()) return list;
  return Bad("one is withheld where all are told");
}

const FieldValue* FieldList::Find(std::string_view key) const {
  const auto place = std::ranges::find_if(places_, [&](const FieldPlace& one) { return one.key == key; });
  return place == places_.end() || !place->line ? nullptr : &place->line->value();
}

bool FieldList::Withholds(std::string_view key) const {
  return std::ranges::any_of(places_, [&](const FieldPlace& one) { return one.key == key && !one.line; });
}
bool FieldList::TellsAll() const {
  return std::ranges::all_of(places_, [](const FieldPlace& one) { return one.line.has_value(); });
}

std::string FieldList::ListBytes() const {
  std::string list;
  for (const FieldPlace& place : places_)
    list.append(ToHex(place.hash.view())).append(kBlanks).append(place.key.text()).append("\n");
  return list;
}
FieldsDigest FieldList::digest() const { return DigestOf<FieldsDigest>(ViewOf(ListBytes())); }

std::string FieldList::Block() const {
  std::string block;
  for (const FieldPlace& place : places_) {
    if (place.line) {
      block += place.line->bytes();
    } else {
      block.append(ToHex(place.hash.view())).append(kBlanks).append(place.key.text()).append("\n");
    }
  }
  return block;
}

std::string FieldList::Lines() const {
  EXHIBIT_ASSERT(TellsAll());
  return Block();
}

FieldList FieldList::Without(const std::vector<std::string_view>& keys) const {
  FieldList list = *this;
  for (FieldPlace& place : list.places_) {
    if (std::ranges::find(keys, place.key.text()) != keys.end()) place.line.reset();
  }
  return list;
}

FieldList FieldList::WithOnly(const std::vector<std::string_view>& keys) const {
  FieldList list = *this;
  for (FieldPlace& place : list.places_) {
    if (std::ranges::find(keys, place.key.text()) == keys.end()) place.line.reset();
  }
  return list;
}

}  // namespace exhibit::custody
