#include "cli/collecting.h"

#include <filesystem>
#include <memory>
#include <utility>

#include "cli/adding.h"
#include "cli/passphrase.h"
#include "vault/base/file.h"
#include "vault/base/format.h"
#include "vault/intake/collector.h"
#include "vault/intake/drop.h"

namespace exhibit::cli {
namespace {

// A collector's folder and a drop, open as long as something is added to it.
class OpenedDrop final : public intake::Destination {
 public:
  static Result<std::unique_ptr<intake::Destination>> Open(const CollectArguments& arguments) {
    TRY(intake::Collector collector, intake::Collector::Open(arguments.collector, PassphrasesByName));
    auto opened = std::unique_ptr<OpenedDrop>(new OpenedDrop(std::move(collector)));
    TRY(opened->into_, intake::DropDestination::Open(opened->collector_, arguments.drop));
    return std::unique_ptr<intake::Destination>(std::move(opened));
  }
  const store::EntrySealer& sealer() const override { return into_->sealer(); }
  Result<std::unique_ptr<store::SealedStage>> NewStage() override { return into_->NewStage(); }
  Result<store::Committed> Commit(std::vector<store::Pending> group,
                                  std::unique_ptr<store::SealedStage> stage) override {
    return into_->Commit(std::move(group), std::move(stage));
  }
  Result<void> Close() override { return into_->Close(); }
  tlog::Checkpoint head() const override { return into_->head(); }
  const tlog::SigningKey& key() const override { return into_->key(); }
  tlog::Sequence next() const override { return into_->next(); }
  std::optional<custody::HeaderDigest> HeaderOf(tlog::Sequence number) const override {
    return into_->HeaderOf(number);
  }

 private:
  explicit OpenedDrop(intake::Collector collector) : collector_(std::move(collector)) {}
  intake::Collector collector_;
  std::unique_ptr<intake::DropDestination> into_;
};

}  // namespace

void AddCollectOptions(const Command& command, CollectArguments& arguments, std::string_view typed) {
  arguments.adding.AddTo(command);
  command.AddOption("--collector", arguments.collector, "the folder that `exhibit collector new` made")
      .Required()
      .TypeName("FOLDER")
      .Environment("EXHIBIT_COLLECTOR");
  command.AddOption("--drop", arguments.drop, "the folder to put sealed items into").Required().TypeName("FOLDER");
  command.Footer(Format(
      "Nothing that is sealed can be opened here. Carry the drop to the vault's machine: exhibit take-in.\n"
      "--resume passes over files of which the journal in the collector's folder and the drop say that they are\n"
      "in the drop, by this path of this machine.\n\n"
      "Example:\n  {} /var/log --collector /mnt/stick/fs01 --drop /mnt/stick/drop --source fs01",
      typed));
}

Result<ExitCode> Collect(const CollectArguments& arguments, std::string_view typed) {
  const auto open = [&](Pool&) { return OpenedDrop::Open(arguments); };
  const auto journal = [&](const intake::Destination&) -> Result<std::filesystem::path> {
    return intake::JournalIn(arguments.collector);
  };
  // Made first, so that it can be skipped if it is below a collected path.
  if (!arguments.adding.dry_run) TRY_VOID(CreateFolders(std::filesystem::absolute(arguments.drop)));
  return AddEvidence(
      arguments.adding,
      {typed, open, journal, {arguments.drop, arguments.collector}, Adding::Into::kDrop, arguments.quiet});
}

}  // namespace exhibit::cli
