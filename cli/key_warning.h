// A key that was made on a medium without permissions, such as a stick: said when it is made, because later nobody can mend it.
#pragma once

#include <filesystem>

namespace exhibit::cli {

// Warns if others may read the new file, which has no passphrase and was made for its owner alone.
void WarnOfOpenKey(const std::filesystem::path& key);

}  // namespace exhibit::cli
