#include "vault/bundle/renamed.h"

#include <algorithm>
#include <optional>
#include <set>
#include <vector>

#include "vault/base/encoding.h"
#include "vault/base/interrupt.h"
#include "vault/bundle/layout.h"

namespace exhibit::bundle {
namespace {

// The hashes of every name that a manifest lists and that is not here.
std::vector<std::string> MissingOf(const BagManifests& manifests, const BagFiles& files) {
  std::set<std::string_view> here(files.files.begin(), files.files.end());
  here.insert(files.others.begin(), files.others.end());
  std::set<std::string> missing;
  for (const ListedFiles* const listed : {&manifests.sha256, &manifests.sha512}) {
    for (const auto& [name, hash] : listed->files) {
      if (!here.contains(name)) missing.insert(name);
    }
  }
  return {missing.begin(), missing.end()};
}

std::vector<std::string> UnlistedOf(const BagManifests& manifests, const BagFiles& files) {
  std::vector<std::string> unlisted;
  for (const std::string& name : files.files) {
    if (!IsListedNowhere(name) && !manifests.Lists(name)) unlisted.push_back(name);
  }
  return unlisted;
}

bool Fits(const BagManifests& manifests, const std::string& name, const FileHashes& hashes) {
  const auto sha256 = manifests.sha256.files.find(name);
  const auto sha512 = manifests.sha512.files.find(name);
  return (sha256 == manifests.sha256.files.end() || sha256->second == ToHex(hashes.sha256.view())) &&
         (sha512 == manifests.sha512.files.end() || sha512->second == ToHex(hashes.sha512->view()));
}

// The hash by which a listed file is found; the other one, if it is listed, is compared then.
std::string KeyOf(const BagManifests& manifests, const std::string& name) {
  const auto sha256 = manifests.sha256.files.find(name);
  return sha256 != manifests.sha256.files.end() ? sha256->second : manifests.sha512.files.at(name);
}

class Finder {
 public:
  Finder(Pool& pool, const std::atomic<bool>* interrupted) : pool_(pool), interrupted_(interrupted) {}

  // Finds names that `bag` does not know yet.
  Result<BagFolder::Names> Find(const FoundBag& bag) {
    const std::vector<std::string> missing = MissingOf(bag.manifests, bag.files);
    if (missing.empty()) return BagFolder::Names();
    const std::vector<std::string> unlisted = UnlistedOf(bag.manifests, bag.files);
    TRY_VOID(Hash(bag.folder, unlisted));
    std::multimap<std::string, const std::string*> by_hash;  // equal ones stay in the order of their names
    for (const std::string& name : unlisted) {
      const std::optional<FileHashes>& hashes = hashes_.at(name);
      if (!hashes) continue;  // it could not be read; it is reported as a file that no manifest lists
      by_hash.emplace(ToHex(hashes->sha256.view()), &name);
      by_hash.emplace(ToHex(hashes->sha512->view()), &name);
    }
    BagFolder::Names found;
    std::set<std::string_view> taken;
    for (const std::string& name : missing) {
      auto [at, end] = by_hash.equal_range(KeyOf(bag.manifests, name));
      for (; at != end; at = by_hash.erase(at)) {
        if (!taken.contains(*at->second)) break;
      }
      if (at == end || !Fits(bag.manifests, name, *hashes_.at(*at->second))) continue;
      taken.insert(*at->second);
      found.emplace(name, *at->second);
    }
    return found;
  }

 private:
  Result<void> Hash(const BagFolder& folder, const std::vector<std::string>& names) {
    std::vector<std::string> to_hash;
    std::ranges::copy_if(names, std::back_inserter(to_hash),
                         [&](const std::string& name) { return !hashes_.contains(name); });
    std::vector<std::optional<FileHashes>> hashes(to_hash.size());
    pool_.ForEach(to_hash.size(), [&](std::size_t i) {
      const auto hashed = HashFile(folder.path() / to_hash[i], Digests::kSha256And512, nullptr, interrupted_);
      if (hashed) hashes[i] = hashed->hashes;
    });
    TRY_VOID(StopIfAsked(interrupted_));
    for (std::size_t i = 0; i < to_hash.size(); ++i) hashes_.emplace(std::move(to_hash[i]), hashes[i]);
    return {};
  }

  Pool& pool_;
  const std::atomic<bool>* interrupted_;
  std::map<std::string, std::optional<FileHashes>> hashes_;  // of files that were read, by their present names
};

// A file under another name is a file of the bag under its own.
void GiveOwnNames(const BagFolder::Names& renamed, std::vector<std::string>& files) {
  std::map<std::string_view, std::string_view> own;
  for (const auto& [name, other] : renamed) own.emplace(other, name);
  for (std::string& file : files) {
    const auto found = own.find(file);
    if (found != own.end()) file = found->second;
  }
  std::ranges::sort(files);
}

}  // namespace

Result<FoundBag> FindBag(const std::filesystem::path& folder, Pool& pool, const std::atomic<bool>* interrupted) {
  Finder finder(pool, interrupted);
  BagFolder::Names renamed;
  for (;;) {
    const BagFolder at(folder, renamed);
    TRY(BagManifests manifests, ReadBag(at));
    TRY(BagFiles files, ListBag(folder, [&](std::string_view name) { return manifests.Lists(name); }));
    GiveOwnNames(renamed, files.files);
    FoundBag bag{at, std::move(manifests), std::move(files)};
    TRY(BagFolder::Names more, finder.Find(bag));
    if (more.empty()) return bag;
    renamed.merge(more);
  }
}

}  // namespace exhibit::bundle
