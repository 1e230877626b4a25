// What a file that should hold a key holds instead. There are five kinds that people mix up, and "bech32: upper and lower
// case are mixed" helps nobody.
#pragma once

#include <string>
#include <string_view>

namespace exhibit::custody {

inline constexpr std::string_view kSigningKey = "a signing key";
inline constexpr std::string_view kVerifierKey = "a verifier key, the public half of a signing key";
inline constexpr std::string_view kAgeIdentity = "an age identity";
inline constexpr std::string_view kSshPublicKey = "an SSH public key";
inline constexpr std::string_view kAgeRecipient = "an age recipient, the public half of an identity";

// "a signing key", "an age identity", "an SSH private key" …; empty for what is none of them. Looks at the first line
// that is no comment, and tells nothing of what is secret.
std::string KindOfKey(std::string_view text);

}  // namespace exhibit::custody
