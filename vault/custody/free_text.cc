#include "vault/custody/free_text.h"

#include <algorithm>
#include <array>
#include <string>

#include "vault/base/text.h"
#include "vault/crypto/given_secrets.h"

namespace exhibit::custody {
namespace {

// Names and paths are what the system has, and may be blanks.
constexpr std::array<std::string_view, 9> kPeoplesWords = {
    "purpose", "reason", "authority", "condition", "location", "transport", "finding", "description", "text"};

}  // namespace

Result<void> CheckNoSecret(std::string_view field, const FieldValue& value) {
  if (const std::string* const text = value.Text()) {
    if (!crypto::HoldsGiven(*text)) return {};
    return Fail(ErrorCode::kInvalid,
                "the " + std::string(field) + " holds a passphrase or a secret key; nothing was written",
                "a signed entry stays for ever: use other words. If anybody saw the secret, replace it");
  }
  if (const FieldValue::Array* const array = value.AsArray()) {
    for (const FieldValue& one : *array) TRY_VOID(CheckNoSecret(field, one));
  }
  if (const FieldValue::Object* const object = value.AsObject()) {
    for (const auto& [key, one] : *object) TRY_VOID(CheckNoSecret(field, one));
  }
  return {};
}

Result<void> CheckFreeText(const FreeText& written) {
  if (written.text.empty()) return {};
  if (IsBlank(written.text)) {
    return Fail(ErrorCode::kInvalid, "the " + std::string(written.field) + " is blank; nothing was written",
                "say it in words");
  }
  return CheckNoSecret(written.field, FieldValue(written.text));
}

Result<void> CheckFreeTexts(const std::vector<FieldList::Item>& fields) {
  for (const auto& [key, value] : fields) {
    const bool is_words = std::ranges::find(kPeoplesWords, key) != kPeoplesWords.end();
    if (is_words && value.Text() != nullptr) TRY_VOID(CheckFreeText({key, *value.Text()}));
    TRY_VOID(CheckNoSecret(key, value));
  }
  return {};
}

}  // namespace exhibit::custody
