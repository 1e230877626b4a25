// What people write in their own words: purposes, reasons, names, findings. Each stays for ever once it is signed, so it
// goes through here first, whoever wrote it and however it came (an option, a prompt, a file). For words that are sealed,
// FieldList::Make asks by itself; names that are public (an origin, a key's handle, a witness) and names of cases in key
// files are asked about where they are made. The command line asks once more before anything begins (cli/command_line.cc).
#pragma once

#include <string_view>
#include <vector>

#include "vault/base/error.h"
#include "vault/custody/field.h"

namespace exhibit::custody {

struct FreeText {
  std::string_view field;
  std::string_view text;
};

// kInvalid, naming the field, if the text is nothing but blanks, or holds a secret that this process was given
// (crypto/given_secrets.h). The message does not repeat the text. An empty text passes: whether one is needed is for who
// asks for it to say.
Result<void> CheckFreeText(const FreeText& written);

// kInvalid, naming the field, if a text in the value, however deep, holds a secret that this process was given.
Result<void> CheckNoSecret(std::string_view field, const FieldValue& value);

// The same of all fields of an entry that is to be made: every text in them, however deep, is looked at for secrets, and
// those that are people's words for blanks.
Result<void> CheckFreeTexts(const std::vector<FieldList::Item>& fields);

}  // namespace exhibit::custody
