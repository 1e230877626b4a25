// Lists of digests that somebody made before: sha256sum, sha1sum and md5sum output (also --tag and
// escaped names), and hashdeep's.
//
//   line     = ["\"] hex " " (" " | "*") name                      sha256sum and its like
//            | ["\"] ("SHA256" | "SHA1" | "MD5") " (" name ") = " hex    their --tag
//              after the backslash, "\n", "\r" and "\\" in the name are escaped
//   hashdeep = "%%%% HASHDEEP-1.0" "%%%% size,md5,sha256,filename" *( size "," md5 "," sha256 "," name )
//              with the columns that its own line names
//
// The length of a hex value says which digest it is.
// Empty lines and those that begin with "#" are ignored; any other line is an error, because a
// list that is read in part would hide a difference.
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

inline constexpr std::size_t kMaxDigestListBytes = 64 << 20;
inline constexpr std::size_t kMaxListedPathBytes = 4096;

class ClaimedDigests {
 public:
  // kInvalid naming the line that is of no known form, has a path longer than kMaxListedPathBytes, or
  // contradicts one before it. A line that says the same again adds nothing.
  static Result<ClaimedDigests> Parse(std::string_view list);

  // The digests of `path` in the list; empty if there are none. kInvalid if several lines fit. The time
  // that it takes grows with the logarithm of the list's length, whatever names are in it.
  Result<std::vector<seal::ClaimedDigest>> Find(std::string_view path) const;

  // Paths in the list.
  std::size_t size() const { return by_reversed_path_.size(); }

 private:
  // By the path read backwards, so that paths with the same ending are neighbours.
  std::map<std::string, std::vector<seal::ClaimedDigest>, std::less<>> by_reversed_path_;
};

}  // namespace exhibit::intake
