#include "vault/session/reader_keys.h"

#include "vault/base/text.h"
#include "vault/session/opening.h"

namespace exhibit {
namespace {

crypto::SecretText TextOfIdentity(const seal::Identity& key) {
  if (const auto* const classical = std::get_if<seal::X25519Identity>(&key)) return classical->ToSecretText();
  const auto* const hybrid = std::get_if<seal::HybridIdentity>(&key);
  EXHIBIT_ASSERT(hybrid != nullptr);  // a vault's key is never an SSH key
  return hybrid->ToSecretText();
}

// The identities' lines, wiped at the end of their scope.
class IdentityLines {
 public:
  explicit IdentityLines(seal::Identities keys) {
    bytes_.reserve(keys.size() * 128);  // one buffer, so that one wipe is enough
    for (const seal::Identity& key : keys) {
      const crypto::SecretText text = TextOfIdentity(key);
      Append(bytes_, ViewOf(text.ExposeSecret()));
      bytes_.push_back('\n');
    }
  }
  ~IdentityLines() { crypto::Wipe(bytes_); }
  IdentityLines(const IdentityLines&) = delete;
  IdentityLines& operator=(const IdentityLines&) = delete;
  ByteView view() const { return bytes_; }

 private:
  Bytes bytes_;
};

}  // namespace

Result<Bytes> SealKeyFile(seal::Identities keys, const KeyFileSeal& seal) {
  EXHIBIT_ASSERT(!keys.empty());
  return SealKeyText(IdentityLines(keys).view(), seal);
}

Result<VaultKeys> OpenReaderKeys(const std::filesystem::path& vault, seal::Identities identities,
                                 const custody::PassphraseProvider& passphrase) {
  TRY_VOID(opening::RequireVault(vault));
  return OpenReaderKeyFile(VaultPaths(vault).reader_key, identities, passphrase);
}

Result<VaultKeys> OpenReaderKeyFile(const std::filesystem::path& path, seal::Identities identities,
                                    const custody::PassphraseProvider& passphrase) {
  const std::string what = "reader key " + Printable(path.native());
  TRY(const crypto::SecretText text, OpenKeyText(path, what, identities, passphrase));
  auto keys = seal::ParseIdentityFile(text.ExposeSecret());
  if (!keys) return Fail(std::move(keys).error().In(what));
  return keys;
}

}  // namespace exhibit
