#include "vault/intake/sealed_pieces.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

#include "vault/base/format.h"
#include "vault/base/text.h"

namespace exhibit::intake {

namespace fs = std::filesystem;

fs::path UnfinishedPiece(const fs::path& sealed, std::size_t piece) {
  return piece == 1 ? fs::path(sealed.native() + ".part") : fs::path(Format("{}.{}.part", sealed.native(), piece));
}

Result<void> RefuseKnown(const fs::path& path) {
  if (IsAbsent(path)) return {};
  return Fail(ErrorCode::kExists, Printable(path.native()) + " is there already", "use another drop");
}

Result<void> RenameToNew(const fs::path& from, const fs::path& to) {
  if (::link(from.c_str(), to.c_str()) == 0) {
    if (::unlink(from.c_str()) != 0) return Fail(SystemError("remove", from, errno));
    return {};
  }
  // The name exists, or the medium has no links, as FAT.
  TRY_VOID(RefuseKnown(to));
  if (::rename(from.c_str(), to.c_str()) != 0) return Fail(SystemError("rename to", to, errno));
  return {};
}

Result<std::unique_ptr<SealedPieces>> SealedPieces::Make(fs::path sealed) {
  std::unique_ptr<SealedPieces> made(new SealedPieces(std::move(sealed)));
  TRY_VOID(made->BeginPiece());
  return made;
}

SealedPieces::~SealedPieces() {
  for (const fs::path& piece : pieces_) ::unlink(piece.c_str());
}

Result<void> SealedPieces::BeginPiece() {
  if (file_) TRY_VOID(SyncFile(file_, pieces_.back()));
  fs::path path = UnfinishedPiece(sealed_, pieces_.size() + 1);
  TRY(file_, CreateNew(path, 0600));
  pieces_.push_back(std::move(path));
  in_piece_ = 0;
  return {};
}

Result<void> SealedPieces::Write(ByteView bytes) {
  while (!bytes.empty()) {
    const ssize_t put = ::write(file_.get(), bytes.data(), bytes.size());
    if (put >= 0) {
      bytes = bytes.subspan(static_cast<std::size_t>(put));
      in_piece_ += static_cast<std::uint64_t>(put);
    } else if (errno == EFBIG && in_piece_ > 0) {
      TRY_VOID(BeginPiece());
    } else if (errno != EINTR) {
      return Fail(SystemError("write", pieces_.back(), errno));
    }
  }
  return {};
}

Result<void> SealedPieces::Finish() {
  TRY_VOID(SyncFiles());
  if (pieces_.size() == 1) {
    TRY_VOID(RenameToNew(pieces_.front(), sealed_));
  } else {
    for (std::size_t i = 0; i < pieces_.size(); ++i)
      TRY_VOID(RenameToNew(pieces_[i], fs::path(Format("{}.{}", sealed_.native(), i + 1))));
  }
  pieces_.clear();
  return {};
}

}  // namespace exhibit::intake
