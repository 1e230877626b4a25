// What a collector's list of digests (digest_list.h) claims of each file.
//
// A digest is found by path: the same path in the list, else the one listed path that ends
// with it, or that it ends with (lists are often made in another folder). Two that fit equally well are
// an error that names both, never a guess. If none fits, the folder that the user named may be a copy of the folder that
// was listed under another name: `in/logs/a.log` of the named folder `in` is F:/Evidence/logs/a.log, where all listed
// paths begin with F:/Evidence.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "vault/base/error.h"
#include "vault/custody/item_facts.h"

namespace exhibit::intake {

// Adds those that are not among `claims`.
void AddClaims(std::vector<custody::ClaimedDigest>& claims, const std::vector<custody::ClaimedDigest>& more);

class ClaimedDigests {
 public:
  // Errors as of ReadDigestList, and kInvalid naming a line that contradicts one before it. A line that says the same again
  // adds nothing.
  static Result<ClaimedDigests> Parse(std::string_view list);

  // The digests of `path` in the list; empty if there are none. `within` is its end below the folder that the user named;
  // empty if that is the file itself. kInvalid if several lines fit. The time that it takes grows with the logarithm of the
  // list's length, whatever names are in it.
  Result<std::vector<custody::ClaimedDigest>> Find(std::string_view path, std::string_view within = {});

  // The listed paths that `Find` has given to nobody: files that are missing, or that nobody looked for.
  std::vector<std::string> Unused() const;

  // Paths in the list.
  std::size_t size() const { return by_reversed_path_.size(); }

 private:
  // By the path read backwards, so that paths with the same ending are neighbours.
  struct Claims {
    std::vector<custody::ClaimedDigest> digests;
    bool is_used = false;
  };
  using ByReversedPath = std::map<std::string, Claims, std::less<>>;

  // The first two lines that fit `path` by its end.
  std::vector<ByReversedPath::iterator> FindByEnd(std::string_view path);

  ByReversedPath by_reversed_path_;
  std::optional<std::string> folder_;  // that all paths share, with a slash at its end, or nothing
};

}  // namespace exhibit::intake
