#include "vault/seal/key_text.h"

#include <algorithm>
#include <string>

#include "vault/base/bech32.h"
#include "vault/base/format.h"
#include "vault/base/text.h"

namespace exhibit::seal {

Failure RefuseKeyKind(std::string_view what, std::string_view prefix) {
  return Fail(ErrorCode::kUnsupported,
              std::string(what) + ": age's kind \"" + Printable(prefix.substr(0, 64)) + "\" is not supported",
              "exhibit has age1…, age1pq1… and ssh-ed25519 keys; make one with: exhibit keygen");
}

std::string NameOfRecipient(std::string_view text) {
  constexpr std::size_t kMostShown = 80;
  return text.starts_with("age1") ? Format("recipient \"{}\"", PrintableUpTo(kMostShown, text)) : "recipient";
}

crypto::SecretText IdentityText(std::string_view prefix, ByteView secret) {
  std::string text = EncodeBech32(prefix, secret);
  std::ranges::transform(text, text.begin(),
                         [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
  crypto::SecretText kept(text);
  crypto::Wipe({reinterpret_cast<std::uint8_t*>(text.data()), text.size()});
  return kept;
}

Result<void> ForEachKeyLine(std::string_view text, std::string_view what,
                            const std::function<Result<void>(std::string_view)>& take) {
  constexpr std::size_t kMaxFileBytes = 1 << 20;
  if (text.size() > kMaxFileBytes) return Fail(ErrorCode::kInvalid, std::string(what) + " is longer than 1 MiB");
  int number = 0;
  while (!text.empty()) {
    ++number;
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty() || line.front() == '#') continue;
    auto taken = take(line);
    if (!taken) return Fail(std::move(taken).error().In(Format("{}: line {}", what, number)));
  }
  return {};
}

}  // namespace exhibit::seal
