// A sealed file of a bundle, read as the sealed file of its entry: the layout and the header of the vault out of log/, the
// payload out of data/, where it follows a header for the receivers.
//
// It has no index, no tiles and no head of its own; reading those gives kNotFound.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "vault/verify/source.h"

namespace exhibit::bundle {

// `bytes` of a file from `offset` on. kTampered if the file ends before.
Result<Bytes> ReadFileRange(const std::filesystem::path& path, std::uint64_t offset, std::uint64_t bytes);

class SealedFileSource final : public verify::Source {
 public:
  struct Parts {
    std::filesystem::path path;
    std::size_t header_bytes = 0;            // of the header for the receivers
    std::string layout;                      // the line
    std::optional<std::string> header = {};  // of the vault, unless it was destroyed
  };
  explicit SealedFileSource(Parts parts) : parts_(std::move(parts)) {}
  // The layout line.
  std::string_view layout() const { return parts_.layout; }

  Result<Bytes> ReadHead() const override;
  Result<Bytes> ReadEntry(tlog::Sequence sequence) const override;
  Result<std::vector<custody::ActRow>> ReadActs(custody::Subjects subjects) const override;
  Result<Bytes> ReadHeader(tlog::Sequence sequence) const override;
  Result<Bytes> ReadRewrapped(tlog::Sequence sequence, tlog::Sequence under) const override;
  Result<Bytes> ReadLayout(tlog::Sequence sequence) const override;
  Result<Bytes> ReadBlockHashes(tlog::Sequence sequence) const override;
  Result<Bytes> ReadPayload(tlog::Sequence sequence, ByteRange range) const override;
  Result<Bytes> ReadTile(const tlog::TileId& id) const override;

 private:
  Parts parts_;
};

}  // namespace exhibit::bundle
