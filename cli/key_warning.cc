#include "cli/key_warning.h"

#include "cli/terminal.h"
#include "vault/base/format.h"
#include "vault/base/text.h"
#include "vault/custody/key_file.h"

namespace exhibit::cli {

void WarnOfOpenKey(const std::filesystem::path& key) {
  if (!custody::IsOpenToOthers(key)) return;
  Say(Format(
      "warning: {} is on a medium that keeps no permissions, and has no passphrase: whoever gets the medium has the "
      "key",
      Printable(key.native())));
}

}  // namespace exhibit::cli
