#include "vault/bundle/told_log.h"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "vault/base/canonical.h"
#include "vault/base/encoding.h"
#include "vault/base/format.h"
#include "vault/base/text.h"
#include "vault/bundle/layout.h"
#include "vault/crypto/timestamp.h"

namespace exhibit::bundle {
namespace {

Failure Bad(std::string rule) { return Fail(ErrorCode::kInvalid, std::move(rule)); }
Failure BadLine(std::string_view line, std::string_view why) {
  return Bad(Format("has the line \"{}\", which {}", PrintableUpTo(80, line), why));
}

// The next line without its line feed; kInvalid if it has none.
Result<std::string_view> TakeLine(std::string_view& text) {
  const std::size_t end = text.find('\n');
  if (end == std::string_view::npos) return Bad("ends within a line");
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end + 1);
  return line;
}

std::optional<std::uint64_t> NumberOf(std::string_view text) {
  const auto number = FromDecimal(text);
  return number && *number <= kMaxNumber ? std::optional(*number) : std::nullopt;
}

// "= N", with what follows the number.
struct Heading {
  std::uint64_t entry = 0;
  std::string_view rest;
};
std::optional<Heading> ParseHeading(std::string_view line) {
  line.remove_prefix(2);
  const std::size_t end = std::min(line.find(' '), line.size());
  const auto entry = NumberOf(line.substr(0, end));
  if (!entry) return std::nullopt;
  return Heading{*entry, line.substr(end)};
}

// Blocks whose heading and number of lines are right.
template <typename IsRight>
Result<std::vector<ToldBlock>> Find(const LogPart& part, IsRight is_right) {
  std::vector<ToldBlock> blocks;
  std::string heading;  // of the last block
  std::uint64_t count = 0;
  const auto close = [&]() -> Result<void> {
    if (blocks.empty() || is_right(ParseHeading(heading)->rest, count)) return {};
    return BadLine(heading, "does not fit the lines that follow it");
  };
  LineReader lines(part);
  for (;;) {
    TRY(std::optional<LineReader::Line> line, lines.Next());
    if (!line) break;
    if (!line->begins.starts_with("= ")) {
      if (blocks.empty()) return BadLine(line->begins, "is in no block");
      blocks.back().lines.bytes = line->end - blocks.back().lines.offset;
      ++count;
      continue;
    }
    TRY_VOID(close());
    heading = std::move(line->begins);
    const auto begun = ParseHeading(heading);
    if (!begun || heading.size() == LineReader::kKeptBytes) return BadLine(heading, "begins no block");
    if (!blocks.empty() && begun->entry <= blocks.back().entry.value) return BadLine(heading, "is not in order");
    if (blocks.size() == kMaxBlocks) return BadLine(heading, "is one more than there can be entries");
    blocks.push_back({{begun->entry}, {line->end, 0}});
    count = 0;
  }
  TRY_VOID(close());
  return blocks;
}

}  // namespace

Result<std::vector<ToldBlock>> FindBlocks(const LogPart& part) {
  return Find(part, [](std::string_view rest, std::uint64_t) { return rest.empty(); });
}

Result<std::vector<ToldBlock>> FindFieldBlocks(const LogPart& part) {
  return Find(part, [](std::string_view rest, std::uint64_t lines) {
    const auto count = rest.starts_with(' ') ? NumberOf(rest.substr(1)) : std::nullopt;
    return count && *count == lines;
  });
}

void AppendBlock(std::string& text, tlog::Sequence entry, std::string_view lines) {
  EXHIBIT_ASSERT(lines.ends_with('\n'));
  text += Format("= {}\n", entry);
  text += lines;
}

Result<std::vector<ToldFile>> ParseFiles(std::string_view text) {
  std::vector<ToldFile> files;
  std::set<std::string_view> names;
  while (!text.empty()) {
    TRY(const std::string_view line, TakeLine(text));
    const std::size_t gap = std::min(line.find("  "), line.size());
    const auto entry = NumberOf(line.substr(0, gap));
    const std::string_view name = gap < line.size() ? line.substr(gap + 2) : std::string_view();
    const bool is_name = !name.empty() && std::ranges::all_of(name, [](char c) { return c >= 0x20 && c <= 0x7e; });
    if (!entry || !is_name) return BadLine(line, "is no position and name");
    if (!files.empty() && *entry <= files.back().entry.value) return BadLine(line, "is not in order");
    if (!names.insert(name).second) return BadLine(line, "has a name that is there twice");
    if (files.size() == kMaxBagFiles) return BadLine(line, "is one more than a bundle has files");
    files.push_back({{*entry}, std::string(name)});
  }
  return files;
}

void AppendFile(std::string& text, const ToldFile& file) { text += Format("{}  {}\n", file.entry, file.name); }

Result<std::vector<Bytes>> ParseTokens(std::string_view text) {
  std::vector<Bytes> tokens;
  while (!text.empty()) {
    TRY(const std::string_view line, TakeLine(text));
    auto token = FromBase64(line, Base64::kPadded);
    if (!token || token->empty() || token->size() > crypto::kMaxTimestampBytes) return BadLine(line, "is no token");
    tokens.push_back(std::move(*token));
    if (tokens.size() > kMaxTimestamps) return Bad(Format("has more than {} timestamps", kMaxTimestamps));
  }
  if (tokens.empty()) return Bad("has no timestamp");
  return tokens;
}

void AppendToken(std::string& text, ByteView token) {
  text += ToBase64(token, Base64::kPadded);
  text += '\n';
}

}  // namespace exhibit::bundle
