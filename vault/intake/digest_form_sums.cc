// <hex>  name, SHA256 (name) = <hex>, SHA2-256(name)= <hex>, 1024  <hex>  name, <md5> <sha1> name.
#include "vault/base/encoding.h"
#include "vault/intake/digest_forms.h"

namespace exhibit::intake {
namespace {

using custody::ClaimedDigest;

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

enum class Escaping : std::uint8_t { kNone, kGnu };

std::optional<ListedLine> MakeLine(std::string_view name, Escaping escaping, ClaimedDigest digest) {
  auto path = escaping == Escaping::kGnu ? Unescape(name) : std::optional(std::string(name));
  if (!path) return std::nullopt;
  return ListedLine{std::move(*path), {std::move(digest)}};
}

Escaping TakeMark(std::string_view& line) {
  if (!line.starts_with('\\')) return Escaping::kNone;
  line.remove_prefix(1);
  return Escaping::kGnu;
}

// "<hex>  name", "<hex> *name", or either after a backslash.
std::optional<ListedLine> ParseSum(std::string_view line) {
  const Escaping escaping = TakeMark(line);
  const std::size_t space = line.find(' ');
  if (space == std::string_view::npos || line.size() < space + 3) return std::nullopt;
  const char mode = line[space + 1];
  auto digest = DigestFrom(line.substr(0, space));
  if (!digest || (mode != ' ' && mode != '*')) return std::nullopt;
  return MakeLine(line.substr(space + 2), escaping, std::move(*digest));
}

// "SHA256 (name) = <hex>" of --tag and BSD, "SHA2-256(name)= <hex>" of openssl.
std::optional<ListedLine> ParseTag(std::string_view line) {
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

// md5deep -z: the size, right-aligned, before what md5sum prints.
std::optional<ListedLine> ParseSized(std::string_view line) {
  line = line.substr(std::min(line.find_first_not_of(' '), line.size()));
  const std::size_t space = line.find("  ");
  if (space == std::string_view::npos || !FromDecimal(line.substr(0, space))) return std::nullopt;
  return ParseSum(line.substr(space + 2));
}

// FCIV of Microsoft: an MD5, a SHA-1 or both, a blank each, and the path.
std::optional<ListedLine> ParseFciv(std::string_view line) {
  ListedLine parsed;
  for (int i = 0; i < 2; ++i) {
    const std::size_t space = line.find(' ');
    if (space == std::string_view::npos) break;
    auto digest = DigestFrom(line.substr(0, space));
    if (!digest || digest->value.size() > custody::DigestBytes(custody::DigestAlgorithm::kSha1)) break;
    parsed.digests.push_back(std::move(*digest));
    line.remove_prefix(space + 1);
  }
  if (parsed.digests.empty() || line.empty() || line.starts_with(' ')) return std::nullopt;
  parsed.path = line;
  return parsed;
}

class SumForm final : public DigestForm {
 public:
  Grasped Read(std::string_view line) override {
    // FCIV names itself after "//"; TeraCopy, HashCheck and others of Windows after ";".
    if (line.starts_with("//") || line.starts_with(';')) return Grasped::OfForm();
    for (const auto parse : {ParseSum, ParseTag, ParseSized, ParseFciv}) {
      if (auto parsed = parse(line)) return Grasped::File(std::move(parsed), Grasp::kNotMine);
    }
    return Grasped::Not();
  }
};

}  // namespace

std::unique_ptr<DigestForm> MakeSumForm() { return std::make_unique<SumForm>(); }

}  // namespace exhibit::intake
