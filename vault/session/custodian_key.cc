#include "vault/session/custodian_key.h"

#include <cstdlib>

#include "vault/base/format.h"
#include "vault/base/text.h"
#include "vault/custody/actor.h"
#include "vault/store/kept_heads.h"

namespace exhibit {

namespace fs = std::filesystem;

Result<fs::path> UserKeyPath(const tlog::Origin& origin) {
  const std::string name = store::FileNameFor(origin) + ".key";
  const char* const config = std::getenv("XDG_CONFIG_HOME");
  if (config != nullptr && *config == '/') return fs::path(config) / "exhibit" / "keys" / name;
  const char* const home = std::getenv("HOME");
  if (home != nullptr && *home == '/') return fs::path(home) / ".config" / "exhibit" / "keys" / name;
  return Fail(ErrorCode::kNotFound, "no place for signing keys: neither XDG_CONFIG_HOME nor HOME is set",
              "name the key's file with --key FILE");
}

Result<tlog::SigningKey> LoadCustodianKey(const fs::path& file, const tlog::Origin& origin,
                                          const custody::PassphraseProvider& passphrase) {
  fs::path path = file;
  if (path.empty()) {
    TRY(path, UserKeyPath(origin));
  }
  auto key = custody::LoadKey(path, passphrase);
  if (!key && key.error().code == ErrorCode::kNotFound) {
    return Fail(ErrorCode::kNotFound, "no signing key for this vault: " + key.error().message,
                "name the key's file with --key FILE or EXHIBIT_KEY");
  }
  if (!key || custody::HandleNumber(key->verifier().name().text(), origin)) return key;
  return Fail(ErrorCode::kDenied,
              Format("signing key {} is named {}, and is no key of a custodian or collector of {}",
                     Printable(path.native()), Printable(key->verifier().name().text()), Printable(origin.text())),
              "name the key's file with --key FILE or EXHIBIT_KEY");
}

}  // namespace exhibit
