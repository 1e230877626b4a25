#include "vault/bundle/manifest.h"

#include "vault/base/encoding.h"
#include "vault/base/text.h"

namespace exhibit::bundle {
namespace {

constexpr std::size_t kMaxFiles = 4'000'000;
constexpr std::size_t kMaxNameBytes = 1024;
constexpr std::string_view kGap = "  ";

std::size_t DigitsOf(ManifestHash hash) { return hash == ManifestHash::kSha256 ? 64 : 128; }

}  // namespace

bool IsPayload(std::string_view name) { return name.starts_with("data/"); }

bool IsSafeName(std::string_view name) {
  if (name.empty() || name.size() > kMaxNameBytes || !IsUtf8(name) || HasControl(name) ||
      name.find_first_of("\\%:") != std::string_view::npos) {
    return false;
  }
  while (true) {
    const std::size_t slash = name.find('/');
    const std::string_view part = name.substr(0, slash);
    if (part.empty() || part == "." || part == "..") return false;
    if (slash == std::string_view::npos) return true;
    name.remove_prefix(slash + 1);
  }
}

Result<Manifest> DecodeManifest(std::string_view text, Lists lists, ManifestHash hash) {
  const std::size_t digits = DigitsOf(hash);
  Manifest files;
  const auto wrong = [&](std::string_view why) {
    return Fail(ErrorCode::kTampered, "line " + std::to_string(files.size() + 1) + ": " + std::string(why));
  };
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos) return wrong("no line feed at its end");
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end + 1);
    const std::string_view value = line.substr(0, digits);
    if (line.size() <= digits + kGap.size() || line.substr(digits, kGap.size()) != kGap || !FromHex(value)) {
      return wrong("not a hash and a name");
    }
    const std::string_view name = line.substr(digits + kGap.size());
    if (!IsSafeName(name) || IsPayload(name) != (lists == Lists::kPayload)) {
      return wrong("a name that has no place here: " + Printable(name));
    }
    if (!files.emplace(name, value).second) return wrong("a name that stands twice: " + Printable(name));
    if (files.size() > kMaxFiles) return wrong("more files than a bundle may have");
  }
  return files;
}

void AppendManifestLine(std::string& text, std::string_view hash, std::string_view name) {
  text.append(hash).append(kGap).append(name).append("\n");
}

}  // namespace exhibit::bundle
