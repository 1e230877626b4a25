// Where in a container its bundle lies, and what of it is unpacked under which name.
//
// The bundle is where bagit.txt is: below one folder as RFC 8493 asks, below several, or below none. The folders above
// it say nothing, and may be called as one likes; "./" in front of all is left out. Below it are a bundle's names, and
// no unpacker on any system merges two of them, leaves the folder by one, or meets a device. What an operating system
// left (foreign_files.h) is named, read to its end, and not unpacked. Beside the bundle there is nothing else: a container of a bundle
// and of other files is not what was checked.
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

// Why a container cannot have a folder of this name on top, or nothing.
std::string_view WrongWithTop(std::string_view name);

// `members` outlive what is given.
//   kInvalid   there is no bundle, or more than that
//   kTampered  a name that does harm, or comes twice
Result<BundlePlace> FindBundle(const std::vector<Member>& members, std::string_view container);

}  // namespace exhibit::bundle
