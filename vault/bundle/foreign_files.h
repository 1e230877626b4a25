// Files that operating systems leave in any folder or container: .DS_Store, Thumbs.db,
// lost+found. A verifier that finds such a name beside a bundle's files says so and goes on: nobody changed evidence.
//
// A name says nothing about a file's content, so a foreign file is never read, unpacked or counted. It must be a
// plain file, or be in a folder that a system makes: no system leaves a link beside the evidence. And a file that the
// bundle's manifests list is not foreign, whatever its name: everything that the maker signed is checked.
//
// Names of Windows and macOS match in upper and lower case, as in their file systems; those of Linux in one.
#pragma once

#include <string_view>

namespace exhibit::bundle {

// True for a file if a system gives such a name to it or to one of its folders. `path` is relative, with "/".
bool IsForeignFile(std::string_view path);

// True for a folder if a system makes it, or one that it is in.
bool IsForeignFolder(std::string_view path);

}  // namespace exhibit::bundle
