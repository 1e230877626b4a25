// What `doctor` asks the operating system: room on the disk, the clock, limits of the process, rights of others.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "vault/work/doctor.h"

namespace exhibit::work {

// Room where the vault is, and where containers are unpacked; a file system that keeps nothing, or is not on this machine.
std::vector<Symptom> LookAtSpace(const std::filesystem::path& vault);

// Whether something keeps the clock right, and whether it is after this program was made.
std::vector<Symptom> LookAtClock();

// Open files, locked memory, sizes of files.
std::vector<Symptom> LookAtLimits();

// "…/keys can be read by others (mode 0755)"; nothing if it cannot.
std::optional<std::string> OthersMay(const std::filesystem::path& place);

}  // namespace exhibit::work
