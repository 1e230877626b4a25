// What the last file of an image of the Expert Witness Format (E01) states of itself: digests of the disk inside.
//
//   "EVF\t\r\n\xff\0" 01, number of the file u16, 0 u16       13 bytes, at its beginning
//   type 16, next u64, size u64, 40 bytes, Adler-32 u32       a section; `next` is where the next one is, from the
//   ...                                                       file's beginning. Little-endian
//   "hash"    MD5 16, 16 bytes, Adler-32
//   "digest"  MD5 16, SHA-1 20, 40 bytes, Adler-32
//   "done"    the last section of the image, or "next", of a file after which another comes; `next` is its own place
//
// As libewf documents it. No part of what the image holds is read or unpacked.
#pragma once

#include <filesystem>
#include <vector>

#include "vault/base/error.h"
#include "vault/base/file.h"
#include "vault/custody/item_facts.h"

namespace exhibit::intake {

struct EwfStatement {
  std::vector<custody::ClaimedDigest> media = {};
  bool another_follows = false;
};

// kInvalid if the file is not of this form: another kind of file, cut off, or its sections lead nowhere. kIo. `path` is for the
// message.
Result<EwfStatement> ReadEwfStatement(const FileDescriptor& file, const std::filesystem::path& path);

}  // namespace exhibit::intake
