#include "vault/bundle/source.h"

#include "vault/base/file.h"
#include "vault/bundle/layout.h"
#include "vault/custody/entry.h"
#include "vault/seal/age_header.h"

namespace exhibit::bundle {

namespace fs = std::filesystem;

Result<Bytes> ReadFileRange(const fs::path& path, std::uint64_t offset, std::uint64_t bytes) {
  TRY(const FileDescriptor file, OpenForReading(path));
  Bytes read(static_cast<std::size_t>(bytes));
  TRY(const std::size_t got, ReadFullAt(file, offset, MutableByteView(read), path));
  if (got < read.size()) return Fail(ErrorCode::kTampered, "the sealed file is cut off");
  return read;
}

Result<Bytes> BundleSource::ReadHead() const { return Fail(ErrorCode::kNotFound, "a bundle has no head of its own"); }

Result<Bytes> BundleSource::ReadEntry(tlog::Sequence sequence) const {
  return ReadFile(folder_.PathOf(ProofFile(sequence, "entry")), custody::kMaxEntryBytes);
}

Result<std::vector<custody::ActRow>> BundleSource::ReadActs(custody::Subjects /*subjects*/) const {
  return Fail(ErrorCode::kNotFound, "a bundle keeps no index");
}

Result<Bytes> BundleSource::ReadHeader(tlog::Sequence sequence) const {
  return ReadFile(folder_.PathOf(ProofFile(sequence, "header")), seal::kMaxHeaderBytes);
}

Result<Bytes> BundleSource::ReadRewrapped(tlog::Sequence /*sequence*/, tlog::Sequence /*under*/) const {
  return Fail(ErrorCode::kNotFound, "a bundle has headers for its receiver instead");
}

Result<Bytes> BundleSource::ReadBlockHashes(tlog::Sequence /*sequence*/) const {
  return Fail(ErrorCode::kNotFound, "a bundle keeps no block hashes");
}

Result<Bytes> BundleSource::ReadPayload(tlog::Sequence sequence, ByteRange range) const {
  return ReadFileRange(folder_.PathOf(SealedFileName(sequence)), header_bytes_ + range.offset, range.bytes);
}

Result<Bytes> BundleSource::ReadTile(const tlog::TileId& /*id*/) const {
  return Fail(ErrorCode::kNotFound, "a bundle has proofs instead of tiles");
}

}  // namespace exhibit::bundle
