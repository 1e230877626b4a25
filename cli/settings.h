// The configuration file: what a user does not want to type with every command. It is TOML:
//
//   vault = "~/case"
//   identity = "reader.txt"                  # a path without / in front begins at the file's own folder
//   source = "fs01"
//
//   [vaults."x7.example/q4d2"]               # counts for the vault of this origin, and more than what is above
//   case = "IR-2025-014"
//   tsa = "https://tsa.example/"
//
// A command takes a value from here where the user gave neither the option nor its variable. A key that is not known is an
// error that names its line, because a setting that is not heeded is worse than none. Secrets have no place in it.
//
// It lies at $XDG_CONFIG_HOME/exhibit/config.toml (else ~/.config/…); --config FILE or EXHIBIT_CONFIG names another one.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "cli/command_line.h"
#include "vault/base/error.h"

namespace exhibit::cli {

class Settings {
 public:
  // kInvalid with the line; kDenied for a file that somebody else can change, because it says whom to believe.
  static Result<Settings> Read(const std::filesystem::path& file);

  // What holds for the vault of this origin. Nothing: no vault is there, or it is not known which.
  SettingValues For(const std::optional<std::string>& origin) const;
  // The vault that it names; empty if it names none.
  std::string Vault() const;

 private:
  SettingValues general_;
  std::map<std::string, SettingValues> vaults_;  // by origin
};

// The file that holds: the one that was named, or the user's own if it is there.
std::optional<std::filesystem::path> SettingsPlace(const std::string& given);

}  // namespace exhibit::cli
