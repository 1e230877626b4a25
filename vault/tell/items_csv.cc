#include "vault/tell/items_csv.h"

#include <array>

#include "vault/base/encoding.h"
#include "vault/base/text.h"

namespace exhibit::tell {
namespace {

constexpr std::array kColumns = {
    "entry",         "type",        "added",  "added_by", "case",     "kind",        "name",        "path",
    "source",        "description", "tags",   "size",     "modified", "acquired_at", "acquired_by", "clock_offset_ms",
    "tool",          "method",      "sha256", "sha1",     "md5",      "claimed",     "original",    "sealed_file",
    "sealed_sha256", "leaf_hash"};

// Characters that some spreadsheet treats as the beginning of a formula, wide forms too.
constexpr std::array<std::string_view, 10> kFormulas = {"=", "+",      "-",      "@",      "|",
                                                        "%", "\uFF1D", "\uFF0B", "\uFF0D", "\uFF20"};

std::string Line(const std::vector<std::string>& fields) {
  std::string line;
  for (const std::string& field : fields) line += (line.empty() ? "" : ",") + CsvField(field);
  return line + "\r\n";
}

std::string TimeOr(const std::optional<Moment>& time) { return time ? FormatTime(*time) : ""; }

std::string Joined(const std::vector<std::string>& texts) {
  std::string joined;
  for (const std::string& text : texts) joined += (joined.empty() ? "" : "; ") + text;
  return joined;
}

std::string ClaimsOf(const seal::Metadata& metadata) {
  std::vector<std::string> claims;
  for (const seal::ClaimedDigest& claim : metadata.claimed) {
    claims.push_back(std::string(seal::ToText(claim.algorithm)) + (claim.matched ? " matched" : " DID NOT MATCH") +
                     " " + ToHex(claim.value));
  }
  return Joined(claims);
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
  TRY_VOID(file.Write(ViewOf(Line({kColumns.begin(), kColumns.end()}))));
  return ItemsCsv(std::move(file));
}

Result<void> ItemsCsv::Add(const bundle::ExportedEntry& exported) {
  const custody::Entry& entry = exported.entry.parsed();
  std::vector<std::string> fields = {std::to_string(entry.sequence.value),
                                     std::string(custody::ToText(custody::TypeOf(entry.body))), FormatTime(entry.time),
                                     entry.actor};
  if (exported.metadata != nullptr) {
    const seal::Metadata& metadata = *exported.metadata;
    std::ranges::move(
        std::vector<std::string>{
            metadata.case_number.value_or(""), std::string(seal::ToText(metadata.kind)), metadata.name,
            metadata.path.value_or(""), metadata.source.value_or(""), metadata.description.value_or(""),
            Joined(metadata.tags), std::to_string(metadata.size_bytes), TimeOr(metadata.modified),
            TimeOr(metadata.acquired_at), metadata.acquired_by.value_or(""),
            metadata.clock_offset_ms ? std::to_string(*metadata.clock_offset_ms) : "", metadata.tool.value_or(""),
            metadata.method.value_or(""), ToHex(metadata.sha256.view()),
            metadata.sha1 ? ToHex(metadata.sha1->view()) : "", metadata.md5 ? ToHex(metadata.md5->view()) : "",
            ClaimsOf(metadata), bundle::OriginalFileName(entry.sequence, metadata.name)},
        std::back_inserter(fields));
  }
  fields.resize(kColumns.size() - 3);  // sealed: nothing of the content is shown
  fields.push_back(bundle::SealedFileName(entry.sequence));
  fields.push_back(exported.sealed_sha256);
  fields.push_back(ToHex(exported.entry.leaf().view()));
  return file_.Write(ViewOf(Line(fields)));
}

}  // namespace exhibit::tell
