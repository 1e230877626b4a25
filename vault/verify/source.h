// A vault, a published log or a bundle, read as a log with sealed files.
//
//   LogSource   a log, as far as it is stored: a store is one, too
//   Source      the same, with the head that it claims
//
// Everything here only reads. The verifier derives all that it says from these bytes and cannot change
// anything: this type has no way to write. All calls may be made from several threads at once.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "vault/base/bytes.h"
#include "vault/base/error.h"
#include "vault/custody/act_index.h"
#include "vault/tlog/sequence.h"
#include "vault/tlog/tree.h"

namespace exhibit::verify {

// Something about the files themselves, besides the bytes that they give: a damaged file of the database, a file that
// the vault did not write, the torn end of a write-ahead log.
struct MediumFault {
  // kDamage is a finding. kRemark is printed and fails nothing: an honest crash, or somebody else's file.
  enum class Weight : std::uint8_t { kDamage, kRemark };
  Weight weight = Weight::kDamage;
  std::string message;
};

// Each read fails with kNotFound if the thing is not there, kIo if the medium refused, kTampered if
// the medium's own checksum says that it changed.
class LogSource : public tlog::TileReader {
 public:
  // The bytes of an entry, signature lines included.
  virtual Result<Bytes> ReadEntry(tlog::Sequence sequence) const = 0;

  // The rows of the index of acts, ascending: a hint that finds acts without reading the log. kNotFound
  // where the source keeps none.
  virtual Result<std::vector<custody::ActRow>> ReadActs(custody::Subjects subjects) const = 0;

  // The age header of the entry's sealed file.
  virtual Result<Bytes> ReadHeader(tlog::Sequence sequence) const = 0;

  // The header that the reseal entry `under` made anew for the sealed file of `sequence`.
  virtual Result<Bytes> ReadRewrapped(tlog::Sequence sequence, tlog::Sequence under) const = 0;

  // The layout line of the entry's sealed file (seal/layout.h). kNotFound where the file was destroyed, too.
  virtual Result<Bytes> ReadLayout(tlog::Sequence sequence) const = 0;

  // The leaf hashes of the blocks of the entry's sealed file, 32 bytes each: a hint that lets a finding
  // name the block. Nothing is trusted because of it. kNotFound if the source keeps none.
  virtual Result<Bytes> ReadBlockHashes(tlog::Sequence sequence) const = 0;

  // A stretch of the payload of the entry's sealed file (seal/layout.h says where its blocks lie). kTampered
  // if it ends before.
  virtual Result<Bytes> ReadPayload(tlog::Sequence sequence, ByteRange range) const = 0;

  // Damage of the files that changes none of the bytes above. Nothing if the source has no files
  // of its own.
  virtual Result<std::vector<MediumFault>> CheckMedium() const { return std::vector<MediumFault>(); }
};

class Source : public LogSource {
 public:
  // The signed checkpoint that the source claims as its head.
  virtual Result<Bytes> ReadHead() const = 0;
};

}  // namespace exhibit::verify
