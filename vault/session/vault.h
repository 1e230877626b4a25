// A vault: one folder, one log, its items. This is the face of the library; start here.
//
//   DIR/
//     HEAD                    the signed checkpoint that was last acknowledged
//     LOCK                    held by the one who adds
//     cosigned/<size>         the checkpoint of that size with the cosignatures that were collected for it
//     keys/SHA256SUMS         digests of the files beside it; so in cosigned/ (store/folder_sums.h)
//     keys/log-pq.key         likewise, where the log has an ML-DSA-44 key
//     keys/log.key            signs checkpoints; an age file under a passphrase, or plain (0600)
//     keys/label.key          labels entries for cases; protected likewise (session/label_key.h)
//     keys/reader.age         the vault's secret half, sealed to its readers; `age -d` opens it
//     keys/recovery.age       the recovery key, sealed likewise, where there is one (session/recovery_key.h)
//     keys/….next             while one of these is being replaced: what takes its place (session/key_files.h)
//     store/                  entries, tiles, headers, blocks, checkpoints (store/rocks_store.h)
//
// A vault is made by work/make_vault.h, read through `VaultReader` (which writes nothing into DIR), and
// added to through `VaultWriter`. Adding needs the log's key and a custodian's signing key, and no
// secret of the readers. Every open compares the store with HEAD and with the head that the user's
// state directory keeps, and refuses a log that lost its end or is another one; nothing is repaired.
#pragma once

#include "vault/session/custodian_key.h"
#include "vault/session/label_key.h"
#include "vault/session/reader_keys.h"
#include "vault/session/recovery_key.h"
#include "vault/session/vault_paths.h"
#include "vault/session/vault_reader.h"
#include "vault/session/vault_writer.h"
