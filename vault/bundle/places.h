// Which file of a bundle is what, by its name. layout.h draws them.
#pragma once

#include <string_view>

namespace exhibit::bundle {

// The bag's own files, those of log/, and the files for people: every name that a bundle may have, but those below data/.
bool IsTagFile(std::string_view path);

// Files that are made for people to read and prove nothing.
bool IsCompanion(std::string_view path);

}  // namespace exhibit::bundle
