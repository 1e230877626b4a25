// To whom a vault's files are sealed: the public half of its age key, in one of two suites.
//
//   1   age1…      X25519, 32 bytes
//   2   age1pq1…   mlkem768x25519, 1,216 bytes
//
// Bech32 in lower case. Only the shape is known here; vault/seal seals to it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "vault/base/error.h"

namespace exhibit::custody {

enum class Suite : std::uint8_t { kX25519 = 1, kHybrid = 2 };

class VaultRecipient {
 public:
  // kInvalid for what is neither, or in another spelling.
  static Result<VaultRecipient> Parse(std::string_view text);
  const std::string& text() const { return text_; }
  Suite suite() const { return suite_; }
  bool operator==(const VaultRecipient&) const = default;

 private:
  VaultRecipient(std::string_view text, Suite suite) : text_(text), suite_(suite) {}
  std::string text_;
  Suite suite_;
};

}  // namespace exhibit::custody
