#include "vault/work/rotate_log_key.h"

#include <cerrno>
#include <cstdio>

#include "vault/base/file.h"
#include "vault/session/key_files.h"
#include "vault/session/label_key.h"
#include "vault/session/writer_hands.h"

namespace exhibit::work {
namespace {

// Durable before any entry names it: a log whose key is lost could never be added to again. And whole or not there,
// because the next writer reads it.
Result<void> WriteNextKey(const std::filesystem::path& path, const crypto::SecretText& key, const NewLogKey& request) {
  const std::filesystem::path under_way = key_files::UnderWay(path);
  TRY_VOID(custody::SaveSecretLine(under_way, key, request.passphrase, request.work));
  if (std::rename(under_way.c_str(), path.c_str()) != 0) return Fail(SystemError("rename to", path, errno));
  return SyncFolder(path.parent_path());
}

Result<std::optional<tlog::MlDsaSigningKey>> NextMlDsa(const custody::LogKeyList& present, const NewLogKey& request) {
  if (!present.ml_dsa && request.ml_dsa == NewLogKey::MlDsa::kAsBefore) return std::optional<tlog::MlDsaSigningKey>();
  TRY(tlog::MlDsaSigningKey key, tlog::MlDsaSigningKey::Generate(present.ed25519.name()));
  return std::optional(std::move(key));
}

// Of a kind: the present one, and then the next.
template <typename Key, typename Verifier>
void KeepAndAdd(std::vector<Key>& keys, const Verifier& present, Key next) {
  std::erase_if(keys, [&](const Key& key) { return key.verifier() != present; });
  keys.push_back(std::move(next));
}

}  // namespace

Result<store::Committed> RotateLogKey(VaultWriter& vault, const NewLogKey& request) {
  const WriterHands hands = WriterHands::Of(vault);
  const custody::LogKeyList present = hands.appender.state().log_keys().present();
  auto next = tlog::SigningKey::Generate(present.ed25519.name());
  TRY(auto next_ml_dsa, NextMlDsa(present, request));
  custody::LogKeyList named{next.verifier()};
  if (next_ml_dsa) named.ml_dsa = next_ml_dsa->verifier();
  store::Appender::Act act{
      custody::LogKeyChange{std::move(named), request.compromised_since}, request.fields, {}, request.cosigner};
  TRY_VOID(hands.appender.MayCommit(act));
  TRY_VOID(WriteNextKey(hands.paths.next_log_key, next.ToSecretText(), request));
  KeepAndAdd(hands.log_keys.ed25519, present.ed25519, std::move(next));
  if (next_ml_dsa) {
    TRY_VOID(WriteNextKey(hands.paths.next_log_pq_key, next_ml_dsa->ToSecretText(), request));
    KeepAndAdd(hands.log_keys.ml_dsa, present.ml_dsa, std::move(*next_ml_dsa));
  }
  hands.appender.UseLogKeys(hands.log_keys.Signers());
  TRY(store::Committed committed, hands.appender.CommitLogKey(std::move(act)));
  TRY_VOID(key_files::PutNextLogKeysInPlace(hands.paths));
  // The label secret stays protected as the log's key is.
  if (hands.label_secret) {
    TRY_VOID(ProtectLabelSecret(hands.paths, *hands.label_secret, request.passphrase, request.work));
  }
  return committed;
}

}  // namespace exhibit::work
