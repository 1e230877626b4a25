#include "vault/bundle/source.h"

#include "vault/base/file.h"

namespace exhibit::bundle {

namespace fs = std::filesystem;

Result<Bytes> ReadFileRange(const fs::path& path, std::uint64_t offset, std::uint64_t bytes) {
  TRY(const FileDescriptor file, OpenForReading(path));
  Bytes read(static_cast<std::size_t>(bytes));
  TRY(const std::size_t got, ReadFullAt(file, offset, MutableByteView(read), path));
  if (got < read.size()) return Fail(ErrorCode::kTampered, "the sealed file is cut off");
  return read;
}

Result<Bytes> SealedFileSource::ReadHead() const {
  return Fail(ErrorCode::kNotFound, "a sealed file has no head of its own");
}

Result<Bytes> SealedFileSource::ReadEntry(tlog::Sequence /*sequence*/) const {
  return Fail(ErrorCode::kNotFound, "a sealed file has no entries");
}

Result<std::vector<custody::ActRow>> SealedFileSource::ReadActs(custody::Subjects /*subjects*/) const {
  return Fail(ErrorCode::kNotFound, "a bundle keeps no index");
}

Result<Bytes> SealedFileSource::ReadHeader(tlog::Sequence /*sequence*/) const {
  if (parts_.header) return ToBytes(ViewOf(*parts_.header));
  return Fail(ErrorCode::kNotFound, "log/headers has no header of it");
}

Result<Bytes> SealedFileSource::ReadRewrapped(tlog::Sequence /*sequence*/, tlog::Sequence /*under*/) const {
  return Fail(ErrorCode::kNotFound, "a bundle has headers for its receivers instead");
}

Result<Bytes> SealedFileSource::ReadLayout(tlog::Sequence /*sequence*/) const { return ToBytes(ViewOf(parts_.layout)); }

Result<Bytes> SealedFileSource::ReadBlockHashes(tlog::Sequence /*sequence*/) const {
  return Fail(ErrorCode::kNotFound, "a bundle keeps no block hashes");
}

Result<Bytes> SealedFileSource::ReadPayload(tlog::Sequence /*sequence*/, ByteRange range) const {
  return ReadFileRange(parts_.path, parts_.header_bytes + range.offset, range.bytes);
}

Result<Bytes> SealedFileSource::ReadTile(const tlog::TileId& /*id*/) const {
  return Fail(ErrorCode::kNotFound, "a bundle has hashes of subtrees instead of tiles");
}

}  // namespace exhibit::bundle
