// The secrets that this process was given, so that none of them is signed into the log as text.
//
// A tired person types the passphrase at the prompt for a purpose, or pastes a key as a note. Nobody can take back a
// signed entry. So this remembers each passphrase, and each secret key that is parsed, in locked memory, and every
// text that a person wrote is compared with them before it is signed or sealed (custody/free_text.h).
//
// The comparison ignores upper and lower case. A text holds a secret of 8 bytes or more if the secret is any part of
// it. A shorter secret would be found in every sentence, so it counts only if it is the whole text.
#pragma once

#include <string_view>

namespace exhibit::crypto {

// From any thread. The same secret again costs nothing. The first 256 are kept: a process that opens more keys did not
// get them from a keyboard.
void RememberGiven(std::string_view secret);

// True if all of `text` is a remembered secret, blanks around it and upper and lower case aside.
bool IsGiven(std::string_view text);

// True if `text` holds a remembered secret, or anything that looks like an age identity, a signing key or a label key.
bool HoldsGiven(std::string_view text);

}  // namespace exhibit::crypto
