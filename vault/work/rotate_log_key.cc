#include "vault/work/rotate_log_key.h"

#include <cerrno>
#include <cstdio>

#include "vault/base/file.h"
#include "vault/session/key_files.h"
#include "vault/session/writer_hands.h"

namespace exhibit::work {

Result<store::Committed> RotateLogKey(VaultWriter& vault, const NewLogKey& request) {
  const WriterHands hands = WriterHands::Of(vault);
  const tlog::VerifierKey present = hands.appender.state().log_keys().current();
  auto next = tlog::SigningKey::Generate(present.name());
  // Durable before any entry names it: a log whose key is lost could never be added to again. And whole or
  // not there, because the next writer reads it.
  const std::filesystem::path under_way = key_files::UnderWay(hands.paths.next_log_key);
  if (request.passphrase == nullptr) {
    TRY_VOID(custody::SavePlainKey(under_way, next));
  } else {
    TRY_VOID(custody::SaveSealedKey(under_way, next, *request.passphrase, request.work));
  }
  if (std::rename(under_way.c_str(), hands.paths.next_log_key.c_str()) != 0) {
    return Fail(SystemError("rename to", hands.paths.next_log_key, errno));
  }
  TRY_VOID(SyncFolder(under_way.parent_path()));
  std::erase_if(hands.log_keys, [&](const tlog::SigningKey& key) { return key.verifier() != present; });
  hands.log_keys.push_back(std::move(next));
  hands.appender.UseLogKeys(hands.log_keys);
  TRY(store::Committed committed, hands.appender.CommitLogKey(hands.log_keys.back(), request.compromised_since));
  TRY_VOID(key_files::PutNextLogKeyInPlace(hands.paths));
  return committed;
}

}  // namespace exhibit::work
