#include "vault/bundle/line_ends.h"

#include "vault/base/encoding.h"
#include "vault/base/file.h"
#include "vault/crypto/hash.h"

namespace exhibit::bundle {
namespace {

constexpr std::uint64_t kMaxText = 64 << 20;

std::string HexOf(std::string_view text) { return ToHex(crypto::Sha256(ViewOf(text)).view()); }

std::string WithCarriageReturns(std::string_view text) {
  std::string converted;
  for (const char c : text) {
    if (c == '\n') converted.push_back('\r');
    converted.push_back(c);
  }
  return converted;
}

}  // namespace

std::optional<std::string> WithLineFeeds(ByteView text) {
  const std::string_view from = TextOf(text);
  if (from.find("\r\n") == std::string_view::npos) return std::nullopt;
  std::string converted;
  for (std::size_t i = 0; i < from.size(); ++i) {
    if (from[i] != '\r' || i + 1 == from.size() || from[i + 1] != '\n') converted.push_back(from[i]);
  }
  return converted;
}

bool DiffersByLineEnds(const std::filesystem::path& file, std::string_view sha256) {
  const auto bytes = ReadFile(file, kMaxText);
  if (!bytes) return false;
  const auto lf = WithLineFeeds(*bytes);
  if (lf) return HexOf(*lf) == sha256;
  if (TextOf(*bytes).find('\n') == std::string_view::npos) return false;  // nothing to convert
  return HexOf(WithCarriageReturns(TextOf(*bytes))) == sha256;
}

}  // namespace exhibit::bundle
