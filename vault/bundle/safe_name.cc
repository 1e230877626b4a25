#include "vault/bundle/safe_name.h"

#include <algorithm>
#include <array>
#include <vector>

#include "vault/base/bytes.h"
#include "vault/base/format.h"
#include "vault/bundle/layout.h"

namespace exhibit::bundle {
namespace {

constexpr std::size_t kMaxPartBytes = 200;

enum class PartOf : bool { kSource, kPath };

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsPlain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || IsDigit(c) || c == '.' || c == '_' || c == '-';
}
char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }
std::string Lower(std::string_view text) {
  std::string lower(text);
  std::ranges::transform(lower, lower.begin(), [](char c) { return Lower(c); });
  return lower;
}

std::string Escaped(char c) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  const auto byte = static_cast<unsigned char>(c);
  return {'=', kDigits[byte >> 4], kDigits[byte & 15]};
}

// Windows opens a device under these names, whatever follows the first dot.
bool IsDevice(std::string_view part) {
  std::string_view name = part.substr(0, part.find('.'));
  while (name.ends_with(' ')) name.remove_suffix(1);
  const std::string lower = Lower(name);
  if (lower == "con" || lower == "prn" || lower == "aux" || lower == "nul") return true;
  return lower.size() == 4 && (lower.starts_with("com") || lower.starts_with("lpt")) && IsDigit(lower[3]);
}

// "7" and "7.age" are names of files that have no safe one.
bool LooksLikeNumber(std::string_view source) {
  if (source.ends_with(".age")) source.remove_suffix(4);
  return !source.empty() && std::ranges::all_of(source, IsDigit);
}

// REQUIRES: not empty.
std::string SafePart(std::string_view part, PartOf of, tlog::Sequence item) {
  std::vector<std::string> pieces;
  std::size_t bytes = 0;
  for (std::size_t i = 0; i < part.size(); ++i) {
    const bool is_last = i + 1 == part.size();
    const bool is_kept = part[i] == ' ' ? i > 0 && !is_last : IsPlain(part[i]) && !(part[i] == '.' && is_last);
    pieces.push_back(is_kept ? std::string(1, part[i]) : Escaped(part[i]));
  }
  if (IsDevice(part) || (of == PartOf::kSource && LooksLikeNumber(part))) pieces.front() = Escaped(part.front());
  for (const std::string& piece : pieces) bytes += piece.size();
  if (bytes > kMaxPartBytes) {
    const std::string end = Format("~{}", item);
    for (; bytes + end.size() > kMaxPartBytes; pieces.pop_back()) bytes -= pieces.back().size();
    pieces.push_back(end);
  }
  std::string safe;
  for (const std::string& piece : pieces) safe += piece;
  return safe;
}

// Calls `visit` with each folder above the file: "a" and "a/b" of "a/b/c".
template <typename Visit>
void ForEachFolder(std::string_view path, Visit visit) {
  for (std::size_t slash = path.find('/'); slash != std::string_view::npos; slash = path.find('/', slash + 1))
    visit(std::string(path.substr(0, slash)));
}

}  // namespace

namespace {

// `name` is that of the folder.
std::optional<std::string> SafeNameBelow(std::string name, std::string_view path, tlog::Sequence item) {
  std::size_t parts = 2;  // "data" and the source
  while (!path.empty()) {
    const std::string_view part = path.substr(0, path.find('/'));
    path.remove_prefix(std::min(part.size() + 1, path.size()));
    if (part.empty()) continue;
    name += '/' + SafePart(part, PartOf::kPath, item);
    if (++parts > kMaxPathParts || kDataFolder.size() + name.size() > kMaxPathBytes) return std::nullopt;
  }
  return parts > 2 ? std::optional(std::move(name)) : std::nullopt;
}

}  // namespace

std::optional<std::string> SafeName(std::string_view source, std::string_view path, tlog::Sequence item) {
  if (source.empty()) return std::nullopt;
  return SafeNameBelow(SafePart(source, PartOf::kSource, item), path, item);
}

std::optional<std::string> SafeNameIn(const custody::FieldList& fields, tlog::Sequence item) {
  const custody::FieldValue* const source = fields.Find("source");
  const custody::FieldValue* const path = fields.Find("path");
  const auto source_bytes = source == nullptr ? std::nullopt : source->NameBytes();
  const auto path_bytes = path == nullptr ? std::nullopt : path->NameBytes();
  if (!source_bytes || !path_bytes) return std::nullopt;
  return SafeName(TextOf(*source_bytes), TextOf(*path_bytes), item);
}

bool NamesTaken::IsTaken(const std::string& lower) const {
  if (files_.contains(lower) || folders_.contains(lower)) return true;
  bool is_in_a_file = false;
  ForEachFolder(lower, [&](const std::string& folder) { is_in_a_file = is_in_a_file || files_.contains(folder); });
  return is_in_a_file;
}

void NamesTaken::Reserve(std::string_view name) { files_.insert(Lower(name)); }

std::string NamesTaken::Give(const custody::FieldList& fields, tlog::Sequence item) {
  return Give(SafeNameIn(fields, item), item);
}

std::string NamesTaken::GiveInTree(const custody::FieldList& fields, tlog::Sequence item) {
  const custody::FieldValue* const path = fields.Find("path");
  const auto path_bytes = path == nullptr ? std::nullopt : path->NameBytes();
  if (fields.Find("source") != nullptr || !path_bytes) return Give(fields, item);
  return Give(SafeNameBelow(std::string(kNoSource), TextOf(*path_bytes), item), item);
}

std::string NamesTaken::Give(const std::optional<std::string>& safe, tlog::Sequence item) {
  std::string name = safe && !IsTaken(Lower(*safe)) ? *safe : Format("{}", item);
  const std::string lower = Lower(name);
  ForEachFolder(lower, [this](std::string folder) { folders_.insert(std::move(folder)); });
  files_.insert(lower);
  return name;
}

}  // namespace exhibit::bundle
