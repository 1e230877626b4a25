// What operating systems leave in any folder or container that passes through their hands: .DS_Store, Thumbs.db,
// lost+found. Whoever finds such a name beside a bundle's files says so and goes on: nobody changed evidence.
//
// A name says nothing of what a file holds, so what is called foreign is never read, unpacked or counted. It must be a
// plain file, or lie in a folder that a system makes: a link beside the evidence is left by nobody. And a file that the
// bundle's manifests list is not foreign, whatever its name: what is signed for is checked.
//
// Names of Windows and macOS count in any case, as their file systems treat them; those of Linux in one.
#pragma once

#include <string_view>

namespace exhibit::bundle {

// Of a file: its name is one that a system gives, or one of its folders is. `path` is relative, with "/".
bool IsForeignFile(std::string_view path);

// Of a folder: it, or one that it lies in, is one that a system makes.
bool IsForeignFolder(std::string_view path);

}  // namespace exhibit::bundle
