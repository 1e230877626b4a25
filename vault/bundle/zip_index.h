// The files in a zip, read so that every byte of it is accounted for and no unpacker can read it otherwise.
//
// A zip lists its files twice: in a header before each, and in a list after all of them. An unpacker of a stream reads the first, one that
// can seek reads the second. So both must be the same list, with nothing between:
//
//   for each file, from byte 0 on     "PK\3\4" 30 bytes, name, extra, data [, "PK\7\8" crc and sizes]
//   in the same order                 "PK\1\2" 46 bytes, name, extra
//   where numbers are large (zip64)   "PK\6\6" 56 bytes, "PK\6\7" 20 bytes
//   the last 22 bytes of the file     "PK\5\6"
//
// Numbers are little-endian. Names, methods, flags, checksums and sizes of the two are equal; with the flag for it,
// those in the header may be 0 and come after the data. A number that is all ones is in the extra field of zip64, and
// each number there is all ones in its own place. Stored or deflated; no comments; no encryption; extra fields of times and owners
// alone, because others change names and make links. `jar`, which unpacks the stream, and unpackers that seek read the
// same files from such a zip; FORMAT.md lists what is refused.
#pragma once

#include "vault/bundle/container_file.h"

namespace exhibit::bundle {

// In the order of the zip. Names are those of the zip, without NULs.
//   kInvalid   it is no zip, is cut off, or is of a kind that we do not read
//   kTampered  as Refuse says (container_file.h)
Result<std::vector<Member>> ReadZipIndex(const ContainerFile& file, const std::atomic<bool>* interrupted);

}  // namespace exhibit::bundle
