// Where the bundle is in a container, and which of its files are unpacked under which names.
//
// The bundle is where bagit.txt is: below one folder, as RFC 8493 asks, below several, or below none. The folders above
// it mean nothing and may have any names; a leading "./" is ignored. Below it are a bundle's names, and
// no unpacker on any system merges two of them, leaves the folder by one, or opens a device. A file that an operating system
// left (foreign_files.h) is named, read to its end, and not unpacked. There is nothing else beside the bundle: a container of a bundle
// and other files is refused.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "vault/bundle/container_file.h"

namespace exhibit::bundle {

struct Placed {
  const Member* member;  // a file
  std::string path;      // below the bundle's folder
};

struct BundlePlace {
  std::vector<Placed> files;
  std::vector<const Member*> foreign;  // files that an operating system left
};

// Why the top folder of a container cannot have this name; nothing if it can.
std::string_view WrongWithTop(std::string_view name);

// REQUIRES: `members` outlive the result.
//   kInvalid   there is no bundle, or more than one bundle's files
//   kTampered  a name that does harm, or that is there twice
Result<BundlePlace> FindBundle(const std::vector<Member>& members, std::string_view container);

}  // namespace exhibit::bundle
