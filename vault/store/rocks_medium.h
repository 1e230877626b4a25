// Every byte of the store's files that reading entries and sealed files does not see change.
//
// Reading finds what is wrong with what it reads: blocks of sorted files have checksums, entries and sealed
// files hashes that are signed. It does not see a flipped bit in a sorted file's index, filter, footer or
// padding, in a record of a log that is taken for its torn end, in a list of files, or bytes that nobody
// owns. Here each file of the store is looked at whole:
//
//   NNNNNN.sst       against the checksum of the whole file that the MANIFEST keeps
//   NNNNNN.log       each record's checksum, to the last byte; a torn end is a remark, as a power cut leaves it
//   MANIFEST-NNNNNN  the same, of the one that CURRENT names
//   packs/NNNNNN     its size against what entries name; what is in it, entries and their hashes say
//   CURRENT          is read at each opening
//   LOCK, IDENTITY   mean nothing
//
// Any other file is a remark: it is no part of the store.
#pragma once

#include <rocksdb/db.h>

#include <filesystem>
#include <vector>

#include "vault/store/packs.h"
#include "vault/verify/source.h"

namespace exhibit::store {

// Fails only where a file could not be read at all. REQUIRES: no writer is at work, or what it changes
// meanwhile may be named.
Result<std::vector<verify::MediumFault>> CheckRocksMedium(const std::filesystem::path& store_folder,
                                                          rocksdb::DB& database, const Packs& packs);

}  // namespace exhibit::store
