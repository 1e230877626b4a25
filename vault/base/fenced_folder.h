// A new folder that receives files under names that a stranger chose: nothing is written outside of it, and nothing that is
// there is replaced, whoever else changes it meanwhile.
//
//   folder   is made, mode 0700: it must not exist, not even as a link
//   parts    of a path below it; each a plain name: not empty, not "." or "..", without "/" and NUL
//   folders  are opened one below the other, each by its descriptor and never through a link, so one that was swapped for a
//            link meanwhile leads nowhere; mode 0700
//   files    are written beside their place, under a name that begins with kUnfinished, and renamed when their writer says so
//
// A file that is given up is removed; a crash can leave one under its other name. Sync makes all of them durable.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <ctime>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "vault/base/bytes.h"
#include "vault/base/error.h"
#include "vault/base/file.h"
#include "vault/base/sparse_file.h"

namespace exhibit {

class FencedFolder {
 public:
  static constexpr std::string_view kUnfinished = "=part-";

  // What a file gets beside its bytes.
  struct Looks {
    mode_t mode = 0600;  // of which the permissions are taken: no set-user-id, set-group-id or sticky bit
    std::optional<timespec> modified = {};
    std::optional<timespec> accessed = {};
  };
  // Not every file system has all of it.
  enum class Taken : std::uint8_t { kAll, kBytesAlone };

  class File {
   public:
    ~File();
    File(File&& other) noexcept;
    File& operator=(File&&) = delete;

    Result<void> Write(ByteView bytes) { return file_.Write(bytes); }
    // How many bytes take room on the disk so far.
    std::uint64_t written_bytes() const { return file_.written_bytes(); }
    // Gives it its name. kExists if something has it; then, and after any other error, the file is removed.
    Result<Taken> Finish(const Looks& looks);

   private:
    friend class FencedFolder;
    File(FileDescriptor folder, SparseWriter file, std::string unfinished, std::string name, std::filesystem::path path)
        : folder_(std::move(folder)),
          file_(std::move(file)),
          unfinished_(std::move(unfinished)),
          name_(std::move(name)),
          path_(std::move(path)) {}
    FileDescriptor folder_;
    SparseWriter file_;
    std::string unfinished_;  // empty once it is finished or moved from
    std::string name_;
    std::filesystem::path path_;  // for messages
  };

  //   kExists    something has this name
  //   kNotFound  the folder above it does not exist
  //   kPermission, kIo
  static Result<FencedFolder> Make(std::filesystem::path path);

  const std::filesystem::path& path() const { return path_; }

  // Begins a file below it, and makes the folders on the way. REQUIRES: at least one part, each a plain name.
  //   kInvalid  something on the way is no folder
  Result<File> Begin(const std::vector<std::string>& parts, ZeroBlocks zeros = ZeroBlocks::kAreWritten);

  Result<void> Sync() const { return sync_.Finish(); }
  // Removes the folder if nothing is in it.
  void RemoveIfEmpty() const;

 private:
  FencedFolder(std::filesystem::path path, FileDescriptor folder, TreeSync sync)
      : path_(std::move(path)), folder_(std::move(folder)), sync_(std::move(sync)) {}
  std::filesystem::path path_;
  FileDescriptor folder_;
  TreeSync sync_;
  std::uint64_t begun_ = 0;
};

}  // namespace exhibit
