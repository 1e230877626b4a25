#include "vault/session/recovery_key.h"

#include "vault/base/file.h"
#include "vault/base/format.h"
#include "vault/base/text.h"
#include "vault/custody/actor.h"
#include "vault/session/opening.h"
#include "vault/tlog/note.h"

namespace exhibit {

tlog::SigningKey GenerateRecoveryKey(const tlog::Origin& origin) {
  auto name = tlog::KeyName::Parse(custody::RecoveryKeyName(origin));
  EXHIBIT_ASSERT(name);  // an origin leaves room for it
  return tlog::SigningKey::Generate(std::move(*name));
}

Result<Bytes> SealRecoveryKey(const tlog::SigningKey& key, const KeyFileSeal& seal) {
  const crypto::SecretText text = key.ToSecretText();
  Bytes line;
  line.reserve(text.ExposeSecret().size() + 1);
  Append(line, ViewOf(text.ExposeSecret()));
  line.push_back('\n');
  auto sealed = SealKeyText(line, seal);
  crypto::Wipe(line);
  return sealed;
}

Result<tlog::SigningKey> OpenRecoveryKey(const std::filesystem::path& vault, seal::Identities identities,
                                         const custody::PassphraseProvider& passphrase) {
  TRY_VOID(opening::RequireVault(vault));
  const std::filesystem::path path = VaultPaths(vault).recovery_key;
  if (IsAbsent(path)) {
    return Fail(ErrorCode::kNotFound,
                Format("this vault has no recovery key: {} is not there", Printable(path.native())),
                "`exhibit reader recovery-key -i FILE` makes one");
  }
  return OpenRecoveryKeyFile(path, identities, passphrase);
}

Result<tlog::SigningKey> OpenRecoveryKeyFile(const std::filesystem::path& path, seal::Identities identities,
                                             const custody::PassphraseProvider& passphrase) {
  const std::string what = "recovery key " + Printable(path.native());
  TRY(const crypto::SecretText text, OpenKeyText(path, what, identities, passphrase));
  std::string_view line = text.ExposeSecret();
  line = line.substr(0, line.find('\n'));
  auto key = tlog::SigningKey::Parse(line);
  if (!key) return Fail(std::move(key).error().In(what));
  if (key->verifier().name().text().ends_with("/recovery")) return key;
  return Fail(ErrorCode::kInvalid,
              Format("{} holds the key {}, which is no recovery key", what, Printable(key->verifier().name().text())));
}

}  // namespace exhibit
