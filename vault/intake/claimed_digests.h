// Lists of digests that a collector made before: sha256sum, sha1sum and md5sum output (also --tag and
// escaped names), and hashdeep's.
//
// A list is looked up by path: the path as it stands in the list, else the one listed path that ends
// in it or in which it ends (lists are often made in another folder). Two that fit equally well are
// an error that names both, never a guess.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "vault/base/error.h"
#include "vault/seal/metadata.h"

namespace exhibit::intake {

inline constexpr std::size_t kMaxDigestListBytes = 64 << 20;

class ClaimedDigests {
 public:
  // kInvalid naming the line that is of no known form.
  static Result<ClaimedDigests> Parse(std::string_view list);

  // What the list says of `path`; empty if it says nothing. kInvalid if several lines fit.
  Result<std::vector<seal::ClaimedDigest>> Find(std::string_view path) const;

  std::size_t size() const { return by_path_.size(); }

 private:
  std::map<std::string, std::vector<seal::ClaimedDigest>, std::less<>> by_path_;
  std::multimap<std::string, const std::string*, std::less<>> by_name_;  // last component to path
};

}  // namespace exhibit::intake
