// What a collecting kit says to people and to shells: README.txt, collect.sh, collect.cmd.
//
// The shell script starts no program of the machine but the one in the kit where it can do without: the machine may belong to
// an intruder. It keeps what --resume remembers on the stick, so that nothing is written to the machine.
#pragma once

#include <string>
#include <vector>

#include "vault/custody/actor.h"
#include "vault/custody/digests.h"
#include "vault/custody/entry_time.h"
#include "vault/tlog/checkpoint.h"
#include "vault/work/collecting_program.h"

namespace exhibit::work {

struct CollectingKitWords {
  tlog::Origin origin;
  custody::Fingerprint fingerprint;
  custody::Actor collector;
  custody::Actor made_by;
  custody::EntryTime made;
  std::string program = {};          // that made it, with its version
  std::vector<System> systems = {};  // of the programs in it
  std::vector<std::string> cases = {};
  std::string profile = {};  // its name; empty for none
  bool is_key_open = false;  // it has no passphrase
};

std::string CollectingReadme(const CollectingKitWords& words);
std::string ShellScript(const CollectingKitWords& words);
// kInvalid for a case whose name cannot be written there.
Result<std::string> WindowsScript(const CollectingKitWords& words);

}  // namespace exhibit::work
