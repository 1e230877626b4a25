// Where the files of a bag lie: in its folder, each under its own name, or under the one that a medium or a tool gave it
// on the way (renamed.h). Whoever reads a file of a bag asks here, so that a name that was changed hides nothing.
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
  // Of files that lie under another name: by their own name, the one that they have.
  using Names = std::map<std::string, std::string, std::less<>>;

  // Implicit: a folder is a bag's in which every file has its own name.
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
