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

bool IsBucket(std::string_view drop) { return drop.starts_with("s3://"); }

Result<std::unique_ptr<intake::Destination>> OpenBucket(const CollectArguments& arguments, const Collecting& program) {
  TRY(intake::Collector collector, intake::Collector::Open(arguments.collector, PassphrasesByName));
  return program.open_bucket(std::move(collector), arguments);
}

}  // namespace

void AddCollectOptions(const Command& command, CollectArguments& arguments, const Collecting& program) {
  arguments.adding.AddTo(command);
  command.AddOption("--collector", arguments.collector, "the folder that `exhibit collector new` made")
      .Required()
      .TypeName("FOLDER")
      .Environment("EXHIBIT_COLLECTOR");
  const bool has_network = program.open_bucket != nullptr;
  command
      .AddOption("--drop", arguments.drop,
                 has_network
                     ? "the folder to put sealed items into, or a place on an object store: s3://HOST/BUCKET/PREFIX"
                     : "the folder to put sealed items into")
      .Required()
      .TypeName(has_network ? "PLACE" : "FOLDER");
  command.Footer(Format(
      "Nothing that is sealed can be opened here. Carry the drop to the vault's machine: exhibit take-in.\n"
      "--resume passes over files of which the journal in the collector's folder and the drop say that they are\n"
      "in the drop, by this path of this machine.\n\n"
      "Example{}:\n  {} /var/log --collector /mnt/stick/fs01 --drop /mnt/stick/drop --source fs01{}",
      has_network ? "s" : "", program.typed,
      has_network ? Format("\n  {} /var/log --collector fs01 --drop s3://s3.example.org/evidence/q4d2/drops/fs01",
                           program.typed)
                  : ""));
}

Result<ExitCode> Collect(const CollectArguments& arguments, const Collecting& program) {
  const bool is_bucket = IsBucket(arguments.drop);
  if (is_bucket && program.open_bucket == nullptr) {
    return Fail(ErrorCode::kUnsupported, Format("{} has no network, and puts into folders only", program.typed),
                "the full program puts into a bucket: exhibit collect --drop s3://HOST/BUCKET/PREFIX");
  }
  const auto open = [&](Pool&) { return is_bucket ? OpenBucket(arguments, program) : OpenedDrop::Open(arguments); };
  const auto journal = [&](const intake::Destination&) -> Result<std::filesystem::path> {
    return intake::JournalIn(arguments.collector);
  };
  std::vector<std::filesystem::path> own_folders = {arguments.collector};
  if (!is_bucket) {
    // Made first, so that it can be skipped if it is below a collected path.
    if (!arguments.adding.dry_run) TRY_VOID(CreateFolders(std::filesystem::absolute(arguments.drop)));
    own_folders.emplace_back(arguments.drop);
  }
  return AddEvidence(arguments.adding,
                     {program.typed, open, journal, std::move(own_folders), Adding::Into::kDrop, arguments.quiet});
}

}  // namespace exhibit::cli
