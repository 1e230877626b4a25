// What the system tells of a file beside its content: times with nanoseconds, owner, mode, links, extended attributes, access
// control list, holes. Nothing fails: what the system does not tell is not there. Of extended attributes that are too long for
// a field the name ends in kShortened, and the value is the SHA-256 of theirs, hex.
#pragma once

#include <sys/stat.h>

#include <filesystem>

#include "vault/custody/item_facts.h"
#include "vault/intake/walk.h"

namespace exhibit::intake {

inline constexpr std::string_view kShortened = "#sha256";

// Name, path, type, target of a link, times and system facts. A symbolic link is looked at itself. Call it before the file
// is read, which changes the time of access. May be called from several threads.
custody::ItemFacts FactsOfFile(const Found& found);

// Modified and changed, as they are now that the file was opened: a log may have been written since it was found.
void RenewTimes(custody::FileTimes& times, const struct ::stat& status);

// The text of a POSIX access control list, as getfacl writes it on one line: "user::rw-,user:1000:r--,group::r--,mask::r--,
// other::---". Of bytes that are none, the bytes. `xattr`: the value of system.posix_acl_access.
std::string AclText(std::string_view xattr);

}  // namespace exhibit::intake
