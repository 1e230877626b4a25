// Fields: what is told to people of an entry, sealed with it and provable one by one, as RFC 9901 discloses claims.
//
//   line   ["4ed9182375882b200daadb23cff9193f","path","share/README.txt"]\n      salt, key, value
//   list   <SHA-256 of the line, hex>  path\n      for each line, by key in byte order, each key once
//   block  for each place of the list its line or, where it is withheld, its list line
//
// The entry's `fields` is the SHA-256 of the list. A line begins with "[", a list line with a hex digit. Limits: a line has
// at most 65,535 bytes with its line feed, an entry 256 lines and 1,048,576 bytes of them.
//
// Refused: a key twice or out of order (else one entry proves A here and B there); a salt twice; a line of another form.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "vault/base/bytes.h"
#include "vault/base/error.h"
#include "vault/custody/digests.h"
#include "vault/custody/field_value.h"

namespace exhibit::custody {

inline constexpr std::size_t kMaxFieldLineBytes = 65'535;
inline constexpr std::size_t kMaxFields = 256;
inline constexpr std::size_t kMaxFieldsBytes = 1'048'576;

struct SaltTag;
using Salt = Fixed<SaltTag, 16>;
struct FieldHashTag;
using FieldHash = Fixed<FieldHashTag, 32>;  // of a line with its line feed

// [a-z0-9-]{1,32}
class FieldKey {
 public:
  static Result<FieldKey> Parse(std::string_view text);
  const std::string& text() const { return text_; }
  auto operator<=>(const FieldKey&) const = default;
  bool operator==(std::string_view text) const { return text_ == text; }

 private:
  explicit FieldKey(std::string_view text) : text_(text) {}
  std::string text_;
};

class FieldLine {
 public:
  // kInvalid for a value that may not be written, and for a line that is too long.
  static Result<FieldLine> Make(const Salt& salt, FieldKey key, FieldValue value);
  // With its line feed; the one form.
  static Result<FieldLine> Parse(std::string_view line);

  const Salt& salt() const { return salt_; }
  const FieldKey& key() const { return key_; }
  const FieldValue& value() const { return value_; }
  const std::string& bytes() const { return bytes_; }
  FieldHash hash() const { return DigestOf<FieldHash>(ViewOf(bytes_)); }

 private:
  FieldLine(const Salt& salt, FieldKey key, FieldValue value, std::string bytes)
      : salt_(salt), key_(std::move(key)), value_(std::move(value)), bytes_(std::move(bytes)) {}
  Salt salt_;
  FieldKey key_;
  FieldValue value_;
  std::string bytes_;
};

// One place of a list: a line that is told, or the hash of one that is withheld.
struct FieldPlace {
  FieldKey key;
  FieldHash hash;
  std::optional<FieldLine> line;  // nothing where it is withheld
};

class FieldList {
 public:
  using Item = std::pair<std::string, FieldValue>;  // key and value

  // Fresh salts for all of them, drawn at once. In any order. kInvalid for a key that is none or is there twice, a value
  // that may not be written or holds a secret (free_text.h), no field, and beyond the limits.
  static Result<FieldList> Make(std::vector<Item> items);
  // All lines of an entry, one after another, as a sealed file has them. kInvalid where one is withheld, too.
  static Result<FieldList> ParseWhole(std::string_view lines);
  // A block: lines and list lines.
  static Result<FieldList> ParseBlock(std::string_view block);

  const std::vector<FieldPlace>& places() const { return places_; }
  // The value that is told; null where it is withheld, or where there is no such field.
  const FieldValue* Find(std::string_view key) const;
  bool Tells(std::string_view key) const { return Find(key) != nullptr; }
  bool Withholds(std::string_view key) const;
  bool TellsAll() const;

  // The list's bytes, and what the entry calls `fields`.
  std::string ListBytes() const;
  FieldsDigest digest() const;
  // The lines alone, one after another. REQUIRES: TellsAll().
  std::string Lines() const;
  std::string Block() const;
  // The same list, of which these keys' lines are withheld, or all but these.
  FieldList Without(const std::vector<std::string_view>& keys) const;
  FieldList WithOnly(const std::vector<std::string_view>& keys) const;

 private:
  explicit FieldList(std::vector<FieldPlace> places) : places_(std::move(places)) {}
  // Checks order, salts and number.
  static Result<FieldList> Of(std::vector<FieldPlace> places);
  std::vector<FieldPlace> places_;  // never empty
};

}  // namespace exhibit::custody
