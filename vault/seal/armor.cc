#include "vault/seal/armor.h"

#include <algorithm>

#include "vault/base/encoding.h"

namespace exhibit::seal {
namespace {

constexpr std::string_view kBegin = "-----BEGIN AGE ENCRYPTED FILE-----";
constexpr std::string_view kEnd = "-----END AGE ENCRYPTED FILE-----";
constexpr std::string_view kSpace = " \t\r\n";
constexpr std::size_t kColumns = 64;

std::string_view Trim(std::string_view text) {
  const std::size_t first = text.find_first_not_of(kSpace);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

Failure Wrong(std::string_view rule) { return Fail(ErrorCode::kInvalid, "armor: " + std::string(rule)); }

}  // namespace

bool LooksArmored(std::string_view text) { return Trim(text).starts_with("-----BEGIN AGE"); }

std::string Armor(ByteView file) {
  const std::string encoded = ToBase64(file, Base64::kPadded);
  std::string text = std::string(kBegin) + "\n";
  for (std::size_t at = 0; at < encoded.size(); at += kColumns) text += encoded.substr(at, kColumns) + "\n";
  return text + std::string(kEnd) + "\n";
}

Result<Bytes> RemoveArmor(std::string_view text) {
  if (text.size() > kMaxArmoredBytes) return Wrong("longer than 16 MiB");
  text = Trim(text);
  std::string encoded;
  bool begun = false;
  bool last_line_seen = false;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (!begun) {
      if (line != kBegin) return Wrong("does not begin with its line");
      begun = true;
    } else if (line == kEnd) {
      if (!text.empty()) return Wrong("something follows its end");
      auto file = FromBase64(encoded, Base64::kPadded);
      if (!file) return Wrong(file.error().message);
      return file;
    } else {
      if (last_line_seen || line.empty() || line.size() > kColumns) {
        return Wrong("a line is empty, longer than 64, or short before the last");
      }
      last_line_seen = line.size() < kColumns;
      encoded += line;
    }
  }
  return Wrong("has no end");
}

}  // namespace exhibit::seal
