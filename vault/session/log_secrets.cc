#include "vault/session/log_secrets.h"

#include "vault/base/format.h"
#include "vault/base/text.h"
#include "vault/crypto/ml_dsa.h"

namespace exhibit {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kHintNoLogKey =
    "a copy that `exhibit replicate` made has no log key, and is not added to: add to the vault that it is a copy of. "
    "If this is the vault, the file was lost: a kit has it (exhibit help kit)";

// Who signs heads with a key that this program does not have could only sign half of one.
Result<void> RequireSignable(const custody::LogKeyList& keys) {
  if (!keys.ml_dsa || crypto::HasMlDsa()) return {};
  return Fail(
      ErrorCode::kUnsupported,
      Format("the log of {} has a key of type 06 (ML-DSA-44) that signs each of its heads, and this program cannot "
             "sign with it",
             Printable(keys.ed25519.name().text())),
      "add to it where OpenSSL is 3.5 or newer, as on Debian 13; reading and verifying work here");
}

// Where there is none, the hint says why that may be.
Result<tlog::SigningKey> LoadEd25519Key(const fs::path& path, const custody::PassphraseProvider& passphrase) {
  auto key = custody::LoadKey(path, passphrase);
  if (key || key.error().code != ErrorCode::kNotFound) return key;
  return Fail(std::move(key).error().Hint(kHintNoLogKey));
}

// The key of `file` and that of `next`; the one that the log names is among them.
template <typename Key, typename Verifier, typename Load>
Result<std::vector<Key>> LoadPair(const fs::path& file, const fs::path& next_file, const Verifier& wanted, Load load) {
  std::vector<Key> keys;
  Result<Key> next = load(next_file);
  // Where the log names the next one already, the other may be half erased.
  if (next && next->verifier() == wanted) {
    Result<Key> before = load(file);
    if (before) keys.push_back(std::move(*before));
    keys.push_back(std::move(*next));
    return keys;
  }
  TRY(Key present, load(file));
  const bool is_wanted = present.verifier() == wanted;
  keys.push_back(std::move(present));
  if (next) {
    keys.push_back(std::move(*next));
  } else if (next.error().code != ErrorCode::kNotFound) {
    return Fail(std::move(next).error());
  }
  if (is_wanted) return keys;
  return Fail(ErrorCode::kDenied, Printable(file.native()) + " is not this vault's log key");
}

}  // namespace

Result<tlog::MlDsaSigningKey> LoadMlDsaKey(const fs::path& path, const custody::PassphraseProvider& passphrase) {
  TRY(const crypto::SecretText line,
      custody::LoadSecretLine(path, "signing key", custody::kPlainKeyPrefix, passphrase));
  auto key = tlog::MlDsaSigningKey::Parse(line.ExposeSecret());
  if (!key) return Fail(std::move(key).error().In("signing key " + Printable(path.native())));
  return key;
}

Result<LogSecrets> LoadLogSecrets(const VaultPaths& paths, const custody::LogKeys& known,
                                  const custody::PassphraseProvider& passphrase) {
  const custody::LogKeyList& named = known.present();
  TRY_VOID(RequireSignable(named));
  LogSecrets secrets;
  TRY(secrets.ed25519,
      LoadPair<tlog::SigningKey>(paths.log_key, paths.next_log_key, named.ed25519,
                                 [&](const fs::path& path) { return LoadEd25519Key(path, passphrase); }));
  if (!named.ml_dsa) return secrets;
  TRY(secrets.ml_dsa,
      LoadPair<tlog::MlDsaSigningKey>(paths.log_pq_key, paths.next_log_pq_key, *named.ml_dsa,
                                      [&](const fs::path& path) { return LoadMlDsaKey(path, passphrase); }));
  return secrets;
}

}  // namespace exhibit
