// Digests of the small files that a folder of the vault keeps (keys/, cosigned/), in the form that
// `sha256sum -c` reads:
//
//   SHA256SUMS   | 64 hex digits, two spaces, name, LF | …
//
// Whoever has the key that opens or signs a file can find a change of it. This lets anybody find a flipped bit, and
// no more: whoever changes a file on purpose changes its line as well.
//
// While a file is replaced it may have two lines: the digests of the old and of the new content. So it
// has a line that fits, wherever a crash interrupts the replacement.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "vault/base/bytes.h"
#include "vault/base/error.h"
#include "vault/verify/source.h"

namespace exhibit::store {

class FolderSums {
 public:
  explicit FolderSums(std::filesystem::path folder) : folder_(std::move(folder)) {}

  // The file `name` may become these bytes. Durable when it returns.
  Result<void> Allow(std::string_view name, ByteView bytes) const;
  // The file `name` keeps its present bytes: removes its other lines.
  Result<void> Settle(std::string_view name) const;

  // The file `name` was removed on purpose: it has no line any more.
  Result<void> Forget(std::string_view name) const;

  // Removes what an interrupted replacement left. For a writer.
  Result<void> Tidy() const;

  // Whether the file `name` may have these bytes: one of its lines says so, or it has none.
  Result<bool> Fits(std::string_view name, ByteView bytes) const;

  // A file that fits none of its lines is damage. A file without a line, one that is missing or may not be read,
  // and a file NAME.next or NAME.next-… beside NAME (an interrupted replacement) are remarks.
  Result<std::vector<verify::MediumFault>> Check() const;

 private:
  struct Line {
    std::string digest;
    std::string name;
  };
  Result<std::vector<Line>> Read() const;
  Result<void> Write(const std::vector<Line>& lines) const;
  std::filesystem::path SumsPath() const { return folder_ / "SHA256SUMS"; }

  std::filesystem::path folder_;
};

}  // namespace exhibit::store
