// What the jobs in work/ need of an open writer beside its public face. Nothing else includes this file (tests/house).
#pragma once

#include "vault/session/vault_writer.h"

namespace exhibit {

// References into one writer, which must outlive them.
struct WriterHands {
  static WriterHands Of(VaultWriter& writer) {
    return {writer, writer.paths_, *writer.store_, writer.appender_, writer.log_keys_, writer.label_secret_};
  }
  // Opens a writer after `reader`, whose head is the one to go on from. `lock` is the vault's.
  static Result<std::unique_ptr<VaultWriter>> OpenBehind(FileLock lock, const VaultReader& reader,
                                                         const VaultWriter::Options& options,
                                                         const custody::PassphraseProvider& passphrase, Pool& pool) {
    return VaultWriter::OpenBehind(std::move(lock), reader, options, passphrase, pool);
  }

  const VaultWriter& vault;
  const VaultPaths& paths;
  store::Store& store;
  store::Appender& appender;
  LogSecrets& log_keys;
  const std::optional<custody::LabelSecret>& label_secret;
};

}  // namespace exhibit
