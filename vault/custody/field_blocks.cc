#include "vault/custody/field_blocks.h"

#include "vault/base/canonical.h"
#include "vault/base/encoding.h"
#include "vault/base/format.h"
#include "vault/base/text.h"
#include "vault/custody/field_forms.h"

namespace exhibit::custody {
namespace {

Failure Bad(std::string rule) { return Fail(ErrorCode::kInvalid, "fields: " + std::move(rule)); }

// "= N count"
struct Heading {
  std::uint64_t entry = 0;
  std::uint64_t count = 0;
};
Result<Heading> ParseHeading(std::string_view line) {
  const std::size_t blank = line.find(' ', 2);
  if (line.starts_with("= ") && blank != std::string_view::npos) {
    const auto entry = FromDecimal(line.substr(2, blank - 2));
    const auto count = FromDecimal(line.substr(blank + 1));
    if (entry && count && *entry <= kMaxNumber && *count >= 1 && *count <= kMaxFields) return Heading{*entry, *count};
  }
  return Bad("\"" + PrintableUpTo(80, line) + "\" does not begin a block: = N and 1 to 256 lines");
}

// As many lines, with their line feeds.
Result<std::string_view> TakeLines(std::string_view& text, std::uint64_t count) {
  std::size_t end = 0;
  for (std::uint64_t i = 0; i < count; ++i) {
    const std::size_t feed = text.find('\n', end);
    if (feed == std::string_view::npos) return Bad("a block has fewer lines than it says, or its last has no end");
    end = feed + 1;
  }
  const std::string_view lines = text.substr(0, end);
  text.remove_prefix(end);
  return lines;
}

}  // namespace

Result<std::vector<FieldBlock>> ParseFieldBlocks(std::string_view text) {
  std::vector<FieldBlock> blocks;
  while (!text.empty()) {
    TRY(const std::string_view line, TakeLines(text, 1));
    TRY(const Heading heading, ParseHeading(line.substr(0, line.size() - 1)));
    if (!blocks.empty() && heading.entry <= blocks.back().entry.value)
      return Bad("the blocks are not in order of position, each once");
    TRY(const std::string_view lines, TakeLines(text, heading.count));
    auto fields = FieldList::ParseBlock(lines);
    if (!fields) return Fail(std::move(fields).error().In(Format("entry {}", heading.entry)));
    blocks.push_back({{heading.entry}, std::move(*fields)});
  }
  return blocks;
}

std::string EncodeFieldBlock(const FieldBlock& block) {
  return Format("= {} {}\n{}", block.entry.value, block.fields.places().size(), block.fields.Block());
}

Result<void> CheckBlock(const Entry& entry, const FieldList& fields) {
  if (!entry.sealed) return Fail(ErrorCode::kTampered, "has fields, and no sealed file");
  if (fields.digest() != entry.sealed->fields)
    return Fail(ErrorCode::kTampered, "its fields are not those that it was signed with");
  TRY_VOID(CheckFieldForms(FormOf(entry.body).type, fields));
  return CheckNothingForbidden(fields);
}

}  // namespace exhibit::custody
