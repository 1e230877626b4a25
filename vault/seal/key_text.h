// What reading keys as text has in common.
#pragma once

#include <functional>
#include <string_view>

#include "vault/base/bytes.h"
#include "vault/base/error.h"
#include "vault/crypto/secret.h"

namespace exhibit::seal {

// kUnsupported: a key of a kind of age's that we do not have. `what` is "recipient" or "identity".
Failure RefuseKeyKind(std::string_view what, std::string_view prefix);

// Bech32 of a secret, in capitals as age writes identities.
crypto::SecretText IdentityText(std::string_view prefix, ByteView secret);

// Calls `take` for each line that is neither empty nor a comment ("#"). kInvalid if the text is longer than 1 MiB, and
// the errors of `take`, with the number of the line.
Result<void> ForEachKeyLine(std::string_view text, std::string_view what,
                            const std::function<Result<void>(std::string_view)>& take);

// What messages call a text that should be a recipient: what begins as one is public, and shown; all else may be a secret.
std::string NameOfRecipient(std::string_view text);

}  // namespace exhibit::seal
