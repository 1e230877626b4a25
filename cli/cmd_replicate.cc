// exhibit replicate: a copy of the vault, in a folder or on an object store, made or brought up to date.
#include <memory>

#include "cli/checkpoint_output.h"
#include "cli/command.h"
#include "cli/interrupt.h"
#include "cli/locked_remains.h"
#include "cli/progress.h"
#include "cli/remote_init.h"
#include "cli/terminal.h"
#include "cli/trust.h"
#include "vault/base/clock.h"
#include "vault/base/encoding.h"
#include "vault/base/format.h"
#include "vault/base/text.h"
#include "vault/work/deeds.h"
#include "vault/work/replicate.h"

namespace exhibit::cli {
namespace {

struct Arguments {
  std::string to;
  std::string fingerprint;
  bool move = false;
  RemoteOptions remote;
  bool json = false;
};

// Where the copy is to be. A place on an object store that holds no vault is tried as `init` does.
struct Target {
  work::ReplicaPlace place;
  std::shared_ptr<RemoteVault> remote = {};  // null for a folder
};

Result<Target> FindTarget(const Arguments& arguments) {
  using Kind = work::ReplicaPlace::Kind;
  if (!net::S3Place::LooksLikeOne(arguments.to))
    return Target{{Kind::kFolder, arguments.to, Printable(arguments.to), nullptr}};
  TRY(const net::S3Place named, net::S3Place::Parse(arguments.to));
  TRY(auto remote, RemoteVault::Of(named, &Interrupted()));
  const auto there = remote->engine().OpenForReading(VaultPaths(remote->folder()).store);
  if (!there && there.error().code != ErrorCode::kNotFound) return Fail(there.error());
  if (!there) {
    TRY(RemotePlace made, FindRemotePlace(arguments.to, arguments.remote));
    remote = std::move(made.vault);
  }
  TRY_VOID(remote->MakeFolder());
  return Target{{Kind::kElsewhere, remote->folder(), Printable(arguments.to), &remote->engine()}, remote};
}

Result<work::ReplicateJob> JobOf(const Arguments& arguments, const Globals& globals, const Target& target) {
  work::ReplicateJob job;
  job.open_source = [&globals] { return VaultReader::Open(globals.VaultFolder(), globals.Opening()); };
  job.source = globals.VaultFolder();
  job.to = target.place;
  if (arguments.move) job.writing = work::ReplicateJob::Writing::kMovesThere;
  if (!arguments.fingerprint.empty()) {
    TRY(job.fingerprint, ParseFingerprint(arguments.fingerprint));
  }
  if (globals.remote != nullptr) {
    job.source_engine = &globals.remote->engine();
    job.fetch_keys = [remote = globals.remote] { return remote->FetchKeyFiles(RemoteVault::Fetching::kAll); };
  }
  if (target.remote != nullptr)
    job.share_keys = [remote = target.remote] { return remote->ShareKeyFiles(RemoteVault::Sharing::kByCopier); };
  job.interrupted = &Interrupted();
  return job;
}

Json JsonOf(const Arguments& arguments, const work::Replicated& done) {
  Json remarks = Json::List();
  for (const std::string& remark : done.remarks) remarks.push_back(remark);
  return {{"copy", arguments.to},
          {"fingerprint", ToHex(done.fingerprint.view())},
          {"before", done.before.value},
          {"checkpoint", cli::JsonOf(done.head)},
          {"is_ahead", done.is_ahead},
          {"copied",
           {{"entries", done.entries},
            {"sealed_files", done.sealed_files},
            {"payload_bytes", done.payload_bytes},
            {"checkpoints", done.checkpoints},
            {"cosigned", done.cosigned}}},
          {"moved_keys", done.moved_keys},
          {"destroyed", done.destroyed},
          {"remarks", std::move(remarks)}};
}

std::string ToText(const work::Replicated& done, const std::string& name) {
  std::string text = Format(
      "copy         {}\n"
      "origin       {}, size {}{}\n"
      "fingerprint  {}\n",
      name, Printable(done.head.origin.text()), done.head.size,
      done.before.value > 0 ? Format(", before {}", done.before) : "", ToHex(done.fingerprint.view()));
  text += done.entries == 0 && done.checkpoints == 0
              ? "copied       nothing: it was up to date\n"
              : Format("copied       {}, {} ({} bytes), {}\n", Counted(done.entries, "entry", "entries"),
                       Counted(done.sealed_files, "sealed file", "sealed files"), done.payload_bytes,
                       Counted(done.checkpoints, "checkpoint", "checkpoints"));
  if (done.destroyed > 0)
    text += Format("destroyed    what the log says of {}\n", Counted(done.destroyed, "sealed file", "sealed files"));
  if (done.moved_keys > 0)
    text += Format("moved        {} of keys/: from now on the vault is added to at {}, and not here\n",
                   Counted(done.moved_keys, "file", "files"), name);
  return text;
}

// What nobody may miss, however quiet the program is to be.
void Warn(const work::Replicated& done, const Globals& globals, const Target& target) {
  for (const std::string& remark : done.remarks) Say(remark);
  if (done.destroyed > 0 && target.remote != nullptr) SayUntilWhenItStays(*target.remote);
  if (done.moved_keys > 0 && globals.remote != nullptr)
    Say("other machines that have keys/log.key of this vault can still add to it where it was: remove the file there, "
        "too");
}

Result<ExitCode> Report(const Arguments& arguments, const Globals& globals, const Target& target,
                        const work::Replicated& done) {
  if (arguments.json) PrintJson(JsonOf(arguments, done));
  if (done.is_ahead) {
    if (!arguments.json) {
      Say(
          Format("{} is ahead of the vault, whose log is its beginning: nothing was copied. If the vault moved there, "
                 "name that one: exhibit --vault {} …",
                 target.place.name, target.place.name));
    }
    return ExitCode::kOlder;
  }
  Warn(done, globals, target);
  const auto noted =
      work::NoteDeed(done.head.origin, done.fingerprint, work::DeedKind::kCopied,
                     {Now(), done.head.size,
                      target.remote != nullptr ? arguments.to : std::filesystem::absolute(arguments.to).native()});
  if (!noted && !globals.quiet)
    Say("that it was copied could not be noted for `exhibit status`: " + noted.error().message);
  if (!arguments.json && !globals.quiet) Print(ToText(done, target.place.name));
  return ExitCode::kOk;
}

Result<ExitCode> Replicate(const Arguments& arguments, const Globals& globals) {
  TRY_VOID(OpenVault(globals));  // before anything is made or tried elsewhere
  TRY(const Target target, FindTarget(arguments));
  TRY(work::ReplicateJob job, JobOf(arguments, globals, target));
  work::ReplicateProgress progress;
  job.progress = &progress;
  Pool pool;
  const auto done = [&] {
    const ProgressLine line("copied", ProgressLine::Unit::kCount, progress.entries, progress.entries_total);
    return work::Replicate(job, pool);
  }();
  if (!done && done.error().code == ErrorCode::kInterrupted) {
    return Fail(Error(done.error()).Hint("what was copied is kept beside the copy: the same command goes on with it"));
  }
  // This command has no --wait.
  if (!done && done.error().code == ErrorCode::kBusy) {
    Error busy = done.error();
    busy.hint = "wait until it has finished, and run this again";
    return Fail(std::move(busy));
  }
  if (!done) return Fail(done.error());
  return Report(arguments, globals, target, *done);
}

}  // namespace

void RegisterReplicate(Commands commands) {
  auto arguments = std::make_shared<Arguments>();
  const Command command =
      commands.program.AddCommand("replicate", "copy the vault to another place, or bring a copy up to date");
  command.AddOption("--to", arguments->to, "the copy: a folder, or s3://HOST/BUCKET/PREFIX; made if it is not there")
      .Required()
      .TypeName("PLACE");
  command.AddOption("--fingerprint", arguments->fingerprint, "the vault's fingerprint, which must be this")
      .TypeName("HEX");
  command.AddFlag("--move", arguments->move,
                  "the vault moves: the keys that sign and label go there, and are erased here");
  arguments->remote.AddTo(command);
  command.AddJson(arguments->json);
  command.Footer(
      "The copy is the same log with the same fingerprint, byte for byte: nothing is signed, and no key is needed. "
      "What is\n"
      "new is read and written; each entry and each block is compared with what is signed, and read back. A copy that "
      "was\n"
      "cut short is gone on with. It shows a checkpoint only when all that it covers is there. What was shredded goes "
      "in\n"
      "the copy, too; on an object store its bytes go when their locks have ended (`exhibit --vault COPY retain`).\n"
      "A copy has no key that signs: it is read and verified, and nobody adds to it. To add there from now on, move "
      "the\n"
      "vault: two places that can add make two histories.\n"
      "Exit status: 0 the copy is up to date, 3 the vault is damaged, or the copy has another history (nothing is\n"
      "copied), 4 somebody writes to the copy, 7 the copy is ahead of the vault, 1 anything else.\n\n"
      "Examples:\n"
      "  exhibit replicate --to /mnt/second/case-1\n"
      "  exhibit replicate --to s3://s3.example.org/evidence/q4d2 --make-buckets\n"
      "  exhibit --vault s3://s3.example.org/evidence/q4d2 replicate --to /srv/case-1\n"
      "  exhibit replicate --to /srv/new-disk/case-1 --move");
  commands.Run(command, arguments, Replicate);
}

}  // namespace exhibit::cli
