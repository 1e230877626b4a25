#include "vault/base/systemd_credential.h"

#include <cstdlib>

namespace exhibit {

bool IsSystemdCredential(const std::filesystem::path& path) {
  const char* const folder = std::getenv("CREDENTIALS_DIRECTORY");
  return folder != nullptr && *folder != '\0' && path.parent_path() == std::filesystem::path(folder);
}

}  // namespace exhibit
