#include "vault/intake/claimed_digests.h"

#include <algorithm>

#include "vault/base/format.h"
#include "vault/base/text.h"
#include "vault/intake/digest_list.h"

namespace exhibit::intake {
namespace {

using custody::ClaimedDigest;

std::string Reversed(std::string_view text) { return {text.rbegin(), text.rend()}; }

// Adds the digests of a line to those of its path. False if the two contradict each other.
bool Merge(std::vector<ClaimedDigest>& known, std::vector<ClaimedDigest> more) {
  for (ClaimedDigest& digest : more) {
    const auto same = std::ranges::find(known, digest.algorithm, &ClaimedDigest::algorithm);
    if (same == known.end()) {
      known.push_back(std::move(digest));
    } else if (same->value != digest.value) {
      return false;
    }
  }
  return true;
}

// The folder that both share, with a slash at its end; empty if there is none.
std::string_view SharedFolder(std::string_view folder, std::string_view path) {
  const auto differs = std::ranges::mismatch(folder, path);
  folder = folder.substr(0, static_cast<std::size_t>(differs.in1 - folder.begin()));
  return folder.substr(0, folder.rfind('/') + 1);
}

}  // namespace

void AddClaims(std::vector<custody::ClaimedDigest>& claims, const std::vector<custody::ClaimedDigest>& more) {
  for (const custody::ClaimedDigest& claim : more) {
    if (std::ranges::find(claims, claim) == claims.end()) claims.push_back(claim);
  }
}

Result<ClaimedDigests> ClaimedDigests::Parse(std::string_view list) {
  ClaimedDigests claims;
  TRY_VOID(ReadDigestList(list, [&](ListedFile file) -> Result<void> {
    claims.folder_ = SharedFolder(claims.folder_.value_or(file.path), file.path);
    Claims& known = claims.by_reversed_path_[Reversed(file.path)];
    if (Merge(known.digests, std::move(file.digests))) return {};
    return Fail(ErrorCode::kInvalid, "a line before says something else of " + Printable(file.path));
  }));
  return claims;
}

std::vector<std::string> ClaimedDigests::Unused() const {
  std::vector<std::string> paths;
  for (const auto& [reversed, claims] : by_reversed_path_) {
    if (!claims.is_used) paths.push_back(Reversed(reversed));
  }
  std::ranges::sort(paths);
  return paths;
}

std::vector<ClaimedDigests::ByReversedPath::iterator> ClaimedDigests::FindByEnd(std::string_view path) {
  std::vector<ByReversedPath::iterator> fitting;
  const std::string reversed = Reversed(path);
  // Listed paths in which this one ends, at a component.
  for (std::size_t i = 0; i < reversed.size() && fitting.size() < 2; ++i) {
    if (reversed[i] != '/') continue;
    for (const std::size_t length : {i, i + 1}) {  // without and with the slash in front
      if (length == 0 || length == reversed.size()) continue;
      const auto shorter = by_reversed_path_.find(std::string_view(reversed).substr(0, length));
      if (shorter != by_reversed_path_.end()) fitting.push_back(shorter);
    }
  }
  // Listed paths that end in this one: they are neighbours in the order.
  const std::string row = path.starts_with('/') ? reversed : reversed + "/";
  for (auto longer = by_reversed_path_.lower_bound(row);
       longer != by_reversed_path_.end() && longer->first.starts_with(row) && fitting.size() < 2; ++longer) {
    fitting.push_back(longer);
  }
  return fitting;
}

Result<std::vector<ClaimedDigest>> ClaimedDigests::Find(std::string_view path, std::string_view within) {
  path = WithoutDot(path);
  if (const auto exact = by_reversed_path_.find(Reversed(path)); exact != by_reversed_path_.end()) {
    exact->second.is_used = true;
    return exact->second.digests;
  }
  if (path.empty() || path.size() > kMaxListedPathBytes) return std::vector<ClaimedDigest>();
  auto fitting = FindByEnd(path);
  if (fitting.empty() && !within.empty()) {
    const auto copied = by_reversed_path_.find(Reversed(folder_.value_or("") + std::string(within)));
    if (copied != by_reversed_path_.end()) fitting.push_back(copied);
  }
  if (fitting.empty()) return std::vector<ClaimedDigest>();
  if (fitting.size() > 1) {
    return Fail(ErrorCode::kInvalid,
                Format("the list of hashes has two lines that fit {}: {} and {}", Printable(path),
                       Printable(Reversed(fitting[0]->first)), Printable(Reversed(fitting[1]->first))));
  }
  fitting.front()->second.is_used = true;
  return fitting.front()->second.digests;
}

}  // namespace exhibit::intake
