// The sealed file of one item in a drop, while it is written: one file or, where the medium takes no longer one, pieces.
//
//   unfinished    <stem>.age.part  <stem>.age.2.part  …
//   finished      <stem>.age, or   <stem>.age.1  <stem>.age.2  …
//
// Nobody asks beforehand what a medium takes: FAT32 has files of less than 4 GiB, and says so (EFBIG) when a write would pass
// that. What fits is in the piece then, and the rest goes into the next one. drop_reader.h reads them as one.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string_view>
#include <vector>

#include "vault/base/file.h"
#include "vault/store/sealed_stage.h"

namespace exhibit::intake {

// How the names of unfinished pieces end; of the first one, ".age.part".
std::filesystem::path UnfinishedPiece(const std::filesystem::path& sealed, std::size_t piece);

// kExists if there is something at `path`, where an item is to be put into a drop.
Result<void> RefuseKnown(const std::filesystem::path& path);

// Creates a file under a name that does not exist. kExists if it does. `from` is gone then.
Result<void> RenameToNew(const std::filesystem::path& from, const std::filesystem::path& to);

class SealedPieces final : public store::SealedStage {
 public:
  // `sealed` is the final path, "<stem>.age". kExists if the first piece is there.
  static Result<std::unique_ptr<SealedPieces>> Make(std::filesystem::path sealed);
  // Removes what was not finished.
  ~SealedPieces() override;

  // Synced, and under its final name or names. The caller syncs the folder.
  Result<void> Finish();

 private:
  explicit SealedPieces(std::filesystem::path sealed) : sealed_(std::move(sealed)) {}
  Result<void> BeginFile(ByteView header) override { return Write(header); }
  Result<void> PutBytes(ByteView bytes) override { return Write(bytes); }
  // A drop keeps no hashes of blocks: the layout line beside the statement has their root.
  Result<store::SealedPlace> EndFile(std::span<const tlog::LeafHash> /*hashes*/, std::string_view /*layout*/) override {
    return store::SealedPlace();
  }
  Result<void> SyncFiles() override { return SyncFile(file_, pieces_.back()); }
  Result<void> ReadBack(const store::SealedPlace& /*place*/, std::uint64_t /*offset*/,
                        MutableByteView /*into*/) const override {
    return Fail(ErrorCode::kUnsupported, "a drop is checked when it is taken in");
  }
  Result<void> Write(ByteView bytes);
  Result<void> BeginPiece();

  std::filesystem::path sealed_;
  std::vector<std::filesystem::path> pieces_;  // unfinished, in their order
  FileDescriptor file_;                        // the last of them
  std::uint64_t in_piece_ = 0;                 // bytes
};

}  // namespace exhibit::intake
