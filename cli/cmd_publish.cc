// exhibit publish: the log as static files that anybody can verify.
#include <memory>

#include "cli/checkpoint_output.h"
#include "cli/command.h"
#include "cli/interrupt.h"
#include "cli/terminal.h"
#include "vault/base/clock.h"
#include "vault/base/encoding.h"
#include "vault/base/format.h"
#include "vault/base/text.h"
#include "vault/net/bucket_log.h"
#include "vault/publish/folder_place.h"
#include "vault/publish/publisher.h"
#include "vault/work/deeds.h"

namespace exhibit::cli {
namespace {

struct Arguments {
  std::string place;
  bool json = false;
};

Result<std::unique_ptr<publish::PublishedPlace>> PlaceOf(const std::string& place) {
  if (net::S3Place::LooksLikeOne(place)) {
    TRY(const net::S3Place bucket, net::S3Place::Parse(place));
    return std::unique_ptr<publish::PublishedPlace>(
        std::make_unique<net::BucketPlace>(net::BucketFiles::At(bucket, &Interrupted())));
  }
  TRY(auto folder, publish::FolderPlace::Open(place));
  return std::unique_ptr<publish::PublishedPlace>(std::move(folder));
}

// As `status` shows it.
std::string NameOf(const std::string& place) {
  return net::S3Place::LooksLikeOne(place) ? place.substr(0, place.find('?'))
                                           : std::filesystem::absolute(place).native();
}

Result<ExitCode> Publish(const Arguments& arguments, const Globals& globals) {
  TRY(const auto vault, OpenVault(globals));
  TRY(const custody::LogKeys keys, vault->ReadLogKeys());
  TRY(const auto place, PlaceOf(arguments.place));
  TRY(const publish::Published done, publish::Publish(*vault, keys, *place, &Interrupted()));
  const auto noted = work::NoteDeed(done.checkpoint.origin, vault->fingerprint(), work::DeedKind::kPublished,
                                    {Now(), done.checkpoint.size, NameOf(arguments.place)});
  if (!noted && !globals.quiet)
    Say("that it was published could not be noted for `exhibit status`: " + noted.error().message);
  if (arguments.json) {
    PrintJson({{"folder", arguments.place},
               {"before", done.before.value},
               {"checkpoint", JsonOf(done.checkpoint)},
               {"files", done.files}});
    return ExitCode::kOk;
  }
  if (globals.quiet) return ExitCode::kOk;
  Print(
      Format("published    {}, size {}{}\n"
             "files        {} written in {}\n",
             Printable(done.checkpoint.origin.text()), done.checkpoint.size,
             done.before.value > 0 ? Format(", before {}", done.before) : "", done.files, Printable(arguments.place)));
  return ExitCode::kOk;
}

}  // namespace

void RegisterPublish(Commands commands) {
  auto arguments = std::make_shared<Arguments>();
  const Command command = commands.program.AddCommand(
      "publish", "write the log, or what is new of it, as static files that anybody can verify");
  command
      .AddOption("PLACE", arguments->place,
                 "where to: a folder, or a place on an object store, s3://HOST/BUCKET/PREFIX; made if it is not there, "
                 "brought up to date if it is")
      .Required();
  command.AddJson(arguments->json);
  command.Footer(
      "The place holds checkpoint, tile/ and tile/entries/ as C2SP tlog-tiles says; any web server can serve it.\n"
      "Published are entries: handles, numbers, types, times and hashes. Every word for people is sealed, and no size\n"
      "is told; what shows is the origin, and who acted when by which handle.\n"
      "Tiles are written once and never changed; the checkpoint comes last.\n"
      "On an object store a bucket of its own is best: whoever may read it is the public.\n\n"
      "Examples:\n  exhibit publish /srv/www/case-1\n  exhibit verify-log https://example.org/case-1\n"
      "  exhibit publish s3://s3.example.org/public/case-1\n  exhibit verify-log s3://s3.example.org/public/case-1");
  commands.Run(command, arguments, Publish);
}

}  // namespace exhibit::cli
