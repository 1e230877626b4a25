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
std::optional<std::string> Unescape(std::string_view name) {
  std::string raw;
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (name[i] != '\\') {
      raw.push_back(name[i]);
      continue;
    }
    if (++i == name.size()) return std::nullopt;
    switch (name[i]) {
      case 'n': raw.push_back('\n'); break;
      case 'r': raw.push_back('\r'); break;
      case '\\': raw.push_back('\\'); break;
      default: return std::nullopt;
    }
  }
  return raw;
}

struct Line {
  std::string path;
  std::vector<ClaimedDigest> digests;
};

enum class Escaping : std::uint8_t { kNone, kGnu };

std::optional<Line> MakeLine(std::string_view name, Escaping escaping, ClaimedDigest digest) {
  auto path = escaping == Escaping::kGnu ? Unescape(name) : std::optional(std::string(name));
  if (!path) return std::nullopt;
  return Line{std::move(*path), {std::move(digest)}};
}

Escaping TakeMark(std::string_view& line) {
  if (!line.starts_with('\\')) return Escaping::kNone;
  line.remove_prefix(1);
  return Escaping::kGnu;
}

// "<hex>  name", "<hex> *name", or either after a backslash.
std::optional<Line> ParseSumLine(std::string_view line) {
  const Escaping escaping = TakeMark(line);
  const std::size_t space = line.find(' ');
  if (space == std::string_view::npos || line.size() < space + 3) return std::nullopt;
  const char mode = line[space + 1];
  auto digest = DigestFrom(line.substr(0, space));
  if (!digest || (mode != ' ' && mode != '*')) return std::nullopt;
  return MakeLine(line.substr(space + 2), escaping, std::move(*digest));
}

// "SHA256 (name) = <hex>".
std::optional<Line> ParseTagLine(std::string_view line) {
  const Escaping escaping = TakeMark(line);
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
  return MakeLine(line.substr(open + 2, close - open - 2), escaping, std::move(*digest));
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

constexpr std::string_view kHashdeepMark = "%%%% ";
constexpr std::size_t kMaxHashdeepColumns = 16;

// "%%%% size,md5,sha256,filename". Empty if it is no such line, or names a column twice.
std::vector<std::string> ParseHashdeepColumns(std::string_view line) {
  if (!line.starts_with("%%%% size,") || !line.ends_with(",filename")) return {};
  std::vector<std::string> columns;
  for (const std::string_view column : SplitAtCommas(line.substr(kHashdeepMark.size()), kMaxHashdeepColumns)) {
    if (std::ranges::find(columns, column) != columns.end()) return {};
    columns.emplace_back(column);
  }
  return columns;
}

// "1024,<md5>,<sha256>,name", in the columns that the list's own line names; a name may hold commas.
// Digests that we do not know, such as tiger's, are ignored.
std::optional<Line> ParseHashdeepLine(std::string_view line, const std::vector<std::string>& columns) {
  const auto parts = SplitAtCommas(line, columns.size());
  if (parts.size() != columns.size() || !FromDecimal(parts.front())) return std::nullopt;
  Line parsed;
  parsed.path = std::string(parts.back());
  for (std::size_t i = 1; i + 1 < columns.size(); ++i) {
    for (const auto algorithm : {DigestAlgorithm::kSha256, DigestAlgorithm::kSha1, DigestAlgorithm::kMd5}) {
      if (columns[i] != ToText(algorithm)) continue;
      auto digest = DigestFrom(parts[i]);
      if (!digest || digest->algorithm != algorithm) return std::nullopt;
      parsed.digests.push_back(std::move(*digest));
    }
  }
  return parsed.digests.empty() ? std::nullopt : std::optional(std::move(parsed));
}

std::string_view WithoutDot(std::string_view path) {
  while (path.starts_with("./")) path.remove_prefix(2);
  return path;
}

std::string Reversed(std::string_view text) { return {text.rbegin(), text.rend()}; }

// Adds the digests of a line to those of its path. False if the two contradict each other.
bool Merge(std::vector<ClaimedDigest>& known, std::vector<ClaimedDigest> more) {
  for (ClaimedDigest& digest : more) {
    const auto same = std::ranges::find(known, digest.algorithm, &ClaimedDigest::algorithm);
    if (same == known.end()) {
      known.push_back(std::move(digest));
    } else if (same->value != digest.value) {
      return false;
    }
  }
  return true;
}

// Reads a list line by line.
class ListReader {
 public:
  // The line's content; nothing if it has none. kInvalid says what is wrong with "this line".
  Result<std::optional<Line>> Read(std::string_view line) {
    if (line.starts_with(kHashdeepMark)) {
      if (line == "%%%% HASHDEEP-1.0") return std::nullopt;
      columns_ = ParseHashdeepColumns(line);
      if (columns_.empty()) return Unknown();
      return std::nullopt;
    }
    if (line.empty() || line.starts_with('#')) return std::nullopt;
    auto parsed = columns_.empty() ? ParseSumLine(line) : ParseHashdeepLine(line, columns_);
    if (!parsed && columns_.empty()) parsed = ParseTagLine(line);
    if (!parsed) return Unknown();
    parsed->path = WithoutDot(parsed->path);
    if (parsed->path.empty()) return Unknown();
    if (parsed->path.size() > kMaxListedPathBytes) {
      return Fail(ErrorCode::kInvalid, "the path is longer than 4096 bytes");
    }
    return parsed;
  }

 private:
  static Failure Unknown() {
    return Fail(ErrorCode::kInvalid, "it is of no known form",
                "known are the output of sha256sum, sha1sum, md5sum and hashdeep");
  }
  std::vector<std::string> columns_;  // of hashdeep; empty in other lists
};

}  // namespace

