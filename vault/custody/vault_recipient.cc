#include "vault/custody/vault_recipient.h"

#include "vault/base/bech32.h"
#include "vault/base/text.h"

namespace exhibit::custody {

Result<VaultRecipient> VaultRecipient::Parse(std::string_view text) {
  const auto decoded = DecodeBech32(text);
  const bool is_classical = decoded && decoded->prefix == "age" && decoded->data.size() == 32;
  const bool is_hybrid = decoded && decoded->prefix == "age1pq" && decoded->data.size() == 1216;
  if ((!is_classical && !is_hybrid) || EncodeBech32(decoded->prefix, decoded->data) != text) {
    return Fail(ErrorCode::kInvalid,
                "\"" + PrintableUpTo(80, text) + "\" is no age recipient of 32 bytes (age1…) or of 1,216 (age1pq1…)");
  }
  return VaultRecipient(text, is_classical ? Suite::kX25519 : Suite::kHybrid);
}

}  // namespace exhibit::custody
