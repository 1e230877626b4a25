#include "vault/intake/claimed_digests.h"

#include <algorithm>
#include <array>
#include <optional>

#include "vault/base/encoding.h"
#include "vault/base/text.h"

namespace exhibit::intake {
namespace {

using seal::ClaimedDigest;
using seal::DigestAlgorithm;

std::string LowerHex(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'F') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

std::optional<ClaimedDigest> DigestFrom(std::string_view hex) {
  auto bytes = FromHex(LowerHex(hex));
  if (!bytes) return std::nullopt;
  for (const auto algorithm : {DigestAlgorithm::kSha256, DigestAlgorithm::kSha1, DigestAlgorithm::kMd5}) {
    if (bytes->size() == seal::DigestBytes(algorithm)) return ClaimedDigest{algorithm, std::move(*bytes), false};
  }
  return std::nullopt;
}

// GNU tools write a backslash before the digest of a name in which "\n", "\r" and "\\" are escaped.
std::string Unescape(std::string_view name) {
  std::string raw;
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (name[i] != '\\' || i + 1 == name.size()) {
      raw.push_back(name[i]);
      continue;
    }
    ++i;
    raw.push_back(name[i] == 'n' ? '\n' : name[i] == 'r' ? '\r' : name[i]);
  }
  return raw;
}

struct Line {
  std::string path;
  std::vector<ClaimedDigest> digests;
};

// "<hex>  name", "<hex> *name", or either behind a backslash.
std::optional<Line> ParseSumLine(std::string_view line) {
  const bool escaped = line.starts_with('\\');
  if (escaped) line.remove_prefix(1);
  const std::size_t space = line.find(' ');
  if (space == std::string_view::npos || line.size() < space + 3) return std::nullopt;
  const char mode = line[space + 1];
  auto digest = DigestFrom(line.substr(0, space));
  if (!digest || (mode != ' ' && mode != '*')) return std::nullopt;
  const std::string_view name = line.substr(space + 2);
  return Line{escaped ? Unescape(name) : std::string(name), {std::move(*digest)}};
}

// "SHA256 (name) = <hex>".
std::optional<Line> ParseTagLine(std::string_view line) {
  const bool escaped = line.starts_with('\\');
  if (escaped) line.remove_prefix(1);
  const std::size_t open = line.find(" (");
  const std::size_t close = line.rfind(") = ");
  if (open == std::string_view::npos || close == std::string_view::npos || close < open + 2) return std::nullopt;
  auto digest = DigestFrom(line.substr(close + 4));
  const std::string_view tag = line.substr(0, open);
  const std::array<std::pair<std::string_view, DigestAlgorithm>, 3> tags = {
      {{"SHA256", DigestAlgorithm::kSha256}, {"SHA1", DigestAlgorithm::kSha1}, {"MD5", DigestAlgorithm::kMd5}}};
  const bool known = digest && std::ranges::any_of(tags, [&](const auto& known_tag) {
    return known_tag.first == tag && known_tag.second == digest->algorithm;
  });
  if (!known) return std::nullopt;
  const std::string_view name = line.substr(open + 2, close - open - 2);
  return Line{escaped ? Unescape(name) : std::string(name), {std::move(*digest)}};
}

std::vector<std::string_view> SplitAtCommas(std::string_view line, std::size_t fields) {
  std::vector<std::string_view> parts;
  while (parts.size() + 1 < fields) {
    const std::size_t comma = line.find(',');
    if (comma == std::string_view::npos) break;
    parts.push_back(line.substr(0, comma));
    line.remove_prefix(comma + 1);
  }
  parts.push_back(line);
  return parts;
}

// "size,md5,sha256,filename", in the columns that the list's own line names; a name may hold commas.
std::optional<Line> ParseHashdeepLine(std::string_view line, const std::vector<std::string>& columns) {
  const auto parts = SplitAtCommas(line, columns.size());
  if (parts.size() != columns.size()) return std::nullopt;
  Line parsed;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (columns[i] == "filename") {
      parsed.path = std::string(parts[i]);
    } else if (columns[i] == "md5" || columns[i] == "sha1" || columns[i] == "sha256") {
      auto digest = DigestFrom(parts[i]);
      if (!digest) return std::nullopt;
      parsed.digests.push_back(std::move(*digest));
    }
  }
  return parsed.path.empty() || parsed.digests.empty() ? std::nullopt : std::optional(std::move(parsed));
}

std::string_view LastComponent(std::string_view path) { return path.substr(path.rfind('/') + 1); }

// True if `path` ends in `ending`, at a component.
bool EndsInPath(std::string_view path, std::string_view ending) {
  return path.ends_with(ending) &&
         (path.size() == ending.size() || path[path.size() - ending.size() - 1] == '/' || ending.starts_with('/'));
}

std::string_view WithoutDot(std::string_view path) {
  while (path.starts_with("./")) path.remove_prefix(2);
  return path;
}

}  // namespace

Result<ClaimedDigests> ClaimedDigests::Parse(std::string_view list) {
  if (list.size() > kMaxDigestListBytes) return Fail(ErrorCode::kInvalid, "list of hashes: longer than 64 MiB");
  ClaimedDigests claims;
  std::vector<std::string> hashdeep_columns;
  for (std::size_t number = 1; !list.empty(); ++number) {
    const std::size_t end = std::min(list.find('\n'), list.size());
    std::string_view line = list.substr(0, end);
    list.remove_prefix(std::min(end + 1, list.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.starts_with("%%%% size,")) {
      for (const std::string_view column : SplitAtCommas(line.substr(5), 16)) hashdeep_columns.emplace_back(column);
      continue;
    }
    if (line.empty() || line.starts_with("%%%%") || line.starts_with("#")) continue;
    auto parsed = !hashdeep_columns.empty() ? ParseHashdeepLine(line, hashdeep_columns) : ParseSumLine(line);
    if (!parsed && hashdeep_columns.empty()) parsed = ParseTagLine(line);
    if (!parsed) {
      return Fail(ErrorCode::kInvalid, "list of hashes: line " + std::to_string(number) + " is of no known form",
                  "known are the output of sha256sum, sha1sum, md5sum and hashdeep");
    }
    const auto [place, added] = claims.by_path_.try_emplace(std::string(WithoutDot(parsed->path)));
    std::ranges::move(parsed->digests, std::back_inserter(place->second));
    if (added) claims.by_name_.emplace(LastComponent(place->first), &place->first);
  }
  return claims;
}

Result<std::vector<ClaimedDigest>> ClaimedDigests::Find(std::string_view path) const {
  path = WithoutDot(path);
  if (const auto exact = by_path_.find(path); exact != by_path_.end()) return exact->second;
  const std::string* match = nullptr;
  const auto [begin, end] = by_name_.equal_range(LastComponent(path));
  for (auto candidate = begin; candidate != end; ++candidate) {
    if (!EndsInPath(path, *candidate->second) && !EndsInPath(*candidate->second, path)) continue;
    if (match != nullptr) {
      return Fail(ErrorCode::kInvalid, "the list of hashes has two lines that fit " + Printable(path) + ": " +
                                           Printable(*match) + " and " + Printable(*candidate->second));
    }
    match = candidate->second;
  }
  if (match == nullptr) return std::vector<ClaimedDigest>();
  return by_path_.find(*match)->second;
}

}  // namespace exhibit::intake
