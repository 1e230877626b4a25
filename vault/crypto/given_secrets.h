// The secrets that this process was given, so that none of them is written where words are kept for ever.
//
// A tired person types the passphrase where a purpose is asked for, or pastes a key as a note. What is signed
// can't be taken back. So each passphrase, and each secret key that is parsed, is remembered here in locked
// memory, and every text that a person wrote is compared before it is signed or sealed (custody/free_text.h).
//
// Compared without regard to upper and lower case. A text holds a secret of 8 bytes or more if that is any part of
// it; a shorter one would be found in every sentence, so it counts only if it is the whole text.
#pragma once

#include <string_view>

namespace exhibit::crypto {

// From any thread; the same secret again costs nothing. The 256 that came first are kept: who opens more keys at
// once did not type them.
void RememberGiven(std::string_view secret);

// True if `text` holds a remembered secret, or what looks like an age identity or a signing key, whosever it is.
bool HoldsGiven(std::string_view text);

}  // namespace exhibit::crypto
