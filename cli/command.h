// Shared by the commands: the options that all take, and how they find vaults, keys and readers.
#pragma once

#include <CLI/CLI.hpp>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "cli/exit_code.h"
#include "cli/json_output.h"
#include "vault/base/error.h"
#include "vault/session/vault.h"

namespace exhibit::cli {

// Options before or after the command's name.
struct Globals {
  std::string vault;              // --vault, else EXHIBIT_VAULT, else the current directory
  std::vector<std::string> pins;  // --pin: signed checkpoints that the log must extend
  bool quiet = false;

  std::filesystem::path VaultFolder() const;
  OpenOptions Opening() const { return {{pins.begin(), pins.end()}}; }
};

// A command runs when the command line was parsed, and returns its exit status. An error that it
// returns is printed by main.
using Run = std::function<Result<ExitCode>()>;
struct Commands {
  CLI::App& app;
  Globals& globals;
  Run& chosen;  // set by the command that the user named
};

// One for each command, in the file of its name.
void RegisterInit(Commands commands);
void RegisterAdd(Commands commands);
void RegisterList(Commands commands);
void RegisterShow(Commands commands);
void RegisterCat(Commands commands);
void RegisterLog(Commands commands);
void RegisterVerify(Commands commands);
void RegisterExport(Commands commands);
void RegisterVerifyBundle(Commands commands);
void RegisterTimestamp(Commands commands);
void RegisterCheckpoint(Commands commands);
void RegisterPublish(Commands commands);
void RegisterVerifyLog(Commands commands);
void RegisterRotateLogKey(Commands commands);
void RegisterWitness(Commands commands);
void RegisterForkProof(Commands commands);
void RegisterRecoverHead(Commands commands);
void RegisterCustodian(Commands commands);
void RegisterHold(Commands commands);
void RegisterRelease(Commands commands);
void RegisterShred(Commands commands);
void RegisterTransfer(Commands commands);
void RegisterReceive(Commands commands);
void RegisterNote(Commands commands);
void RegisterRule(Commands commands);
void RegisterCollector(Commands commands);
void RegisterCollect(Commands commands);
void RegisterTakeIn(Commands commands);
void RegisterReader(Commands commands);
void RegisterReseal(Commands commands);
void RegisterHistory(Commands commands);
void RegisterCase(Commands commands);
void RegisterTimeline(Commands commands);
void RegisterKeygen(Commands commands);
void RegisterHelp(Commands commands);
void RegisterVersion(Commands commands);

// -i FILE and EXHIBIT_IDENTITY: who reads.
struct ReaderOptions {
  std::vector<std::string> identity_files;
  void AddTo(CLI::App& command);
};

// The identity files that -i or EXHIBIT_IDENTITY names.
std::vector<std::string> IdentityFilesOf(const ReaderOptions& options);

// The secret half of the vault key, if the user gave a way to it: -i or EXHIBIT_IDENTITY, or, if the vault is
// sealed to a passphrase, EXHIBIT_PASSPHRASE_FILE or _COMMAND. `ask` allows a prompt; then having
// no way is an error. Otherwise it returns nothing.
//   kWrongKey  the identities do not open the vault's key
enum class Ask : std::uint8_t { kNever, kIfNeeded };
Result<std::optional<VaultKeys>> FindReader(const Globals& globals, const ReaderOptions& options, Ask ask);

// The origin that the vault's head names, for prompts and to find files. Does not check the head's signature.
Result<tlog::Origin> OriginOf(const Globals& globals);

// The passphrases of this command (passphrase.h), for the vault's keys.
custody::PassphraseProvider PassphrasesOf(const Globals& globals);

// Numbers of entries as the user types them: "7", "3-9". kInvalid naming the word.
Result<std::vector<tlog::Sequence>> ParsePositions(const std::vector<std::string>& words);

// Opens a vault for reading and prints its remarks.
Result<std::unique_ptr<VaultReader>> OpenVault(const Globals& globals);

// Metadata as JSON for machines.
Json JsonOf(const seal::Metadata& metadata);

}  // namespace exhibit::cli
