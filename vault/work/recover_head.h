// Recovery of a head: goes on from a restored copy of a vault, which is older than a head that somebody kept.
// (A vault whose custodians lost their keys is another matter: recover.h.)
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "vault/session/vault_writer.h"

namespace exhibit::work {

struct RecoveredHead {
  std::vector<LostHead> lost;
  std::vector<std::filesystem::path> kept;  // where each lost head is kept as evidence
  std::vector<tlog::Sequence> entries;      // that record them
  tlog::Checkpoint head;
};

// Told what will be given up; an error of its ends it with nothing changed.
using ConfirmLoss = std::function<Result<void>(const ContradictedVault&)>;

// Records each lost head in an entry, and puts the present head in the place of those that were kept. Lost heads that the
// log records already, as where a second user recovers, get no second entry. The lost heads are kept as evidence first.
// `fields`: of the entries, such as `reason`. `cosigner`, if not null, signs after the actor.
// Errors as of VaultWriter::Open; kNotFound if nothing contradicts,
// kTampered if the store holds entries after ones that it lost.
Result<RecoveredHead> RecoverHead(const VaultWriter::Options& options, const store::Fields& fields,
                                  const ConfirmLoss& confirm, const custody::PassphraseProvider& passphrase, Pool& pool,
                                  const tlog::SigningKey* cosigner = nullptr);

}  // namespace exhibit::work
