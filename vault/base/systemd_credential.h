// Whether a file is a credential that systemd gave to this unit.
//
// systemd gives a unit a folder of its own for them (CREDENTIALS_DIRECTORY). Who may read them is in access control lists, which
// show as the group's bits: there these do not mean that others can read the file.
#pragma once

#include <filesystem>

namespace exhibit {

bool IsSystemdCredential(const std::filesystem::path& path);

}  // namespace exhibit
