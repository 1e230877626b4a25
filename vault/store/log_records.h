// The records of a log file as RocksDB writes it (its write-ahead logs and its MANIFEST), checked to the last
// byte. RocksDB itself treats a damaged last record as one that was cut short, and says nothing.
//
//   file    = blocks of 32,768 bytes, the last one shorter
//   block   = records, then fewer than a record's header of zeros
//   record  = checksum u32 | length u16 | type u8 | [log number u32] | data      (integers little-endian)
//   type    = 1 full, 2 first, 3 middle, 4 last; 5 to 8 the same with a log number (of files that are reused)
//
// The checksum is CRC-32C over type, log number and data, "masked": rotated right by 15 bits, plus 0xa282ead8.
// (RocksDB's db/log_format.h.)
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "vault/base/bytes.h"

namespace exhibit::store {

struct LogRecords {
  std::uint64_t whole = 0;       // records that are whole and right
  std::uint64_t good_bytes = 0;  // up to the end of the last of them
  // What is wrong after them, if anything is.
  std::optional<std::string> fault;
  // True if the file ends within a record, as after a power cut. Otherwise the fault is damage.
  bool is_torn = false;
};

// Told the first bytes of each whole record, in their order: kRecordStart of them, or all of a shorter record.
inline constexpr std::size_t kRecordStart = 12;
using RecordStarts = std::function<void(ByteView start)>;

LogRecords CheckLogRecords(ByteView file, const RecordStarts& starts = {});

// CRC-32C (Castagnoli), as RFC 3720 defines it.
std::uint32_t Crc32c(ByteView bytes, std::uint32_t before = 0);

}  // namespace exhibit::store
