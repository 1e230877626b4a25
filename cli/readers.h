// Whom the file of the vault's key is sealed to, where that is what the log says.
//
// A log that somebody forged could name other readers, and who seals to them locks out whoever reads today. So the vault
// must be one that this user saw before, or a checkpoint that they brought must name it (--pin); else the readers are shown
// and somebody says that it is right.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "cli/command.h"
#include "vault/custody/person_facts.h"

namespace exhibit::cli {

enum class Answer : std::uint8_t { kAsk, kYes };

// kDenied if they were not confirmed. Says nothing if there are none, or if the vault is known.
Result<void> ConfirmReaders(const Globals& globals, const VaultReader& vault,
                            const std::vector<custody::ReaderFacts>& readers, Answer answer);

// "age1… (Bob Analyst)"
std::string WhoIs(const custody::ReaderFacts& reader);

}  // namespace exhibit::cli
