// Profiles (intake/profile.h) as TOML: those that come with the program, and a user's own.
//
//   title = "What a responder takes from a Linux machine first"
//   seconds = 60                     # how long each command may take; each may say its own
//   exclude = ["*.swp"]              # patterns, as --exclude has them
//
//   [[step]]
//   name = "processes.txt"           # the item's name
//   run = "ps auxww"                 # as sh -c runs it; what it writes is the item
//   kind = "log"                     # where the guess would be another
//
//   [[step]]
//   files = ["/var/log", "/home/*/.bash_history"]
//
// Steps are taken in the order of the file. A key that is not known is an error that names its line. Unlike the configuration,
// a profile is named for the one command that uses it, as a script is, so it may lie on a stick where everybody can write.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "vault/base/error.h"
#include "vault/intake/profile.h"

namespace exhibit::cli {

// `named` is the name of one that comes with the program, or a file: what has a '/' or ends with ".toml". kNotFound lists the
// names that there are.
Result<intake::Profile> FindProfile(const std::string& named);
// The same as text, which is a profile's.
struct NamedProfile {
  std::string name;
  std::string place;  // what an error calls the text
  std::string text;
};
Result<NamedProfile> ReadProfile(const std::string& named);

struct BuiltInProfile {
  std::string_view name;
  std::string_view text;  // TOML
};
const std::vector<BuiltInProfile>& BuiltInProfiles();

// kInvalid with the line. `place` is what an error calls the text.
Result<intake::Profile> ParseProfile(const std::string& name, const std::string& place, std::string_view text);

}  // namespace exhibit::cli
