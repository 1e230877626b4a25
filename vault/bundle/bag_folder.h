// The paths of a bag's files: in its folder, each under its own name, or under the name that a medium or a tool gave it
// on the way (renamed.h). All code that reads a file of a bag asks here, so that a changed name hides nothing.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace exhibit::bundle {

class BagFolder {
 public:
  // For files under another name: their own name, and the one that they have.
  using Names = std::map<std::string, std::string, std::less<>>;

  // Implicit: in a folder every file has its own name.
  BagFolder(std::filesystem::path path = {}, Names renamed = {})
      : path_(std::move(path)), renamed_(std::make_shared<const Names>(std::move(renamed))) {}

  const std::filesystem::path& path() const { return path_; }
  const Names& renamed() const { return *renamed_; }

  std::filesystem::path PathOf(std::string_view name) const {
    const auto found = renamed_->find(name);
    return path_ / (found == renamed_->end() ? name : std::string_view(found->second));
  }

 private:
  std::filesystem::path path_;
  std::shared_ptr<const Names> renamed_;  // many readers of one bag share it
};

}  // namespace exhibit::bundle
