// Shared by the commands of custody: who signs, and how an act enters the log.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/command.h"
#include "vault/custody/free_text.h"

namespace exhibit::cli {

struct SignerOptions {
  std::string key;
  std::string cosigner_key;
  std::vector<std::string> cases;         // whose labels the entry gets
  std::chrono::milliseconds patience{0};  // with a writer that is at work
  bool json = false;

  void AddTo(const Command& command);
  // The same without --json, for commands that print something else.
  void AddKeyTo(const Command& command);
  // For acts that another custodian may sign too.
  void AddCosignerTo(const Command& command);
  // --case: for acts on items, whose entries holders of a case's key can find.
  void AddCasesTo(const Command& command);
};

// --reason, of acts that nobody understands later without one.
void AddReasonTo(const Command& command, std::string& reason);

// Adds a field with this text, if there is any.
void Put(store::Fields& fields, std::string_view key, const std::string& text);

// The vault, opened to do an act of this form with the options' key.
Result<std::unique_ptr<VaultWriter>> OpenToAct(const Globals& globals, const SignerOptions& signer,
                                               const custody::ActForm& form, Pool& pool);

// Opens the keys that will sign and forgets them: a user who is asked for a passphrase and for something else is asked for the
// passphrase first. OpenToAct reports other errors of a key.
Result<void> UnlockKeys(const Globals& globals, const SignerOptions& signer);

// On a terminal, shows what people wrote, because it stays for ever, if sealed.
void ShowFreeTexts(const Globals& globals, const store::Fields& fields);

// The second custodian's key, if the options name one. Unlock those of the first custodian before.
Result<std::optional<tlog::SigningKey>> LoadCosigner(const Globals& globals, const SignerOptions& signer);

// Prints that an act is in the log: `done` on a line, or JSON.
void PrintCommitted(const Globals& globals, const SignerOptions& signer, const store::Committed& committed,
                    const custody::ActForm& form, const std::string& done);

// Opens the vault, commits the act with the signatures of the options' keys and the labels of their cases, and prints
// what was done. kDenied or kInvalid if the rules do not allow it.
Result<ExitCode> CommitAct(const Globals& globals, const SignerOptions& signer, store::Appender::Act act,
                           const std::string& done);

// --compromised-since, of acts that retire or replace a key. Nothing if it was not given.
void AddSinceTo(const Command& command, std::string& since);
Result<std::optional<custody::EntryTime>> ReadSince(const std::string& since);

// "1-3 7 12" as the user types it; acts within a range are left out (filter.h). kInvalid for none.
Result<custody::ItemSet> ParseItems(const std::vector<std::string>& words, const Globals& globals);

}  // namespace exhibit::cli
