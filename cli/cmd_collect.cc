// exhibit collect: seals evidence on a machine that can read nothing, into a folder that is carried to the vault, or into a
// bucket.
#include <memory>

#include "cli/collecting.h"
#include "cli/command.h"
#include "cli/interrupt.h"
#include "vault/work/bucket_drop.h"

namespace exhibit::cli {
namespace {

Result<std::unique_ptr<intake::Destination>> OpenBucket(intake::Collector collector,
                                                        const CollectArguments& arguments) {
  TRY(const net::S3Place place, net::S3Place::Parse(arguments.drop));
  return work::BucketDrop::Open(std::move(collector), arguments.collector, net::BucketFiles::At(place, &Interrupted()),
                                place.Name());
}

Collecting ThisProgram() { return {"exhibit collect", OpenBucket}; }

Result<ExitCode> RunCollect(CollectArguments& arguments, const Globals& globals) {
  arguments.quiet = globals.quiet;
  return Collect(arguments, ThisProgram());
}

}  // namespace

void RegisterCollect(Commands commands) {
  auto arguments = std::make_shared<CollectArguments>();
  const Command command = commands.program.AddCommand("collect", kCollectMeaning);
  AddCollectOptions(command, *arguments, ThisProgram());
  commands.RunWithoutVault(command, arguments, RunCollect);
}

}  // namespace exhibit::cli
