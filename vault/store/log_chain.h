// Finds what the store's write-ahead logs have lost, and names the file.
//
// RocksDB opens a store without an error although one of these logs is empty, was cut between two records, or is gone:
// it cannot tell that from a store to which less was written. But each record begins with the number of its first change
// and with how many changes it makes (two integers, little-endian: u64 | u32), and changes are numbered through all logs.
// So a log begins where the one before it ended, and the first one where the newest sorted file ended.
//
// One change may be missing after an honest power cut: the record of a checkpoint is not synced by itself, and a log that
// ended with it may have lost it although the next log is there.
//
// What the newest log lost from its end leaves no gap. Only a head that was acknowledged shows it (head_check.h), and
// then the remarks below say how that log looks.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "vault/base/error.h"
#include "vault/verify/source.h"

namespace exhibit::store {

struct LogChain {
  // Changes that are in no log, each with the names of the files beside the gap: damage, or a remark where a power cut
  // explains it.
  std::vector<verify::MediumFault> gaps;
  // Of the newest log, if it is empty or torn. A crash leaves that, too.
  std::optional<std::string> newest;
};

// `sorted` is the number of the newest change in sorted files, or nothing if that is not known.
Result<LogChain> CheckLogChain(const std::filesystem::path& store_folder, std::optional<std::uint64_t> sorted);

}  // namespace exhibit::store
