// Lists of digests that somebody made before, as the tools of collectors write them:
//
//   sha256sum, sha512sum, …       hex, two blanks (or " *"), name; after a backslash "\n", "\r" and "\\" are escaped
//   --tag, BSD, openssl dgst      SHA256 (name) = hex;  SHA2-256(name)= hex
//   hashdeep                      %%%% HASHDEEP-1.0, then %%%% with the names of the columns, then a row for each file
//   certutil -hashfile            SHA256 hash of name: | hex, with blanks in between or not | CertUtil: ...
//   Get-FileHash of PowerShell    as a table, a list, or CSV with Algorithm, Hash and Path
//   other CSV                     whose heading names a path and digests: FTK Imager, HashMyFiles
//   FCIV, md5deep -z              digests with one blank; the size first
//
// In UTF-8 or UTF-16, with any line ends (base/person_text.h). Names of Windows ("C:\logs\a.log") are read with slashes,
// and without the drive.
//
// The length of a hex value says which digest it is.
// Empty lines and those that begin with "#" are ignored; any other line is an error, because a
// list that is read in part would hide a difference.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "vault/base/error.h"
#include "vault/custody/item_facts.h"

namespace exhibit::intake {

inline constexpr std::size_t kMaxDigestListBytes = 64 << 20;
inline constexpr std::size_t kMaxListedPathBytes = 4096;

struct ListedFile {
  std::size_t line = 0;  // where the list says it, from 1
  std::string path;      // without "./" in front
  std::vector<custody::ClaimedDigest> digests;
};

// The path without any "./" in front.
std::string_view WithoutDot(std::string_view path);

// Calls `take` for each file of the list, in its order. kInvalid naming the line that is of no known form, or has a path
// longer than kMaxListedPathBytes; and errors of `take`, with the line.
Result<void> ReadDigestList(std::string_view list, const std::function<Result<void>(ListedFile)>& take);

}  // namespace exhibit::intake
