// Shared by the commands of custody: who signs, and how an act enters the log.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/command.h"
#include "vault/custody/free_text.h"
#include "vault/intake/sealed_text.h"

namespace exhibit::cli {

struct SignerOptions {
  std::string key;
  std::string cosigner_key;
  std::chrono::milliseconds patience{0};  // with a writer that is at work
  bool json = false;

  void AddTo(const Command& command);
  // The same without --json, for commands that print something else.
  void AddKeyTo(const Command& command);
  // For acts that another custodian may sign too.
  void AddCosignerTo(const Command& command);
};

// The vault, opened to do `act` with the options' key.
Result<std::unique_ptr<VaultWriter>> OpenToAct(const Globals& globals, const SignerOptions& signer, custody::Act act,
                                               Pool& pool);

// Opens the keys that will sign and forgets them: a user who is asked for a passphrase and for something else is asked for the
// passphrase first. OpenToAct reports other errors of a key.
Result<void> UnlockKeys(const Globals& globals, const SignerOptions& signer);

// On a terminal, shows what people wrote, because it stays for ever.
void ShowFreeTexts(const Globals& globals, const std::vector<custody::FreeText>& written);

// The second custodian's key, if the options name one. Unlock those of the first custodian before.
Result<std::optional<tlog::SigningKey>> LoadCosigner(const Globals& globals, const SignerOptions& signer);

// Prints that an act is in the log: `done` on a line, or JSON.
void PrintCommitted(const Globals& globals, const SignerOptions& signer, const store::Committed& committed,
                    custody::EntryType type, const std::string& done);

// Opens the vault, commits `body` with the signatures of the options' keys, and prints what
// was done. kDenied or kInvalid if the rules do not allow it.
Result<ExitCode> CommitAct(const Globals& globals, const SignerOptions& signer, custody::EntryBody body,
                           const std::string& done);

// The same for an act whose text is sealed like metadata: a note, the dates of a case. `written` is the part that people
// wrote.
Result<ExitCode> CommitSealedText(const Globals& globals, const SignerOptions& signer, custody::EntryBody body,
                                  const intake::TextLabel& label, std::string_view text,
                                  const std::vector<custody::FreeText>& written, const std::string& done);

// --compromised-since, of acts that retire or replace a key. Nothing if it was not given.
void AddSinceTo(const Command& command, std::string& since);
Result<std::optional<Moment>> ReadSince(const std::string& since);

// "1-3 7 12" as the user types it. kInvalid for none.
Result<custody::ItemSet> ParseItems(const std::vector<std::string>& words);

}  // namespace exhibit::cli
