// What a tar holds, read so that every byte of it is accounted for and no unpacker can read it otherwise.
//
//   header 512   name 100, mode 8, uid 8, gid 8, size 12, mtime 12, checksum 8, type 1, link 100,
//                magic 8, user 32, group 32, major 8, minor 8, and "ustar\0" "00": prefix 155, 12 zeros
//                                                              "ustar  \0":     167 zeros
//   data         size bytes, and zeros up to the next 512
//   ...
//   end          1,024 zeros or more, up to the end of the file
//
// A field of text ends at its first NUL, and zeros follow; a number is octal digits with NULs or blanks behind, or
// binary behind a bit that says so (GNU). Types are files, folders, and in front of one of them either
//   L  GNU's long name        with the name's beginning in the header that follows
//   x  pax's records          of which those that name, size or fill a file must say what its header says: who does not
//                             know them reads the header. The name may go on behind where the header's ends.
//   g  pax's for all files    a comment, and nothing else
// GNU tar, bsdtar, Python and 7-Zip take the same names and bytes from what is left; FORMAT.md lists what is not.
#pragma once

#include "vault/bundle/container_file.h"

namespace exhibit::bundle {

// Whether an unpacker may take these 512 bytes for a tar's header: their checksum is right, by signed or unsigned bytes.
bool IsTarHeader(ByteView block);

// In their order. Names are as they stand there, with no NUL in them.
//   kInvalid   it is no tar, is cut off, or is of a kind that is not read
//   kTampered  as Refuse says (container_file.h)
Result<std::vector<Member>> ReadTarIndex(const ContainerFile& file, const std::atomic<bool>* interrupted);

}  // namespace exhibit::bundle
