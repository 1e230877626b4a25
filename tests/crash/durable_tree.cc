#include "tests/crash/durable_tree.h"

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include <fstream>
#include <iterator>

namespace exhibit::crash {
namespace {

namespace fs = std::filesystem;

std::string ReadAll(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

fs::path PathOfDescriptor(int descriptor) { return "/proc/self/fd/" + std::to_string(descriptor); }

}  // namespace

DurableTree::DurableTree(fs::path root) : root_(std::move(root)) {
  struct ::stat status {};
  if (::stat(root_.c_str(), &status) != 0) std::abort();
  root_inode_ = status.st_ino;
  Node& node = nodes_[root_inode_];
  node.is_folder = true;
  node.mode = status.st_mode & 07777;
  Remember(root_);
}

// All below `folder` as it is now.
void DurableTree::Remember(const fs::path& folder) {
  struct ::stat status {};
  if (::stat(folder.c_str(), &status) != 0) return;
  const Entries entries = ReadEntries(folder, nodes_);
  nodes_[status.st_ino].entries = entries;
  for (const auto& [name, inode] : entries) {
    if (nodes_[inode].is_folder) {
      Remember(folder / name);
    } else {
      nodes_[inode].content = ReadAll(folder / name);
    }
  }
}

// Adds what it meets for the first time to `nodes`: an empty file or folder, as far as is durable.
DurableTree::Entries DurableTree::ReadEntries(const fs::path& folder, std::map<ino_t, Node>& nodes) const {
  Entries entries;
  DIR* const list = ::opendir(folder.c_str());
  if (list == nullptr) return entries;
  while (const dirent* const entry = ::readdir(list)) {
    const std::string name = entry->d_name;
    struct ::stat status {};
    if (name == "." || name == "..") continue;
    if (::fstatat(::dirfd(list), name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) continue;
    const auto [node, is_new] = nodes.try_emplace(status.st_ino);
    if (is_new) {
      node->second.is_folder = S_ISDIR(status.st_mode);
      node->second.mode = status.st_mode & 07777;
    }
    entries.emplace(name, status.st_ino);
  }
  ::closedir(list);
  return entries;
}

void DurableTree::SyncedAt(const fs::path& path, const struct ::stat& status) {
  Node& node = nodes_[status.st_ino];
  node.is_folder = S_ISDIR(status.st_mode);
  node.mode = status.st_mode & 07777;
  if (node.lost) return;
  if (node.is_folder) {
    node.entries = ReadEntries(path, nodes_);
  } else {
    node.content = ReadAll(path);
  }
}

void DurableTree::Synced(int descriptor) {
  struct ::stat status {};
  if (::fstat(descriptor, &status) == 0) SyncedAt(PathOfDescriptor(descriptor), status);
}

void DurableTree::SyncFailed(int descriptor) {
  struct ::stat status {};
  if (::fstat(descriptor, &status) != 0) return;
  Node& node = nodes_[status.st_ino];
  node.is_folder = S_ISDIR(status.st_mode);
  node.lost = true;
}

void DurableTree::AllSynced() {
  struct ::stat status {};
  if (::stat(root_.c_str(), &status) == 0) SyncedAt(root_, status);
  for (const auto& entry : fs::recursive_directory_iterator(root_)) {
    if (::lstat(entry.path().c_str(), &status) == 0) SyncedAt(entry.path(), status);
  }
}

bool DurableTree::IsDurable(const fs::path& path, const struct ::stat& status) {
  const Node& node = nodes_[status.st_ino];
  return S_ISDIR(status.st_mode) ? ReadEntries(path, nodes_) == node.entries : ReadAll(path) == node.content;
}

// What was durable before stays so.
void DurableTree::AllSyncsFailed() {
  struct ::stat status {};
  const auto fail = [&](const fs::path& path) {
    if (::lstat(path.c_str(), &status) == 0 && !IsDurable(path, status)) nodes_[status.st_ino].lost = true;
  };
  fail(root_);
  for (const auto& entry : fs::recursive_directory_iterator(root_)) fail(entry.path());
}

void DurableTree::BeforeRemoval(const fs::path& path) {
  const int descriptor = ::open(path.c_str(), O_PATH | O_NOFOLLOW | O_CLOEXEC);
  struct ::stat status {};
  if (descriptor < 0) return;
  if (::fstat(descriptor, &status) != 0 || !held_.emplace(status.st_ino, descriptor).second) {
    ::close(descriptor);
  }
}

void DurableTree::Write(const Node& node, const fs::path& to, const std::map<ino_t, Node>& nodes) const {
  if (!node.is_folder) {
    std::ofstream(to, std::ios::binary) << node.content;
  } else {
    fs::create_directories(to);
    for (const auto& [name, inode] : node.entries) Write(nodes.at(inode), to / name, nodes);
  }
  ::chmod(to.c_str(), node.mode);
}

void DurableTree::WriteTo(const fs::path& folder) const { Write(nodes_.at(root_inode_), folder, nodes_); }

void DurableTree::WriteTornTo(const fs::path& folder, std::uint64_t seed) const {
  std::mt19937_64 chance(seed);
  Present present;
  for (const auto& [inode, descriptor] : held_) present[inode] = PathOfDescriptor(descriptor);
  for (const auto& entry : fs::recursive_directory_iterator(root_)) {
    struct ::stat status {};
    if (::lstat(entry.path().c_str(), &status) == 0) present[status.st_ino] = entry.path();
  }
  present[root_inode_] = root_;

  std::map<ino_t, Node> torn = nodes_;
  for (const auto& [inode, path] : present) {
    struct ::stat status {};
    if (::stat(path.c_str(), &status) != 0) continue;
    Node& node = torn[inode];
    node.is_folder = S_ISDIR(status.st_mode);
    node.mode = status.st_mode & 07777;
    if (node.is_folder) {
      if (chance() % 2 == 0) node.entries = ReadEntries(path, torn);
      continue;
    }
    const std::string now = ReadAll(path);
    if (now.starts_with(node.content)) {
      const std::size_t grown = now.size() - node.content.size();
      node.content = now.substr(0, now.size() - (grown == 0 ? 0 : chance() % (grown + 1)));
    } else if (chance() % 2 == 0) {
      node.content = now;
    }
  }
  Write(torn.at(root_inode_), folder, torn);
}

}  // namespace exhibit::crash
