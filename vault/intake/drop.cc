#include "vault/intake/drop.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

#include "vault/base/encoding.h"
#include "vault/base/format.h"
#include "vault/base/text.h"
#include "vault/seal/layout.h"

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
  Result<void> Begin(ByteView header) override { return WriteFull(file_, header, path_); }
  Result<void> Put(ByteView bytes) override { return WriteFull(file_, bytes, path_); }
  // A drop keeps no hashes of blocks: its collector's statement has their root.
  Result<store::SealedPlace> End(std::span<const tlog::LeafHash>) override { return store::SealedPlace(); }
  Result<void> Sync() override { return SyncFile(file_, path_); }
  Result<Bytes> ReadBack(const store::SealedPlace&, ByteRange) const override {
    return Fail(ErrorCode::kUnsupported, "a drop is checked when it is taken in");
  }

  Result<void> Finish(const fs::path& target) {
    TRY_VOID(Sync());
    TRY_VOID(RenameToNew(path_, target));
    path_.clear();
    return {};
  }

 private:
  Stage(FileDescriptor file, fs::path path) : file_(std::move(file)), path_(std::move(path)) {}
  FileDescriptor file_;
  fs::path path_;
};

DropDestination::DropDestination(Collector& collector, fs::path folder)
    : collector_(collector), folder_(std::move(folder)), head_{collector.setup().origin, {0}, tlog::EmptyRoot()} {}

Result<std::unique_ptr<DropDestination>> DropDestination::Open(Collector& collector, const fs::path& folder) {
  TRY_VOID(CreateFolders(folder));
  return std::unique_ptr<DropDestination>(new DropDestination(collector, folder));
}

Result<std::unique_ptr<store::SealedStage>> DropDestination::NewStage() {
  const std::string id = ToHex(collector_.key().verifier().id().view());
  const fs::path path = folder_ / Format("{}-{}.age.part", id, collector_.next());
  // An interrupted collection left it: nobody else works on it, because we hold the lock on the collector's folder.
  if (::unlink(path.c_str()) != 0 && errno != ENOENT) return Fail(SystemError("remove", path, errno));
  TRY(std::unique_ptr<Stage> stage, Stage::Make(path));
  return std::unique_ptr<store::SealedStage>(std::move(stage));
}

Result<void> DropDestination::WriteSealedFile(const store::Pending& pending, const fs::path& target) {
  TRY(std::unique_ptr<Stage> stage, Stage::Make(target.native() + ".part"));
  TRY_VOID(stage->Begin(pending.sealed.header));
  for (const Bytes& block : pending.blocks) TRY_VOID(stage->Put(block));
  return stage->Finish(target);
}

Result<store::Committed> DropDestination::Commit(std::vector<store::Pending> group,
                                                 std::unique_ptr<store::SealedStage> stage) {
  const std::string actor = custody::ActorOf(collector_.key().verifier());
  const std::string id = ToHex(collector_.key().verifier().id().view());
  TRY(const std::uint64_t first, collector_.Take(group.size()));
  const auto stem = [&](std::size_t i) { return folder_ / Format("{}-{}", id, first + i); };
  for (std::size_t i = 0; i < group.size(); ++i) {
    const fs::path target = stem(i).native() + ".age";
    TRY_VOID(RefuseKnown(stem(i).native() + ".collected"));
    if (stage != nullptr) {
      TRY_VOID(static_cast<Stage&>(*stage).Finish(target));
    } else {
      TRY_VOID(WriteSealedFile(group[i], target));
    }
  }
  TRY_VOID(SyncFolder(folder_));
  for (std::size_t i = 0; i < group.size(); ++i) {
    const custody::Collected statement{
        collector_.setup().origin, {actor, first + i}, recipient(), Now(), group[i].sealed.file};
    TRY(const custody::SignedCollected made, custody::SignedCollected::Sign(statement, collector_.key()));
    // Atomically: half a statement would look like a damaged item.
    TRY_VOID(ReplaceFile(stem(i).native() + ".collected", made.bytes(), 0644));
  }
  return store::Committed{{first}, head_};
}

}  // namespace exhibit::intake
