#include "vault/store/pack_stage.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "vault/base/format.h"
#include "vault/base/text.h"

namespace exhibit::store {
namespace {

constexpr std::size_t kBufferBytes = 256 << 10;

Result<void> WriteAt(const FileDescriptor& file, std::uint64_t offset, ByteView bytes,
                     const std::filesystem::path& path) {
  while (!bytes.empty()) {
    const ssize_t put = ::pwrite(file.get(), bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return Fail(SystemError("write", path, errno));
    offset += static_cast<std::uint64_t>(put);
    bytes = bytes.subspan(static_cast<std::size_t>(put));
  }
  return {};
}

}  // namespace

PackStage::~PackStage() {
  if (at_ == packs_.end()) return;
  file_ = {};
  IgnoreBecause("the next writer takes it back, or an entry names it", packs_.CutAtEnd());
}

Result<void> PackStage::BeginFile(ByteView header) {
  place_ = {header.size(), 0, 0, {}, {}};
  return Write(header);
}

Result<void> PackStage::PutBytes(ByteView bytes) {
  place_.payload_bytes += bytes.size();
  return Write(bytes);
}

Result<SealedPlace> PackStage::EndFile(std::span<const tlog::LeafHash> hashes, std::string_view layout) {
  for (const tlog::LeafHash& hash : hashes) TRY_VOID(Write(hash.view()));
  place_.hashes_bytes = hashes.size() * tlog::LeafHash::kSize;
  place_.layout = layout;
  return std::exchange(place_, {});
}

Result<void> PackStage::SyncFiles() {
  TRY_VOID(FlushBuffer());
  for (const FileDescriptor& file : full_) TRY_VOID(SyncFile(file, packs_.folder_));
  full_.clear();
  if (file_) TRY_VOID(SyncFile(file_, path_));
  // The names of packs that were made, once.
  if (std::exchange(made_a_pack_, false)) TRY_VOID(SyncFolder(packs_.folder_));
  return {};
}

Result<void> PackStage::ReadBack(const SealedPlace& place, std::uint64_t offset, MutableByteView into) const {
  EXHIBIT_ASSERT(buffer_.empty());
  return packs_.ReadInto(place.extents, offset, into);
}

Result<void> PackStage::Write(ByteView bytes) {
  while (!bytes.empty()) {
    TRY_VOID(MakeRoom());
    const std::uint64_t room = PackLimit(at_.pack) - at_.bytes;
    const ByteView piece = bytes.first(static_cast<std::size_t>(std::min<std::uint64_t>(bytes.size(), room)));
    if (piece.size() + buffer_.size() > kBufferBytes) TRY_VOID(FlushBuffer());
    if (piece.size() > kBufferBytes) {
      TRY_VOID(WriteAt(file_, at_.bytes, piece, path_));
      BeginWriteBack(file_, at_.bytes, piece.size());
    } else {
      Append(buffer_, piece);
    }
    NoteExtent(piece.size());
    bytes = bytes.subspan(piece.size());
  }
  return {};
}

// A pack is open, and not full.
Result<void> PackStage::MakeRoom() {
  const bool is_full = at_.pack == 0 || at_.bytes >= PackLimit(at_.pack);
  if (file_ && !is_full) return {};
  if (!is_full) return OpenPack(at_.pack);
  TRY_VOID(FlushBuffer());
  if (file_) full_.push_back(std::move(file_));
  at_ = {at_.pack + 1, 0};
  return OpenPack(at_.pack);
}

Result<void> PackStage::OpenPack(std::uint64_t pack) {
  path_ = packs_.PathOf(pack);
  file_ = FileDescriptor(::open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!file_) return Fail(SystemError("open", path_, errno));
  if (at_.bytes == 0) made_a_pack_ = true;
  struct ::stat status {};
  if (::fstat(file_.get(), &status) != 0) return Fail(SystemError("look at", path_, errno));
  if (static_cast<std::uint64_t>(status.st_size) == at_.bytes) return {};
  return Fail(ErrorCode::kTampered,
              Format("{} has {} bytes, and the entries name {}", Printable(path_.native()), status.st_size, at_.bytes));
}

Result<void> PackStage::FlushBuffer() {
  if (buffer_.empty()) return {};
  const std::uint64_t offset = at_.bytes - buffer_.size();
  TRY_VOID(WriteAt(file_, offset, buffer_, path_));
  buffer_.clear();
  return {};
}

void PackStage::NoteExtent(std::uint64_t bytes) {
  const bool goes_on = !place_.extents.empty() && place_.extents.back().pack == at_.pack;
  if (!goes_on) place_.extents.push_back({at_.pack, at_.bytes, 0});
  place_.extents.back().bytes += bytes;
  at_.bytes += bytes;
}

}  // namespace exhibit::store
