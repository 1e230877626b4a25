// What people write in their own words: purposes, reasons, names, findings. Each stays for ever once it is signed, so
// it goes through here first, whoever wrote it and however it came (an option, a prompt, a file).
#pragma once

#include <string_view>
#include <vector>

#include "vault/base/error.h"
#include "vault/custody/body.h"

namespace exhibit::custody {

struct FreeText {
  std::string_view field;  // as the entry's JSON calls it
  std::string_view text;
};

// kInvalid, naming the field, if the text is nothing but blanks, or holds a secret that this process was given
// (crypto/given_secrets.h). The message does not repeat the text. An empty text passes: whether one is needed is for the
// form of the entry to say.
Result<void> CheckFreeText(const FreeText& written);
Result<void> CheckFreeTexts(const std::vector<FreeText>& written);

// All that is in people's words, or may be: every text that the form of the entry leaves free. What another signed already (a statement of transfer, a receipt) is not looked into: it
// was checked when it was signed. REQUIRES: the argument outlives it.
std::vector<FreeText> FreeTextsOf(const EntryBody& body);
std::vector<FreeText> FreeTextsOf(const Statement& statement);
std::vector<FreeText> FreeTextsOf(const Receipt& receipt);

}  // namespace exhibit::custody
