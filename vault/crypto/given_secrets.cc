#include "vault/crypto/given_secrets.h"

#include <algorithm>
#include <mutex>
#include <vector>

#include "vault/crypto/secret.h"

namespace exhibit::crypto {
namespace {

constexpr std::size_t kMostRemembered = 256;
constexpr std::size_t kShortestPart = 8;

char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }
bool IsSameLetter(char a, char b) { return Lower(a) == Lower(b); }
bool IsBlank(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

std::string_view Trimmed(std::string_view text) {
  while (!text.empty() && IsBlank(text.front())) text.remove_prefix(1);
  while (!text.empty() && IsBlank(text.back())) text.remove_suffix(1);
  return text;
}

bool HasPart(std::string_view text, std::string_view part) {
  return std::search(text.begin(), text.end(), part.begin(), part.end(), IsSameLetter) != text.end();
}

struct Remembered {
  std::mutex mutex;
  std::vector<SecretText> secrets;
};

Remembered& TheRemembered() {
  static Remembered* const remembered = new Remembered;  // outlives every thread
  return *remembered;
}

}  // namespace

void RememberGiven(std::string_view secret) {
  const std::string_view kept = Trimmed(secret);
  if (kept.empty()) return;
  Remembered& remembered = TheRemembered();
  const std::lock_guard lock(remembered.mutex);
  const auto is_same = [&](const SecretText& known) { return known.ExposeSecret() == kept; };
  if (remembered.secrets.size() == kMostRemembered || std::ranges::any_of(remembered.secrets, is_same)) return;
  remembered.secrets.emplace_back(kept);
}

bool IsGiven(std::string_view text) {
  Remembered& remembered = TheRemembered();
  const std::lock_guard lock(remembered.mutex);
  return std::ranges::any_of(remembered.secrets, [&](const SecretText& known) {
    return std::ranges::equal(Trimmed(text), known.ExposeSecret(), IsSameLetter);
  });
}

bool HoldsGiven(std::string_view text) {
  for (const std::string_view mark : {"AGE-SECRET-KEY-", "PRIVATE+KEY+", "PRIVATE KEY-----", "exhibit-label-secret+"}) {
    if (HasPart(text, mark)) return true;
  }
  Remembered& remembered = TheRemembered();
  const std::lock_guard lock(remembered.mutex);
  return std::ranges::any_of(remembered.secrets, [&](const SecretText& known) {
    const std::string_view secret = known.ExposeSecret();
    return secret.size() >= kShortestPart ? HasPart(text, secret)
                                          : std::ranges::equal(Trimmed(text), secret, IsSameLetter);
  });
}

}  // namespace exhibit::crypto
