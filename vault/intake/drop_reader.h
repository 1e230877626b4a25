// A drop read back: every name, size and byte in it is chosen by whoever carried it (intake/drop.h draws the folder).
// Nothing in the drop is changed.
#pragma once

#include <atomic>
#include <compare>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <set>
#include <string>
#include <vector>

#include "vault/base/file.h"
#include "vault/custody/collected.h"
#include "vault/seal/layout.h"
#include "vault/store/sealer.h"

namespace exhibit::intake {

// The common part of the names of an item's two files.
struct DropPlace {
  std::string id;  // of the collector's key, eight hex digits
  std::uint64_t number = 0;
  auto operator<=>(const DropPlace&) const = default;
};

// "1a2b3c4d-17".
std::string StemOf(const DropPlace& place);

struct DropListing {
  std::set<DropPlace> complete;
  std::vector<std::string> remarks;  // about files that are not taken in; printable
};
//   kNotFound  there is no such folder
//   kInvalid   it has more than a million files
Result<DropListing> ListDrop(const std::filesystem::path& drop);

// The collector's statement about an item: well formed, and with the number that its name says. This does not check
// whether the collector may sign.
Result<custody::SignedCollected> ReadStatement(const std::filesystem::path& drop, const DropPlace& place);

// The sealed file of an item, checked block by block while it is read.
class SealedReader {
 public:
  // kTampered if header or size are not those that were signed; kInvalid if it is no sealed file of one recipient.
  static Result<SealedReader> Open(const std::filesystem::path& path, const custody::SealedFile& wanted);

  ByteView header() const { return header_; }
  // Passes each block to `sink`; kTampered at the end if they are not those that were signed. Call it once.
  Result<store::SealedItem> Read(const std::function<Result<void>(ByteView)>& sink,
                                 const std::atomic<bool>* interrupted);

 private:
  SealedReader(FileDescriptor file, std::filesystem::path path, const custody::SealedFile& wanted,
               const seal::PayloadLayout& layout, Bytes header)
      : file_(std::move(file)), path_(std::move(path)), wanted_(wanted), layout_(layout), header_(std::move(header)) {}
  FileDescriptor file_;
  std::filesystem::path path_;
  custody::SealedFile wanted_;
  seal::PayloadLayout layout_;
  Bytes header_;
};

}  // namespace exhibit::intake
