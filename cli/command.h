// Shared by the commands: the options that all take, and how they find vaults, keys and readers.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "cli/command_line.h"
#include "cli/exit_code.h"
#include "cli/interrupt.h"
#include "cli/json_output.h"
#include "cli/lost.h"
#include "cli/options.h"
#include "vault/base/error.h"
#include "vault/session/remote_vault.h"
#include "vault/session/vault.h"

namespace exhibit::cli {

// Options before or after the command's name.
struct Globals {
  std::string vault;              // --vault, else EXHIBIT_VAULT, else the configuration, else the current directory
  std::string config;             // --config, else EXHIBIT_CONFIG
  std::vector<std::string> pins;  // --pin: signed checkpoints that the log must extend
  bool quiet = false;

  void AddTo(const Command& program);
  // The words after those of these options: a command, if they are all that stands before it.
  static std::span<char* const> PassOver(std::span<char* const> words);
  // Where the vault is: its folder or, of one on an object store, the folder in which this user keeps the rest of it.
  // REQUIRES: of one on an object store, Locate.
  std::filesystem::path VaultFolder() const;
  // As the user named it.
  std::string VaultName() const;
  // Finds a vault on an object store; nothing is to be done for one in a folder. A command that has a vault does it first.
  Result<void> Locate() const;
  // After the command: puts key files that it changed into the bucket of a vault on an object store.
  Result<void> ShareKeyFiles() const;
  // What the configuration says of the vault that is meant. kInvalid, kDenied; kNotFound for a file that was named.
  Result<SettingValues> ReadSettings() const;
  OpenOptions Opening() const {
    return {{pins.begin(), pins.end()}, remote == nullptr ? nullptr : &remote->engine(), &Interrupted(), &Lost()};
  }

  mutable std::shared_ptr<RemoteVault> remote = nullptr;  // once it was found; shared with copies of this
};

// Does what a command does with its vault, found before and left in order after it.
template <typename Action>
Result<ExitCode> WithVault(const Globals& globals, Action action) {
  TRY_VOID(globals.Locate());
  Result<ExitCode> done = action();
  if (done) TRY_VOID(globals.ShareKeyFiles());
  return done;
}

// What a command registers itself with.
struct Commands {
  Command program;
  Globals& globals;

  // `command` does `action`, a function of its arguments and the globals, with the vault that they name.
  template <typename Arguments, typename Action>
  void Run(const Command& command, const std::shared_ptr<Arguments>& arguments, Action action) const {
    command.Runs([arguments, action, &given = globals] {
      return WithVault(given, [&]() -> Result<ExitCode> { return action(*arguments, given); });
    });
  }
  // The same for what needs no vault: nobody is asked for one that is on an object store.
  template <typename Arguments, typename Action>
  void RunWithoutVault(const Command& command, const std::shared_ptr<Arguments>& arguments, Action action) const {
    command.Runs([arguments, action, &given = globals] { return action(*arguments, given); });
  }
};

// Every command, in the order of the help. Each is a function, `RegisterInit` and so on, in the file of its name.
// clang-format off
#define EXHIBIT_COMMANDS(DO) \
  DO(Init) DO(Kit) DO(Status) DO(Doctor) DO(Add) DO(List) DO(Show) DO(Cat) DO(Restore) DO(Log) DO(Verify) DO(Export) DO(Prove) DO(VerifyBundle) DO(Checkpoint) \
  DO(Publish) DO(Replicate) DO(VerifyLog) DO(Timestamp) DO(Witness) DO(ForkProof) DO(RecoverHead) DO(Rescue) DO(RotateLogKey) \
  DO(Custodian) DO(Suspend) DO(Lift) DO(Recover) DO(Hold) DO(Release) DO(Shred) DO(Transfer) DO(Receive) DO(Note) \
  DO(Rule) DO(Retain) DO(Policies) DO(Reader) DO(Reseal) DO(Collector) DO(Collect) DO(TakeIn) DO(History) DO(Case) DO(Timeline) \
  DO(Keygen) DO(Passphrase) DO(Help) DO(Version)
// clang-format on
#define EXHIBIT_DECLARE(name) void Register##name(Commands commands);
EXHIBIT_COMMANDS(EXHIBIT_DECLARE)
#undef EXHIBIT_DECLARE

// -i FILE and EXHIBIT_IDENTITY: who reads. `-i -` asks for the passphrase of a vault that is sealed to one.
struct ReaderOptions {
  std::vector<std::string> identity_files;
  void AddTo(const Command& command);
};

// The identity files that -i or EXHIBIT_IDENTITY names, without "-".
std::vector<std::string> IdentityFilesOf(const ReaderOptions& options);

// The secret half of the vault key, if the user gave a way to it: -i or EXHIBIT_IDENTITY, or, if the vault is
// sealed to a passphrase, EXHIBIT_PASSPHRASE_FILE or _COMMAND. `ask` allows a prompt; then having
// no way is an error. Otherwise it returns nothing.
//   kWrongKey  the identities do not open the vault's key
enum class Ask : std::uint8_t { kNever, kIfNeeded };
Result<std::optional<VaultKeys>> FindVaultKeys(const Globals& globals, const ReaderOptions& options, Ask ask);

// The origin that the vault's head names, for prompts and to find files. Does not check the head's signature.
Result<tlog::Origin> OriginOf(const Globals& globals);

// The passphrases of this command (passphrase.h), for the vault's keys.
custody::PassphraseProvider PassphrasesOf(const Globals& globals);

// Numbers of entries as the user types them: "7", "3-9". kInvalid naming the word.
Result<std::vector<tlog::Sequence>> ParsePositions(const std::vector<std::string>& words);

// Opens a vault for reading and prints its remarks.
Result<std::unique_ptr<VaultReader>> OpenVault(const Globals& globals);

}  // namespace exhibit::cli
