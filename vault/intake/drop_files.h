// The files of a drop (intake/drop.h), wherever it is: in a folder, or in a bucket (work/bucket_drop_files.h). Reading them
// changes nothing. Names and bytes are chosen by whoever carried the drop; drop_reader.h says what they mean.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "vault/base/bytes.h"
#include "vault/base/error.h"

namespace exhibit::intake {

inline constexpr std::size_t kMaxDropFiles = 1'000'000;

// One file, read from front to back.
class DropStream {
 public:
  virtual ~DropStream() = default;
  // Fills `buffer`; fewer bytes only at the end.
  virtual Result<std::size_t> Read(MutableByteView buffer) = 0;
};

class DropFiles {
 public:
  virtual ~DropFiles() = default;

  struct Listing {
    std::vector<std::string> names;
    std::vector<std::string> remarks;  // about what is odd in the place itself; printable
  };
  // Call it first.
  //   kNotFound  there is no such place
  //   kInvalid   it has more than a million files
  virtual Result<Listing> List() = 0;
  // What to say where something is there, and nothing that a collector wrote.
  virtual Error NoDrop() const = 0;

  // kNotFound, and kInvalid for one that is longer.
  virtual Result<Bytes> Read(const std::string& name, std::uint64_t limit_bytes) const = 0;
  // kNotFound, and kInvalid for what is no plain file.
  virtual Result<std::uint64_t> SizeOf(const std::string& name) const = 0;
  virtual Result<std::unique_ptr<DropStream>> Open(const std::string& name) const = 0;
};

// Those in a folder. It has no folders of its own, and links in it are not followed.
class FolderDrop final : public DropFiles {
 public:
  explicit FolderDrop(std::filesystem::path folder) : folder_(std::move(folder)) {}
  Result<Listing> List() override;
  // The hint names a folder in it that is a drop: several were carried together.
  Error NoDrop() const override;
  Result<Bytes> Read(const std::string& name, std::uint64_t limit_bytes) const override;
  Result<std::uint64_t> SizeOf(const std::string& name) const override;
  Result<std::unique_ptr<DropStream>> Open(const std::string& name) const override;

 private:
  std::filesystem::path folder_;
};

}  // namespace exhibit::intake
