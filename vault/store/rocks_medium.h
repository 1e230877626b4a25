// Checks the bytes of the store's files whose change no reading of entries and sealed files would find.
//
// Reading finds changes of what it reads: blocks of sorted files have checksums; entries and sealed
// files have hashes that are signed. It does not find a flipped bit in a sorted file's index, filter, footer or
// padding, in a record of a log that looks like its torn end, or in a list of files, or bytes that no entry
// names. Here each file of the store is checked whole:
//
//   NNNNNN.sst       against the checksum of the whole file that the MANIFEST keeps
//   NNNNNN.log       each record's checksum, to the last byte; a torn end is a remark, as a power cut leaves it. Each log
//                    begins where the one before it ended (log_chain.h)
//   MANIFEST-NNNNNN  the same, of the one that CURRENT names
//   packs/NNNNNN     its size against the places that entries name; their hashes cover its bytes
//   CURRENT          is read at each opening
//   LOCK, IDENTITY   mean nothing
//
// Any other file is a remark: it is not part of the store.
#pragma once

#include <rocksdb/db.h>

#include <filesystem>
#include <vector>

#include "vault/store/packs.h"
#include "vault/verify/source.h"

namespace exhibit::store {

// What the write-ahead logs have lost, for an error of a store in which entries are missing; empty if nothing shows.
std::string DescribeLostLogs(const std::filesystem::path& store_folder, rocksdb::DB& database);

// Fails only if a file could not be read at all. REQUIRES: no writer is at work; otherwise it may name files that
// the writer changes meanwhile.
Result<std::vector<verify::MediumFault>> CheckRocksMedium(const std::filesystem::path& store_folder,
                                                          rocksdb::DB& database, const Packs& packs);

}  // namespace exhibit::store
