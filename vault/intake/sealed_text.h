// A text that the vault itself makes (a note, a list of omissions), sealed like evidence and ready to be committed.
#pragma once

#include <string>
#include <string_view>

#include "vault/seal/recipient.h"
#include "vault/store/appender.h"

namespace exhibit::intake {

struct TextLabel {
  std::string name;         // as a file
  std::string description;  // in the metadata
};

// `body` is that of an entry with a sealed file. REQUIRES: `text` has at most seal::kFrameBytes.
Result<store::Pending> SealText(const seal::X25519Recipient& recipient, custody::EntryBody body, const TextLabel& label,
                                std::string_view text);

}  // namespace exhibit::intake
