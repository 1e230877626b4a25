#include "vault/custody/actor.h"

#include <algorithm>

#include "vault/base/canonical.h"
#include "vault/base/encoding.h"
#include "vault/base/format.h"
#include "vault/base/text.h"

namespace exhibit::custody {
namespace {

constexpr std::size_t kIdDigits = 2 * tlog::KeyId::kSize;

bool IsHexDigit(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); }

}  // namespace

Result<Actor> Actor::Parse(std::string_view text) {
  const std::size_t plus = text.find('+');
  const std::string_view id = plus == std::string_view::npos ? std::string_view() : text.substr(plus + 1);
  if (id.size() != kIdDigits || !std::ranges::all_of(id, IsHexDigit) || !tlog::KeyName::Parse(text.substr(0, plus))) {
    return Fail(ErrorCode::kInvalid, "\"" + PrintableUpTo(300, text) + "\" is not the name and the id of a key");
  }
  return Actor(std::string(text));
}

Actor Actor::Of(const tlog::VerifierKey& key) {
  return Actor(std::string(key.name().text()) + "+" + ToHex(key.id().view()));
}

std::optional<std::uint64_t> HandleNumber(std::string_view name, const tlog::Origin& origin) {
  if (!name.starts_with(origin.text())) return std::nullopt;
  name.remove_prefix(origin.text().size());
  if (!name.starts_with("/k")) return std::nullopt;
  const auto number = FromDecimal(name.substr(2));
  if (!number || *number == 0 || *number > kMaxNumber) return std::nullopt;
  return *number;
}

std::string HandleOf(const tlog::Origin& origin, std::uint64_t number) {
  return Format("{}/k{}", origin.text(), number);
}
std::string RecoveryKeyName(const tlog::Origin& origin) { return std::string(origin.text()) + "/recovery"; }
std::string ReceiverKeyName(const tlog::Origin& origin) { return std::string(origin.text()) + "/receiver"; }

}  // namespace exhibit::custody
