#include "vault/bundle/manifest.h"

#include <algorithm>
#include <optional>

#include "vault/base/encoding.h"
#include "vault/base/format.h"
#include "vault/base/text.h"
#include "vault/bundle/layout.h"

namespace exhibit::bundle {
namespace {

constexpr std::string_view kGap = "  ";

std::size_t DigitsOf(ManifestHash hash) { return hash == ManifestHash::kSha256 ? 64 : 128; }

struct Line {
  std::string hash;
  std::string_view name;
};

// Nothing if it is not a hash and a name.
std::optional<Line> ParseLine(std::string_view line, std::size_t digits) {
  if (line.ends_with('\r')) line.remove_suffix(1);
  if (line.size() <= digits) return std::nullopt;
  Line parsed{std::string(line.substr(0, digits)), line.substr(digits)};
  for (char& c : parsed.hash) {
    if (c >= 'A' && c <= 'F') c = static_cast<char>(c - 'A' + 'a');
  }
  const std::size_t gap = parsed.name.find_first_not_of(" \t");
  if (!FromHex(parsed.hash) || gap == 0 || gap == std::string_view::npos) return std::nullopt;
  parsed.name.remove_prefix(gap);
  if (parsed.name.starts_with('*')) parsed.name.remove_prefix(1);
  if (parsed.name.find_first_not_of(" \t") != 0) return std::nullopt;
  return parsed;
}

}  // namespace

bool IsPayload(std::string_view name) { return name.starts_with("data/"); }

std::string PayloadOxum(std::uint64_t bytes, std::uint64_t files) { return Format("{}.{}", bytes, files); }

bool IsSafeName(std::string_view name) {
  const auto is_plain = [](char c) { return c >= 0x20 && c <= 0x7e && c != '\\' && c != '%' && c != ':'; };
  if (name.size() > kMaxPathBytes || !std::ranges::all_of(name, is_plain)) return false;
  for (std::size_t parts = 1; parts <= kMaxPathParts; ++parts) {
    const std::size_t slash = name.find('/');
    const std::string_view part = name.substr(0, slash);
    if (part.empty() || part == "." || part == "..") return false;
    if (slash == std::string_view::npos) return true;
    name.remove_prefix(slash + 1);
  }
  return false;
}

Result<Manifest> DecodeManifest(std::string_view text, Lists lists, ManifestHash hash) {
  const std::size_t digits = DigitsOf(hash);
  Manifest files;
  const auto wrong = [&](std::string_view why) {
    return Fail(ErrorCode::kTampered, Format("line {}: {}", files.size() + 1, why));
  };
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos) return wrong("it ends within the line: the file was cut");
    const std::optional<Line> line = ParseLine(text.substr(0, end), digits);
    text.remove_prefix(end + 1);
    if (!line) return wrong("not a hash and a name");
    if (!IsSafeName(line->name) || IsPayload(line->name) != (lists == Lists::kPayload)) {
      return wrong("a name that this manifest may not list: " + PrintableUpTo(256, line->name));
    }
    if (!files.emplace(line->name, line->hash).second)
      return wrong("a name that is listed twice: " + Printable(line->name));
    if (files.size() > kMaxBagFiles) return wrong("more files than a bundle may have");
  }
  return files;
}

void AppendManifestLine(std::string& text, std::string_view hash, std::string_view name) {
  text.append(hash).append(kGap).append(name).append("\n");
}

}  // namespace exhibit::bundle
