// ASCII armor of age files (C2SP age.md "ASCII armor"): a strict subset of PEM.
//
//   "-----BEGIN AGE ENCRYPTED FILE-----\n" base64, padded, in lines of 64 "-----END AGE …-----\n"
//
// For small files that people paste: keys and the vault's secret half.
#pragma once

#include <string>
#include <string_view>

#include "vault/base/bytes.h"
#include "vault/base/error.h"

namespace exhibit::seal {

inline constexpr std::size_t kMaxArmoredBytes = 16 << 20;

// True if `text`, after white space, begins as an armored file does.
bool LooksArmored(std::string_view text);

std::string Armor(ByteView file);

// White space may precede and follow it; lines end in LF or CRLF. Anything else is kInvalid.
Result<Bytes> RemoveArmor(std::string_view text);

}  // namespace exhibit::seal
