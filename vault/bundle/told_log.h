// The files of log/ taken apart and put together (log_files.h says what is in each). Read strictly: one spelling, in order
// of position. What an entry, a field list or a header is, others know; here they are bytes (log_part.h has entries).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "vault/base/bytes.h"
#include "vault/base/error.h"
#include "vault/bundle/log_part.h"
#include "vault/tlog/sequence.h"

namespace exhibit::bundle {

inline constexpr std::size_t kMaxTimestamps = 16;

// No entry is shorter, so a file of log/ has no more blocks than it can tell entries.
inline constexpr std::size_t kLeastEntryBytes = 256;
inline constexpr std::size_t kMaxBlocks = (std::size_t{1} << 31) / kLeastEntryBytes;

// What follows a line "= N": lines with their line feeds, by their place in the file.
struct ToldBlock {
  tlog::Sequence entry;
  ByteRange lines;
};
// log/layouts and log/headers. kInvalid for positions that do not ascend, lines before the first, and more than kMaxBlocks.
Result<std::vector<ToldBlock>> FindBlocks(const LogPart& part);
// log/fields, where the line is "= N count". kInvalid for another number of lines, too.
Result<std::vector<ToldBlock>> FindFieldBlocks(const LogPart& part);
// REQUIRES: `lines` end in a line feed.
void AppendBlock(std::string& text, tlog::Sequence entry, std::string_view lines);

// log/files: a line "N  name" for each file below data/.
struct ToldFile {
  tlog::Sequence entry;
  std::string name;  // below data/
};
// kInvalid for positions that do not ascend, a name that is there twice or is not printable ASCII, and more files than a
// bundle has.
Result<std::vector<ToldFile>> ParseFiles(std::string_view text);
void AppendFile(std::string& text, const ToldFile& file);

// log/timestamps: 1 to kMaxTimestamps tokens. kInvalid for others, and a line that is no base64 of 1 to 32,768 bytes.
Result<std::vector<Bytes>> ParseTokens(std::string_view text);
void AppendToken(std::string& text, ByteView token);

}  // namespace exhibit::bundle
