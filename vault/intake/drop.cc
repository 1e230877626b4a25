#include "vault/intake/drop.h"

#include <cerrno>
#include <cstdio>
#include <string_view>

#include "vault/base/encoding.h"
#include "vault/base/format.h"
#include "vault/base/text.h"
#include "vault/custody/folder_kind.h"
#include "vault/intake/drop_reader.h"
#include "vault/intake/sealed_pieces.h"

namespace exhibit::intake {

namespace fs = std::filesystem;

DropDestination::DropDestination(Collector& collector, fs::path folder)
    : collector_(collector), folder_(std::move(folder)), head_{collector.setup().origin, {0}, tlog::EmptyRoot()} {}

Result<std::unique_ptr<DropDestination>> DropDestination::Open(Collector& collector, const fs::path& folder) {
  if (const std::string_view kind = custody::KindOfFolder(folder); !kind.empty()) {
    return Fail(ErrorCode::kInvalid, Format("{} is {}, and no place for a drop", Printable(folder.native()), kind),
                "name a folder that is empty or not there, or one that holds a drop");
  }
  TRY_VOID(CreateFolders(folder));
  return std::unique_ptr<DropDestination>(new DropDestination(collector, folder));
}

fs::path DropDestination::PathOf(std::uint64_t number, std::string_view ending) const {
  return folder_ / Format("{}-{}{}", ToHex(collector_.key().verifier().id().view()), number, ending);
}

std::optional<custody::HeaderDigest> DropDestination::HeaderOf(tlog::Sequence number) const {
  const bool is_cut = IsAbsent(PathOf(number.value, ".age"));
  if (is_cut && IsAbsent(PathOf(number.value, ".age.1"))) return std::nullopt;
  const FolderDrop files(folder_);
  const DropPlace place{ToHex(collector_.key().verifier().id().view()), number.value};
  const auto item = ReadItem(files, place);
  // Some of its pieces may have been carried away.
  if (item && is_cut && !SealedReader::Open(files, place, *item)) return std::nullopt;
  return item ? std::optional(item->statement.said().sealed.header) : std::nullopt;
}

// What an interrupted collection left may be all that there is of a stream. It stays, under a name that nothing will take.
// Nobody else works on it, because we hold the lock on the collector's folder.
Result<void> DropDestination::PutAside(const fs::path& sealed) const {
  for (std::size_t piece = 1;; ++piece) {
    const fs::path unfinished = UnfinishedPiece(sealed, piece);
    if (IsAbsent(unfinished)) return {};
    for (int copy = 1; !IsAbsent(unfinished); ++copy) {
      const fs::path aside = Format("{}-{}.part", unfinished.native(), copy);
      if (!IsAbsent(aside)) continue;
      if (::rename(unfinished.c_str(), aside.c_str()) != 0) return Fail(SystemError("rename to", aside, errno));
    }
  }
}

Result<std::unique_ptr<SealedPieces>> DropDestination::NewFile(std::uint64_t number) const {
  const fs::path sealed = PathOf(number, ".age");
  TRY_VOID(PutAside(sealed));
  return SealedPieces::Make(sealed);
}

Result<std::unique_ptr<store::SealedStage>> DropDestination::NewStage() {
  TRY(std::unique_ptr<SealedPieces> stage, NewFile(collector_.last() + 1));
  return std::unique_ptr<store::SealedStage>(std::move(stage));
}

Result<void> DropDestination::PutSealedFile(const store::Pending& pending, store::SealedStage* stage,
                                            std::uint64_t number) const {
  if (stage != nullptr) return static_cast<SealedPieces*>(stage)->Finish();
  TRY(const std::unique_ptr<SealedPieces> made, NewFile(number));
  TRY_VOID(made->Begin(pending.sealed->header));
  TRY_VOID(made->Put(pending.sealed->payload));
  return made->Finish();
}

// The collector's state, then sealed files, then statements: a crash leaves numbers that are missing, or sealed files
// without a statement, and never a number twice.
Result<store::Committed> DropDestination::Commit(std::vector<store::Pending> group,
                                                 std::unique_ptr<store::SealedStage> stage) {
  EXHIBIT_ASSERT(stage == nullptr || group.size() == 1);
  const std::uint64_t first = collector_.last() + 1;
  std::vector<custody::SealedFile> files;
  for (std::size_t i = 0; i < group.size(); ++i) {
    TRY_VOID(RefuseKnown(PathOf(first + i, ".age")));
    TRY_VOID(RefuseKnown(PathOf(first + i, ".age.1")));
    TRY_VOID(RefuseKnown(PathOf(first + i, ".collected")));
    files.push_back(group[i].sealed->file);
  }
  TRY(const std::vector<custody::SignedCollected> statements, collector_.Sign(files));
  for (std::size_t i = 0; i < group.size(); ++i) TRY_VOID(PutSealedFile(group[i], stage.get(), first + i));
  TRY_VOID(SyncFolder(folder_));
  for (std::size_t i = 0; i < group.size(); ++i) {
    const std::string file = group[i].sealed->layout.Line() + std::string(TextOf(statements[i].bytes()));
    // Atomically: half a statement would look like a damaged item.
    TRY_VOID(ReplaceFile(PathOf(first + i, ".collected"), ViewOf(file), 0644));
  }
  return store::Committed{{first}, head_};
}

Result<void> DropDestination::Close() {
  const fs::path path = PathOf(collector_.last(), ".closed");
  if (!IsAbsent(path)) return {};  // nothing came after it
  TRY(const custody::SignedClosedRun end, collector_.SignEnd());
  return ReplaceFile(path, end.bytes(), 0644);
}

}  // namespace exhibit::intake