Result<ClaimedDigests> ClaimedDigests::Parse(std::string_view list) {
  if (list.size() > kMaxDigestListBytes) {
    return Fail(ErrorCode::kInvalid, "list of hashes: longer than 64 MiB");
  }
  ClaimedDigests claims;
  ListReader reader;
  for (std::size_t number = 1; !list.empty(); ++number) {
    const std::size_t end = std::min(list.find('\n'), list.size());
    std::string_view line = list.substr(0, end);
    list.remove_prefix(std::min(end + 1, list.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    auto parsed = reader.Read(line);
    const std::string where = "list of hashes: line " + std::to_string(number);
    if (!parsed) return Fail(std::move(parsed).error().In(where));
    if (!*parsed) continue;
    auto& known = claims.by_reversed_path_[Reversed((*parsed)->path)];
    if (!Merge(known, std::move((*parsed)->digests))) {
      return Fail(ErrorCode::kInvalid, where + ": a line before says something else of " + Printable((*parsed)->path));
    }
  }
  return claims;
}

Result<std::vector<ClaimedDigest>> ClaimedDigests::Find(std::string_view path) const {
  path = WithoutDot(path);
  const std::string reversed = Reversed(path);
  if (const auto exact = by_reversed_path_.find(reversed); exact != by_reversed_path_.end()) {
    return exact->second;
  }
  if (path.empty() || path.size() > kMaxListedPathBytes) return std::vector<ClaimedDigest>();
  std::vector<decltype(by_reversed_path_)::const_iterator> fitting;
  // Listed paths in which this one ends, at a component.
  for (std::size_t i = 0; i < reversed.size() && fitting.size() < 2; ++i) {
    if (reversed[i] != '/') continue;
    for (const std::size_t length : {i, i + 1}) {  // without and with the slash in front
      if (length == 0 || length == reversed.size()) continue;
      const auto shorter = by_reversed_path_.find(std::string_view(reversed).substr(0, length));
      if (shorter != by_reversed_path_.end()) fitting.push_back(shorter);
    }
  }
  // Listed paths that end in this one: they are neighbours in the order.
  const std::string row = path.starts_with('/') ? reversed : reversed + "/";
  for (auto longer = by_reversed_path_.lower_bound(row);
       longer != by_reversed_path_.end() && longer->first.starts_with(row) && fitting.size() < 2; ++longer) {
    fitting.push_back(longer);
  }
  if (fitting.empty()) return std::vector<ClaimedDigest>();
  if (fitting.size() > 1) {
    return Fail(ErrorCode::kInvalid, "the list of hashes has two lines that fit " + Printable(path) + ": " +
                                         Printable(Reversed(fitting[0]->first)) + " and " +
                                         Printable(Reversed(fitting[1]->first)));
  }
  return fitting.front()->second;
}

}  // namespace exhibit::intake
