// A stage that appends to packs (store/packs.h): sealed files that no entry names yet.
#pragma once

#include <cstdint>

#include "vault/store/packs.h"

namespace exhibit::store {

class PackStage final : public SealedStage {
 public:
  // Starts where the packs end. REQUIRES: `packs` outlives it.
  explicit PackStage(Packs& packs) : packs_(packs), at_(packs.end()) {}
  // Cuts off bytes that no entry names.
  ~PackStage() override;

 private:
  Result<void> BeginFile(ByteView header) override;
  Result<void> PutBytes(ByteView bytes) override;
  Result<SealedPlace> EndFile(std::span<const tlog::LeafHash> hashes, std::string_view layout) override;
  Result<void> SyncFiles() override;
  Result<void> ReadBack(const SealedPlace& place, std::uint64_t offset, MutableByteView into) const override;
  Result<void> Write(ByteView bytes);
  Result<void> MakeRoom();
  Result<void> OpenPack(std::uint64_t pack);
  Result<void> FlushBuffer();
  void NoteExtent(std::uint64_t bytes);

  Packs& packs_;
  PackEnd at_;  // after the last byte that was put
  std::filesystem::path path_;
  FileDescriptor file_;  // of the pack at_.pack, once something was put
  Bytes buffer_;         // its last bytes, not yet written, because many parts are small
  bool made_a_pack_ = false;
  std::vector<FileDescriptor> full_;  // full packs, to be synced with the last one
  SealedPlace place_;                 // of the present sealed file
};

}  // namespace exhibit::store
