// What a failing medium still gives. Reads block by block, puts zeros where a block cannot be read, and keeps a map of these
// gaps, as ddrescue does: all else stands where it stood.
//
// It tries each block once. A disk that is dying should be imaged by ddrescue, which tries the good parts first.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <vector>

#include "vault/base/bytes.h"
#include "vault/base/error.h"
#include "vault/base/file.h"
#include "vault/custody/field.h"

namespace exhibit::intake {

class Salvage {
 public:
  static constexpr std::size_t kBlockBytes = 4096;
  // Neighbours are put together where there are more: outside of the gaps everything was read, however many there are.
  static constexpr std::size_t kMostGaps = 1024;

  // Fills `buffer` with what is in the file from `offset` on, which reading could not do at once; fewer bytes only at its
  // end, or where it breaks off.
  std::size_t ReadAt(const FileDescriptor& file, std::uint64_t offset, MutableByteView buffer,
                     const std::filesystem::path& path);

  // Why nothing more can be read: the medium is gone, or the file is none that can be read.
  const std::optional<Error>& broken_off() const { return broken_off_; }

  // In order, and apart from each other. Each is from the first to after the last byte that could not be read.
  const std::vector<ByteRange>& gaps() const { return gaps_; }
  // Bytes that could not be read.
  std::uint64_t unread() const { return unread_; }
  // What the system said first.
  const std::optional<Error>& first_error() const { return first_error_; }

 private:
  void AddGap(ByteRange gap);
  std::vector<ByteRange> gaps_;
  std::uint64_t unread_ = 0;
  std::optional<Error> first_error_;
  std::optional<Error> broken_off_;
};

// The field `gaps`: an array of {"at","bytes"}.
inline constexpr std::string_view kGaps = "gaps";
custody::FieldValue GapsField(const std::vector<ByteRange>& gaps);

}  // namespace exhibit::intake
