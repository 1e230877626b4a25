#include "vault/tell/items_csv.h"

#include <array>

#include "vault/base/encoding.h"
#include "vault/base/format.h"
#include "vault/base/text.h"
#include "vault/custody/entry_time.h"
#include "vault/custody/field_forms.h"
#include "vault/custody/item_facts.h"
#include "vault/custody/item_state.h"
#include "vault/tell/story.h"

namespace exhibit::tell {
namespace {

// Characters that some spreadsheet treats as the beginning of a formula, wide forms too.
constexpr std::array<std::string_view, 10> kFormulas = {"=", "+",      "-",      "@",      "|",
                                                        "%", "\uFF1D", "\uFF0B", "\uFF0D", "\uFF20"};

// A cell of a record: the column, and what it says.
using Cell = std::pair<std::string_view, std::string>;

std::string TextOr(const std::optional<std::string>& text) { return text.value_or(""); }
std::string TimeOr(const std::optional<custody::FileTime>& time) { return time ? FormatFileTime(*time) : ""; }
std::string TimeOr(const std::optional<Moment>& time) {
  return time ? FormatEntryTime(custody::EntryTimeOf(*time)) : "";
}
template <typename Digest>
std::string HexOr(const std::optional<Digest>& digest) {
  return digest ? ToHex(digest->view()) : "";
}
template <custody::HasWords Enum>
std::string WordOr(const std::optional<Enum>& value) {
  return value ? std::string(custody::ToText(*value)) : "";
}

std::string Joined(const std::vector<std::string>& texts) {
  std::string joined;
  for (const std::string& text : texts) joined += (joined.empty() ? "" : "; ") + text;
  return joined;
}

std::string ClaimsOf(const custody::ItemFacts& facts) {
  std::vector<std::string> claims;
  for (const custody::ClaimedDigest& claim : facts.claimed) {
    claims.push_back(Format("{} {} {}", custody::ToText(claim.algorithm), claim.matched ? "matched" : "DID NOT MATCH",
                            ToHex(claim.value)));
  }
  return Joined(claims);
}

std::string StateOf(const custody::ItemFacts& facts) {
  const std::vector<std::string> words = custody::NotOrdinary(facts);
  return words.empty() && facts.state ? "whole" : Joined(words);
}

std::string WithheldOf(const custody::FieldList* fields) {
  std::vector<std::string> keys;
  if (fields == nullptr) return {};
  for (const custody::FieldPlace& place : fields->places()) {
    if (!place.line && place.key.text() != custody::kPartsSeed) keys.push_back(place.key.text());
  }
  return Joined(keys);
}

// One record. A default one gives the columns.
std::vector<Cell> CellsOf(const custody::ItemFacts& facts) {
  return {{"state", StateOf(facts)},
          {"case", Joined(facts.cases)},
          {"kind", WordOr(facts.kind)},
          {"name", TextOr(facts.name)},
          {"path", TextOr(facts.path)},
          {"source", TextOr(facts.source)},
          {"description", TextOr(facts.description)},
          {"tags", Joined(facts.tags)},
          {"size", facts.size ? Format("{}", *facts.size) : ""},
          {"modified", TimeOr(facts.times.modified)},
          {"changed", TimeOr(facts.times.changed)},
          {"accessed", TimeOr(facts.times.accessed)},
          {"born", TimeOr(facts.times.born)},
          {"file_type", WordOr(facts.file_type)},
          {"link_target", TextOr(facts.link_target)},
          {"owner", TextOr(facts.system.owner)},
          {"mode", TextOr(facts.system.mode)},
          {"acquired_at", TimeOr(facts.acquired.at)},
          {"acquired_by", TextOr(facts.acquired.by)},
          {"method", TextOr(facts.acquired.method)},
          {"clock_offset_ms", facts.acquired.offset_ms ? Format("{}", *facts.acquired.offset_ms) : ""},
          {"tool", facts.tool ? facts.tool->name : ""},
          {"retain_until", TimeOr(facts.retain_until)},
          {"sha256", HexOr(facts.sha256)},
          {"sha512", HexOr(facts.sha512)},
          {"sha1", HexOr(facts.sha1)},
          {"md5", HexOr(facts.md5)},
          {"claimed", ClaimsOf(facts)}};
}

std::string Line(const std::vector<std::string>& fields) {
  std::string line;
  for (const std::string& field : fields) line += (line.empty() ? "" : ",") + CsvField(field);
  return line + "\r\n";
}

}  // namespace

std::string CsvField(std::string_view text) {
  std::string shown = Printable(text);
  for (const std::string_view beginning : kFormulas) {
    if (!shown.starts_with(beginning)) continue;
    shown.insert(0, "'");
    break;
  }
  std::string field = "\"";
  for (const char c : shown) field += c == '"' ? "\"\"" : std::string(1, c);
  return field + "\"";
}

Result<ItemsCsv> ItemsCsv::Begin(bundle::BagWriter& bag) {
  TRY(bundle::BagWriter::File file, bag.Create(std::string(bundle::kItemsFile)));
  std::vector<std::string> columns = {"entry", "type", "added", "added_by"};
  for (const Cell& cell : CellsOf({})) columns.emplace_back(cell.first);
  columns.insert(columns.end(), {"withheld", "file", "leaf_hash"});
  // By these three bytes a spreadsheet knows UTF-8; without them it shows names in the alphabet of its machine.
  constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
  TRY_VOID(file.Write(ViewOf(std::string(kByteOrderMark) + Line(columns))));
  return ItemsCsv(std::move(file));
}

Result<void> ItemsCsv::Add(const bundle::ExportedEntry& exported, const std::string& added_by) {
  const custody::Entry& entry = exported.entry.parsed();
  std::vector<std::string> record = {Format("{}", entry.sequence), WordOf(entry, exported.fields),
                                     FormatEntryTime(entry.time), added_by};
  for (Cell& cell : CellsOf(exported.facts)) record.push_back(std::move(cell.second));
  record.insert(record.end(), {WithheldOf(exported.fields), exported.file, ToHex(exported.entry.leaf().view())});
  return file_.Write(ViewOf(Line(record)));
}

}  // namespace exhibit::tell
