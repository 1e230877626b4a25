#include "vault/intake/digest_forms.h"

#include <algorithm>
#include <array>

#include "vault/base/encoding.h"

namespace exhibit::intake {
namespace {

using custody::ClaimedDigest;
using custody::DigestAlgorithm;

constexpr std::array<DigestAlgorithm, 4> kAlgorithms = {DigestAlgorithm::kSha256, DigestAlgorithm::kSha512,
                                                        DigestAlgorithm::kSha1, DigestAlgorithm::kMd5};

std::string Lower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return lower;
}

bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

}  // namespace

std::optional<ClaimedDigest> DigestFrom(std::string_view hex) {
  auto bytes = FromHex(Lower(hex));
  if (!bytes) return std::nullopt;
  for (const auto algorithm : kAlgorithms) {
    if (bytes->size() == custody::DigestBytes(algorithm)) return ClaimedDigest{algorithm, std::move(*bytes), false};
  }
  return std::nullopt;
}

std::optional<DigestAlgorithm> AlgorithmNamed(std::string_view name) {
  std::string plain = Lower(name);
  if (plain.starts_with("sha2-")) plain.replace(0, 5, "sha");
  std::erase(plain, '-');
  const auto found =
      std::ranges::find_if(kAlgorithms, [&](DigestAlgorithm algorithm) { return custody::ToText(algorithm) == plain; });
  return found == kAlgorithms.end() ? std::nullopt : std::optional(*found);
}

std::optional<ClaimedDigest> DigestNamed(std::string_view algorithm, std::string_view hex) {
  const auto named = AlgorithmNamed(algorithm);
  auto digest = DigestFrom(hex);
  return named && digest && digest->algorithm == *named ? std::move(digest) : std::nullopt;
}

std::string_view WithoutBlanks(std::string_view text) {
  const std::size_t first = std::min(text.find_first_not_of(" \t"), text.size());
  const std::size_t last = text.find_last_not_of(" \t");
  return last == std::string_view::npos ? std::string_view() : text.substr(first, last + 1 - first);
}

std::string FromWindows(std::string_view path) {
  if (path.size() > 2 && IsLetter(path[0]) && path[1] == ':') path.remove_prefix(2);
  std::string slashes(path);
  std::ranges::replace(slashes, '\\', '/');
  return slashes;
}

bool IsOfWindows(std::string_view path) {
  const bool has_drive = path.size() > 2 && IsLetter(path[0]) && path.substr(1).starts_with(":\\");
  return has_drive || path.starts_with(".\\") || path.starts_with("\\\\");
}

}  // namespace exhibit::intake
