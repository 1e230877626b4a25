// What a file that should hold a key holds instead. People mix up the kinds of keys, and what the program writes for them,
// and "bech32: upper and lower case are mixed" helps nobody.
#pragma once

#include <string>
#include <string_view>

#include "vault/base/bytes.h"
#include "vault/base/error.h"

namespace exhibit::custody {

inline constexpr std::string_view kSigningKey = "a signing key";
inline constexpr std::string_view kVerifierKey = "a verifier key, the public half of a signing key";
inline constexpr std::string_view kAgeIdentity = "an age identity";
inline constexpr std::string_view kSignedCheckpoint = "a signed checkpoint";
inline constexpr std::string_view kSshPublicKey = "an SSH public key";
inline constexpr std::string_view kSshPrivateKey = "an SSH private key";
inline constexpr std::string_view kAgeRecipient = "an age recipient, the public half of an identity";

// "a signing key", "an age identity", "an SSH private key", "a signed checkpoint" …; empty for what is none of them. Looks
// at the first line that is no comment, in UTF-16 too, and tells nothing of what is secret.
std::string KindOfKey(std::string_view text);

// Whether a file that somebody kept holds a signed checkpoint; whose it is, nobody looks at. kInvalid with what it is instead.
Result<void> CheckIsCheckpoint(ByteView bytes, std::string_view file);

}  // namespace exhibit::custody
