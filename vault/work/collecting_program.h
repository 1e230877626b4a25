// The collecting programs that a kit carries, one for each kind of machine.
//
// A file that is certainly for another kind is refused: on the machine itself it would be found out too late. Nothing else is
// known of it; whoever makes the kit signs its digest.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "vault/base/bytes.h"
#include "vault/base/error.h"

namespace exhibit::work {

enum class System : std::uint8_t { kLinuxX8664, kLinuxArm64, kWindowsX8664 };

// "linux-x86-64", as kits and command lines write it.
std::string_view ToText(System system);
// kInvalid with the words that there are.
Result<System> ParseSystem(std::string_view word);
// Of the machine that this runs on; nothing for one that has no word.
std::optional<System> ThisSystem();

// "programs/linux-x86-64/exhibit-collect", within a kit.
std::string NameInKit(System system);

struct CollectingProgram {
  System system;
  std::filesystem::path file;
};

// What its first bytes say of a program.
struct ProgramLook {
  std::optional<System> system;  // nothing for a script, or what is not known here
  bool needs_libraries = false;  // it asks for a dynamic loader, and so for libraries of the machine
};
ProgramLook LookAtProgram(ByteView beginning);

// kInvalid if the program's bytes are those of one for another system.
Result<ProgramLook> CheckProgram(const CollectingProgram& program, ByteView bytes);

// "linux-x86-64=FILE". kInvalid for anything else.
Result<CollectingProgram> ParseProgram(std::string_view word);

// The `exhibit-collect` beside the program that runs; nothing if there is none.
std::optional<CollectingProgram> ProgramBesideThis();

}  // namespace exhibit::work
