// The files in a tar, read so that every byte of it is accounted for and no unpacker can read it otherwise.
//
//   header 512   name 100, mode 8, uid 8, gid 8, size 12, mtime 12, checksum 8, type 1, link 100,
//                magic 8, user 32, group 32, major 8, minor 8, and "ustar\0" "00": prefix 155, 12 zeros
//                                                              "ustar  \0":     167 zeros
//   data         size bytes, and zeros up to the next 512
//   ...
//   end          1,024 zeros or more, up to the end of the file
//
// A field of text ends at its first NUL, and zeros follow; a number is octal digits, then NULs or blanks, or it is
// binary after a bit that says so (GNU). Types are files, folders, and before one of them either
//   L  GNU's long name        with the name's beginning in the header that follows
//   x  pax's records          those that name, size or fill a file must say what its header says: an unpacker that does not
//                             know them reads the header. The name may be longer than the header's field.
//   g  pax's for all files    a comment, and nothing else
// GNU tar, bsdtar, Python and 7-Zip read the same names and bytes from such a tar; FORMAT.md lists what is refused.
#pragma once

#include "vault/bundle/container_file.h"

namespace exhibit::bundle {

// True if an unpacker may take these 512 bytes for a tar's header: their checksum is right, by signed or unsigned bytes.
bool IsTarHeader(ByteView block);

// In the order of the tar. Names are those of the tar, without NULs.
//   kInvalid   it is no tar, is cut off, or is of a kind that we do not read
//   kTampered  as Refuse says (container_file.h)
Result<std::vector<Member>> ReadTarIndex(const ContainerFile& file, const std::atomic<bool>* interrupted);

}  // namespace exhibit::bundle
