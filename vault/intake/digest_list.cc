#include "vault/intake/digest_list.h"

#include <algorithm>
#include <array>
#include <optional>

#include "vault/base/encoding.h"
#include "vault/base/person_text.h"
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

// As lists name them; SHA2-256 is what openssl says.
std::optional<DigestAlgorithm> AlgorithmNamed(std::string_view name) {
  constexpr std::array<std::pair<std::string_view, DigestAlgorithm>, 4> kNames = {
      {{"SHA256", DigestAlgorithm::kSha256},
       {"SHA2-256", DigestAlgorithm::kSha256},
       {"SHA1", DigestAlgorithm::kSha1},
       {"MD5", DigestAlgorithm::kMd5}}};
  const auto found = std::ranges::find(kNames, name, &std::pair<std::string_view, DigestAlgorithm>::first);
  return found == kNames.end() ? std::nullopt : std::optional(found->second);
}

std::optional<ClaimedDigest> DigestNamed(std::string_view algorithm, std::string_view hex) {
  const auto named = AlgorithmNamed(algorithm);
  auto digest = DigestFrom(hex);
  return named && digest && digest->algorithm == *named ? std::move(digest) : std::nullopt;
}

// "SHA256 (name) = <hex>" of --tag and BSD, "SHA2-256(name)= <hex>" of openssl.
std::optional<Line> ParseTagLine(std::string_view line) {
  const Escaping escaping = TakeMark(line);
  const std::size_t open = line.find('(');
  const std::size_t close = line.rfind(')');
  if (open == std::string_view::npos || close == std::string_view::npos || close < open) return std::nullopt;
  std::string_view tag = line.substr(0, open);
  if (tag.ends_with(' ')) tag.remove_suffix(1);
  std::string_view hex = line.substr(close + 1);
  if (hex.starts_with(" = ")) {
    hex.remove_prefix(3);
  } else if (hex.starts_with("= ")) {
    hex.remove_prefix(2);
  } else {
    return std::nullopt;
  }
  auto digest = DigestNamed(tag, hex);
  if (!digest) return std::nullopt;
  return MakeLine(line.substr(open + 1, close - open - 1), escaping, std::move(*digest));
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

bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// "C:\logs\a.log", of a tool of Windows, is "/logs/a.log".
std::string FromWindows(std::string_view path) {
  if (path.size() > 2 && IsLetter(path[0]) && path[1] == ':') path.remove_prefix(2);
  std::string slashes(path);
  std::ranges::replace(slashes, '\\', '/');
  return slashes;
}

// In a list of any system. A name of another system may hold a backslash.
bool IsOfWindows(std::string_view path) {
  const bool has_drive = path.size() > 2 && IsLetter(path[0]) && path.substr(1).starts_with(":\\");
  return has_drive || path.starts_with(".\\") || path.starts_with("\\\\");
}

std::string_view Trimmed(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

// "SHA256","<hex>","C:\in\a.log": a quote in a path is two.
std::optional<std::array<std::string, 3>> SplitQuoted(std::string_view line) {
  std::array<std::string, 3> cells;
  for (std::size_t cell = 0; cell < cells.size(); ++cell) {
    if (cell > 0 && !line.starts_with(',')) return std::nullopt;
    line.remove_prefix(cell > 0 ? 1 : 0);
    if (!line.starts_with('"')) return std::nullopt;
    line.remove_prefix(1);
    for (;;) {
      const std::size_t quote = line.find('"');
      if (quote == std::string_view::npos) return std::nullopt;
      cells[cell] += line.substr(0, quote);
      line.remove_prefix(quote + 1);
      if (!line.starts_with('"')) break;
      cells[cell] += '"';
      line.remove_prefix(1);
    }
  }
  return line.empty() ? std::optional(std::move(cells)) : std::nullopt;
}

std::optional<Line> PowerShellLine(std::string_view algorithm, std::string_view hex, std::string_view path) {
  auto digest = DigestNamed(algorithm, hex);
  // A console that is too narrow cuts the path.
  if (!digest || path.empty() || path.ends_with("...")) return std::nullopt;
  return Line{FromWindows(path), {std::move(*digest)}};
}

// "SHA256          <hex>      C:\in\a.log", below the names of the columns.
std::optional<Line> ParsePowerShellRow(std::string_view line) {
  const std::size_t first = line.find(' ');
  if (first == std::string_view::npos) return std::nullopt;
  const std::string_view rest = Trimmed(line.substr(first));
  const std::size_t second = rest.find(' ');
  if (second == std::string_view::npos) return std::nullopt;
  return PowerShellLine(line.substr(0, first), rest.substr(0, second), Trimmed(rest.substr(second)));
}

// Reads a list line by line. A form of several lines is held until it is whole.
class ListReader {
 public:
  // The line's file; nothing if it has none. kInvalid says what is wrong with "this line".
  Result<std::optional<Line>> Read(std::string_view line) {
    if (line.empty() || line.starts_with('#')) return std::nullopt;
    if (line.starts_with(kHashdeepMark)) {
      if (line == "%%%% HASHDEEP-1.0") return std::nullopt;
      columns_ = ParseHashdeepColumns(line);
      if (columns_.empty()) return Unknown();
      return std::nullopt;
    }
    if (!columns_.empty()) return Known(ParseHashdeepLine(line, columns_));
    if (!awaited_.empty()) return TakeCertutilDigest(line);
    if (StartsCertutil(line) || IsOfNoFile(line)) return std::nullopt;
    if (line.starts_with('"')) {
      const auto cells = SplitQuoted(line);
      if (cells && (*cells)[0] == "Algorithm" && (*cells)[1] == "Hash") return std::nullopt;
      return cells ? Known(PowerShellLine((*cells)[0], (*cells)[1], (*cells)[2])) : Unknown();
    }
    if (const auto pair = ListPair(line)) return TakeListPair(*pair);
    auto parsed = ParseSumLine(line);
    if (!parsed) parsed = ParseTagLine(line);
    if (!parsed) parsed = ParsePowerShellRow(line);
    return Known(std::move(parsed));
  }

  // Whether the list ended within a file.
  bool is_whole() const { return awaited_.empty() && algorithm_.empty(); }

 private:
  static Failure Unknown() {
    return Fail(
        ErrorCode::kInvalid, "it is of no known form",
        "known are the output of sha256sum, sha1sum, md5sum, hashdeep, openssl dgst, certutil and Get-FileHash, "
        "with SHA-256, SHA-1 or MD5");
  }
  static Result<std::optional<Line>> Known(std::optional<Line> line) {
    if (!line) return Unknown();
    return line;
  }

  // "SHA256 hash of a.log:", in which older versions say "hash of file". In other languages the words differ.
  bool StartsCertutil(std::string_view line) {
    const std::size_t words = line.find(" hash of ");
    if (words == std::string_view::npos || !line.ends_with(':') || !AlgorithmNamed(line.substr(0, words))) return false;
    std::string_view name = line.substr(words + 9, line.size() - words - 10);
    if (name.starts_with("file ")) name.remove_prefix(5);
    awaited_ = FromWindows(name);
    return !awaited_.empty();
  }
  Result<std::optional<Line>> TakeCertutilDigest(std::string_view line) {
    std::string hex(line);
    std::erase(hex, ' ');
    auto digest = DigestFrom(hex);
    if (!digest) return Unknown();
    Line parsed{std::move(awaited_), {std::move(*digest)}};
    awaited_.clear();
    return parsed;
  }
  static bool IsOfNoFile(std::string_view line) {
    if (line.starts_with("CertUtil: ") && line.find("-hashfile") != std::string_view::npos) return true;
    if (line.starts_with("Algorithm ") && line.find("Hash") != std::string_view::npos && line.ends_with("Path"))
      return true;
    return line.starts_with("---") && line.find_first_not_of("- ") == std::string_view::npos;
  }

  // "Hash      : <hex>" of Format-List.
  static std::optional<std::pair<std::string_view, std::string_view>> ListPair(std::string_view line) {
    const std::size_t colon = line.find(" : ");
    if (colon == std::string_view::npos) return std::nullopt;
    const std::string_view name = Trimmed(line.substr(0, colon));
    if (name != "Algorithm" && name != "Hash" && name != "Path") return std::nullopt;
    return std::pair(name, Trimmed(line.substr(colon + 3)));
  }
  Result<std::optional<Line>> TakeListPair(const std::pair<std::string_view, std::string_view>& pair) {
    if (pair.first == "Algorithm") {
      algorithm_ = pair.second;
      return std::nullopt;
    }
    if (pair.first == "Hash") {
      hash_ = pair.second;
      return std::nullopt;
    }
    auto line = PowerShellLine(algorithm_, hash_, pair.second);
    algorithm_.clear();
    hash_.clear();
    return Known(std::move(line));
  }

  std::vector<std::string> columns_;  // of hashdeep; empty in other lists
  std::string awaited_;               // of certutil: the name whose digest comes next
  std::string algorithm_;             // of Format-List: what came before the path
  std::string hash_;
};

}  // namespace

std::string_view WithoutDot(std::string_view path) {
  while (path.starts_with("./")) path.remove_prefix(2);
  return path;
}

Result<void> ReadDigestList(std::string_view list, const std::function<Result<void>(ListedFile)>& take) {
  if (list.size() > kMaxDigestListBytes) {
    return Fail(ErrorCode::kInvalid, "list of hashes: longer than 64 MiB");
  }
  const Bytes plain = Utf8TextOf(ViewOf(list));
  std::string_view rest = TextOf(plain);
  ListReader reader;
  std::size_t number = 1;
  for (; !rest.empty(); ++number) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    std::string_view line = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    const std::string where = "list of hashes: line " + std::to_string(number);
    auto parsed = reader.Read(line);
    if (!parsed) return Fail(std::move(parsed).error().In(where));
    if (!*parsed) continue;
    const std::string path = IsOfWindows((*parsed)->path) ? FromWindows((*parsed)->path) : std::move((*parsed)->path);
    ListedFile file{number, std::string(WithoutDot(path)), std::move((*parsed)->digests)};
    if (file.path.empty()) return Fail(ErrorCode::kInvalid, where + ": it is of no known form: it names no file");
    if (file.path.size() > kMaxListedPathBytes) {
      return Fail(ErrorCode::kInvalid, where + ": the path is longer than 4096 bytes");
    }
    auto taken = take(std::move(file));
    if (!taken) return Fail(std::move(taken).error().In(where));
  }
  if (!reader.is_whole()) return Fail(ErrorCode::kInvalid, "list of hashes: ends within what it says of a file");
  return {};
}

}  // namespace exhibit::intake
