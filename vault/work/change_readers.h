// Changing who reads: the file of the vault's key is sealed to other readers.
#pragma once

#include <vector>

#include "vault/session/reader_keys.h"
#include "vault/session/vault_writer.h"

namespace exhibit::work {

// From an entry on, the vault's key is sealed to these readers and to nobody else. `keys` are those that the file holds
// now (OpenReaderKeys). A crash leaves the old file or the new one, and the next writer ends what was begun.
Result<store::Committed> ChangeReaders(VaultWriter& vault, std::vector<custody::Reader> readers, seal::Identities keys,
                                       const tlog::SigningKey* cosigner);

// What the file of the vault's key is sealed to.
std::vector<seal::X25519Recipient> RecipientsOf(const std::vector<custody::Reader>& readers);

}  // namespace exhibit::work
