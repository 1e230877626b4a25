// A vault: one folder, one log, its items. This is the face of the library; start here.
//
//   DIR/
//     HEAD                    the signed checkpoint that was last acknowledged
//     LOCK                    held by the one who adds
//     cosigned/<size>         the checkpoint of that size with the cosignatures that were collected for it
//     keys/SHA256SUMS         digests of the two below; so in cosigned/ (store/folder_sums.h)
//     keys/log.key            signs checkpoints; an age file under a passphrase, or plain (0600)
//     keys/log.key.next       while the log's key is being replaced: the one that takes its place
//     keys/reader.age         the vault's secret half, sealed to its readers; `age -d` opens it
//     keys/reader.age.next    while that is being replaced: what takes its place
//     store/                  entries, tiles, headers, blocks, checkpoints (store/rocks_store.h)
//
// A vault is made by work/make_vault.h, read through `VaultReader` (which writes nothing into DIR), and
// added to through `VaultWriter`. Adding needs the log's key and a custodian's signing key, and no
// secret of the readers. Every open compares the store with HEAD and with the head that the user's
// state directory keeps, and refuses a log that lost its end or is another one; nothing is repaired.
#pragma once

#include "vault/session/custodian_key.h"
#include "vault/session/reader_keys.h"
#include "vault/session/vault_paths.h"
#include "vault/session/vault_reader.h"
#include "vault/session/vault_writer.h"
