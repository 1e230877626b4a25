#include "vault/intake/drop_files.h"

#include <sys/stat.h>

#include <cerrno>

#include "vault/base/file.h"
#include "vault/base/text.h"

namespace exhibit::intake {
namespace {

namespace fs = std::filesystem;

class FileStream final : public DropStream {
 public:
  FileStream(FileDescriptor file, fs::path path) : file_(std::move(file)), path_(std::move(path)) {}
  Result<std::size_t> Read(MutableByteView buffer) override { return ReadFull(file_, buffer, path_); }

 private:
  FileDescriptor file_;
  fs::path path_;
};

}  // namespace

Result<DropFiles::Listing> FolderDrop::List() {
  Listing listing;
  std::error_code error;
  for (fs::directory_iterator file(folder_, error), end; !error && file != end; file.increment(error)) {
    if (listing.names.size() == kMaxDropFiles)
      return Fail(ErrorCode::kInvalid, "the drop has more than a million files");
    listing.names.push_back(file->path().filename().native());
  }
  if (error) return Fail(SystemError("list", folder_, error.value()));
  return listing;
}

Error FolderDrop::NoDrop() const {
  std::error_code error;
  for (fs::directory_iterator below(folder_, error), end; !error && below != end; below.increment(error)) {
    std::error_code unreadable;
    for (fs::directory_iterator file(below->path(), unreadable), last; !unreadable && file != last;
         file.increment(unreadable)) {
      if (file->path().extension() != ".collected") continue;
      return {ErrorCode::kInvalid, Printable(folder_.native()) + " is no drop, and holds folders that are",
              "take each of them in: exhibit take-in " + Printable(below->path().native())};
    }
  }
  return {ErrorCode::kInvalid, Printable(folder_.native()) + " is no drop: no collector wrote anything in it",
          "exhibit take-in takes the folder that `exhibit collect` filled"};
}

Result<Bytes> FolderDrop::Read(const std::string& name, std::uint64_t limit_bytes) const {
  return ReadFile(folder_ / name, limit_bytes);
}

Result<std::uint64_t> FolderDrop::SizeOf(const std::string& name) const {
  const fs::path path = folder_ / name;
  struct ::stat status {};
  if (::lstat(path.c_str(), &status) != 0) return Fail(SystemError("look at", path, errno));
  if (!S_ISREG(status.st_mode)) return Fail(ErrorCode::kInvalid, Printable(name) + " is no plain file");
  return static_cast<std::uint64_t>(status.st_size);
}

Result<std::unique_ptr<DropStream>> FolderDrop::Open(const std::string& name) const {
  fs::path path = folder_ / name;
  TRY(FileDescriptor file, OpenForReading(path));
  return std::unique_ptr<DropStream>(std::make_unique<FileStream>(std::move(file), std::move(path)));
}

}  // namespace exhibit::intake
