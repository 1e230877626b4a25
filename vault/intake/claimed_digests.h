// What a collector's list of digests (digest_list.h) claims of each file.
//
// A digest is found by path: the same path in the list, else the one listed path that ends
// with it, or that it ends with (lists are often made in another folder). Two that fit equally well are
// an error that names both, never a guess.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "vault/base/error.h"
#include "vault/seal/metadata.h"

namespace exhibit::intake {

class ClaimedDigests {
 public:
  // Errors as of ReadDigestList, and kInvalid naming a line that contradicts one before it. A line that says the same again
  // adds nothing.
  static Result<ClaimedDigests> Parse(std::string_view list);

  // The digests of `path` in the list; empty if there are none. kInvalid if several lines fit. The time
  // that it takes grows with the logarithm of the list's length, whatever names are in it.
  Result<std::vector<seal::ClaimedDigest>> Find(std::string_view path);

  // The listed paths that `Find` has given to nobody: files that are missing, or that nobody looked for.
  std::vector<std::string> Unused() const;

  // Paths in the list.
  std::size_t size() const { return by_reversed_path_.size(); }

 private:
  // By the path read backwards, so that paths with the same ending are neighbours.
  struct Claims {
    std::vector<seal::ClaimedDigest> digests;
    bool is_used = false;
  };
  std::map<std::string, Claims, std::less<>> by_reversed_path_;
};

}  // namespace exhibit::intake
