// What a zip holds, read so that every byte of it is accounted for and no unpacker can read it otherwise.
//
// A zip lists its files twice: in front of each, and in a list behind all. Who unpacks a stream takes the first, who
// can seek the second. So both must be the same list, with nothing between:
//
//   for each file, from byte 0 on     "PK\3\4" 30 bytes, name, extra, data [, "PK\7\8" crc and sizes]
//   in the same order                 "PK\1\2" 46 bytes, name, extra
//   where numbers are large (zip64)   "PK\6\6" 56 bytes, "PK\6\7" 20 bytes
//   the last 22 bytes of the file     "PK\5\6"
//
// Numbers are little-endian. Names, methods, flags, checksums and sizes of the two are equal; with the flag for it,
// those in front may be 0 and stand behind the data. A number that is all ones stands in the extra field of zip64, and
// each that stands there is all ones. Stored or deflated; no comments; no encryption; extra fields of times and owners
// alone, because others change names and make links. `jar`, which unpacks the stream, and those that seek take the
// same from what is left; FORMAT.md lists what is not.
#pragma once

#include "vault/bundle/container_file.h"

namespace exhibit::bundle {

// In their order. Names are as they stand there, with no NUL in them.
//   kInvalid   it is no zip, is cut off, or is of a kind that is not read
//   kTampered  as Refuse says (container_file.h)
Result<std::vector<Member>> ReadZipIndex(const ContainerFile& file, const std::atomic<bool>* interrupted);

}  // namespace exhibit::bundle
