// A folder that a log is published into (publisher.h draws it); one process at a time.
#pragma once

#include <filesystem>
#include <memory>
#include <set>

#include "vault/base/file_lock.h"
#include "vault/publish/published_place.h"

namespace exhibit::publish {

class FolderPlace final : public PublishedPlace {
 public:
  // Makes the folder if it is not there. kBusy if another process publishes there.
  static Result<std::unique_ptr<FolderPlace>> Open(const std::filesystem::path& folder);

  Result<std::optional<Bytes>> ReadCheckpoint() override;
  std::string NameOfCheckpoint() const override;
  Result<Wrote> Write(const std::string& name, ByteView bytes) override;
  Result<void> Sync() override;
  Result<void> ReplaceCheckpoint(ByteView note) override;

 private:
  FolderPlace(std::filesystem::path root, FileLock lock) : root_(std::move(root)), lock_(std::move(lock)) {}
  Result<void> MakeFolders(const std::filesystem::path& folder);

  std::filesystem::path root_;  // absolute, because the folders above it are synced too
  FileLock lock_;
  std::set<std::filesystem::path> made_;
  std::set<std::filesystem::path> folders_;  // whose names are to be synced
};

}  // namespace exhibit::publish
