#include "vault/intake/drop.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

#include "vault/base/encoding.h"
#include "vault/base/format.h"
#include "vault/base/text.h"
#include "vault/intake/drop_reader.h"

namespace exhibit::intake {

namespace fs = std::filesystem;

namespace {

Result<void> RefuseKnown(const fs::path& path) {
  if (IsAbsent(path)) return {};
  return Fail(ErrorCode::kExists, Printable(path.native()) + " is there already", "use another drop");
}

// Creates a file under a name that does not exist.
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

}  // namespace

// The file of one item: its header, and the payload after it.
class DropDestination::Stage final : public store::SealedStage {
 public:
  static Result<std::unique_ptr<Stage>> Make(fs::path path) {
    TRY(FileDescriptor file, CreateNew(path, 0600));
    return std::unique_ptr<Stage>(new Stage(std::move(file), std::move(path)));
  }
  ~Stage() override {
    if (!path_.empty()) ::unlink(path_.c_str());
  }
  Result<void> Finish(const fs::path& target) {
    TRY_VOID(SyncFiles());
    TRY_VOID(RenameToNew(path_, target));
    path_.clear();
    return {};
  }

 private:
  Stage(FileDescriptor file, fs::path path) : file_(std::move(file)), path_(std::move(path)) {}
  Result<void> BeginFile(ByteView header) override { return WriteFull(file_, header, path_); }
  Result<void> PutBytes(ByteView bytes) override { return WriteFull(file_, bytes, path_); }
  // A drop keeps no hashes of blocks: the layout line beside the statement has their root.
  Result<store::SealedPlace> EndFile(std::span<const tlog::LeafHash> /*hashes*/, std::string_view /*layout*/) override {
    return store::SealedPlace();
  }
  Result<void> SyncFiles() override { return SyncFile(file_, path_); }
  Result<void> ReadBack(const store::SealedPlace& /*place*/, std::uint64_t /*offset*/,
                        MutableByteView /*into*/) const override {
    return Fail(ErrorCode::kUnsupported, "a drop is checked when it is taken in");
  }
  FileDescriptor file_;
  fs::path path_;
};

DropDestination::DropDestination(Collector& collector, fs::path folder)
    : collector_(collector), folder_(std::move(folder)), head_{collector.setup().origin, {0}, tlog::EmptyRoot()} {}

Result<std::unique_ptr<DropDestination>> DropDestination::Open(Collector& collector, const fs::path& folder) {
  TRY_VOID(CreateFolders(folder));
  return std::unique_ptr<DropDestination>(new DropDestination(collector, folder));
}

fs::path DropDestination::PathOf(std::uint64_t number, std::string_view ending) const {
  return folder_ / Format("{}-{}{}", ToHex(collector_.key().verifier().id().view()), number, ending);
}

std::optional<custody::HeaderDigest> DropDestination::HeaderOf(tlog::Sequence number) const {
  if (IsAbsent(PathOf(number.value, ".age")) && IsAbsent(PathOf(number.value, ".age.1"))) return std::nullopt;
  const auto item = ReadItem(folder_, {ToHex(collector_.key().verifier().id().view()), number.value});
  return item ? std::optional(item->statement.said().sealed.header) : std::nullopt;
}

// What an interrupted collection left may be all that there is of a stream. It stays, under a name that nothing will take.
// Nobody else works on it, because we hold the lock on the collector's folder.
Result<void> DropDestination::PutAside(const fs::path& unfinished) const {
  for (int copy = 1; !IsAbsent(unfinished); ++copy) {
    const fs::path aside = Format("{}-{}.part", unfinished.native(), copy);
    if (!IsAbsent(aside)) continue;
    if (::rename(unfinished.c_str(), aside.c_str()) != 0) return Fail(SystemError("rename to", aside, errno));
  }
  return {};
}

Result<std::unique_ptr<store::SealedStage>> DropDestination::NewStage() {
  const fs::path path = PathOf(collector_.last() + 1, ".age.part");
  TRY_VOID(PutAside(path));
  TRY(std::unique_ptr<Stage> stage, Stage::Make(path));
  return std::unique_ptr<store::SealedStage>(std::move(stage));
}

Result<void> DropDestination::PutSealedFile(const store::Pending& pending, store::SealedStage* stage,
                                            std::uint64_t number) const {
  const fs::path target = PathOf(number, ".age");
  if (stage != nullptr) return static_cast<Stage*>(stage)->Finish(target);
  const fs::path unfinished = PathOf(number, ".age.part");
  TRY_VOID(PutAside(unfinished));
  TRY(const std::unique_ptr<Stage> made, Stage::Make(unfinished));
  TRY_VOID(made->Begin(pending.sealed->header));
  TRY_VOID(made->Put(pending.sealed->payload));
  return made->Finish(target);
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
