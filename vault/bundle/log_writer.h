// Writes the files of log/ (log_files.h) from their beginnings to their ends, some of them at once, and keeps what is in
// them for as long as it is little: report.html has a copy of a small log.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "vault/bundle/bag.h"

namespace exhibit::bundle {

// Of all files of log/ together; some 250 items.
inline constexpr std::uint64_t kMaxCopiedLogBytes = 512 << 10;

// Texts by their paths, such as "log/entries".
using LogTexts = std::map<std::string, std::string, std::less<>>;

class LogWriter {
 public:
  // `bag` outlives this.
  explicit LogWriter(BagWriter& bag) : bag_(bag) {}

  // To the end of this file, which is made if it is not there. Errors of the bag.
  Result<void> Append(std::string_view path, std::string_view text);
  // Nothing is appended any more.
  Result<void> Finish();

  // All files as they are, if they have at most kMaxCopiedLogBytes.
  const std::optional<LogTexts>& copy() const { return copy_; }

 private:
  BagWriter& bag_;
  std::map<std::string, BagWriter::File, std::less<>> files_;
  std::optional<LogTexts> copy_ = LogTexts();
  std::uint64_t bytes_ = 0;
};

}  // namespace exhibit::bundle
