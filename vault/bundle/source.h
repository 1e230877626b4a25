// A bundle's folder read as a log: entries and headers of proof/, blocks of a sealed file of data/.
//
// It has no index, no tiles and no head of its own; reading those gives kNotFound.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <utility>

#include "vault/bundle/bag_folder.h"
#include "vault/verify/source.h"

namespace exhibit::bundle {

// `bytes` of a file from `offset` on. kTampered if the file ends before.
Result<Bytes> ReadFileRange(const std::filesystem::path& path, std::uint64_t offset, std::uint64_t bytes);

class BundleSource final : public verify::Source {
 public:
  // For the payload of one entry, whose data/<N>.age has a header of `header_bytes`.
  explicit BundleSource(BagFolder folder, std::size_t header_bytes = 0)
      : folder_(std::move(folder)), header_bytes_(header_bytes) {}

  Result<Bytes> ReadHead() const override;
  Result<Bytes> ReadEntry(tlog::Sequence sequence) const override;
  Result<std::vector<custody::ActRow>> ReadActs(custody::Subjects subjects) const override;
  Result<Bytes> ReadHeader(tlog::Sequence sequence) const override;
  Result<Bytes> ReadRewrapped(tlog::Sequence sequence, tlog::Sequence under) const override;
  Result<Bytes> ReadBlockHashes(tlog::Sequence sequence) const override;
  Result<Bytes> ReadPayload(tlog::Sequence sequence, ByteRange range) const override;
  Result<Bytes> ReadTile(const tlog::TileId& id) const override;

 private:
  BagFolder folder_;
  std::size_t header_bytes_;
};

}  // namespace exhibit::bundle
