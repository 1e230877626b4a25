#include "cli/remote_init.h"

#include <iterator>

#include "cli/interrupt.h"
#include "vault/base/format.h"
#include "vault/custody/field_forms.h"
#include "vault/session/vault_writer.h"
#include "vault/work/probe_unused.h"

namespace exhibit::cli {
namespace {

Result<void> NoteWeakness(const RemotePlace& place, const work::NewVault& made) {
  std::string text = "made with --accept-weak-lock. Object Lock of this store does not hold, or less than it says: ";
  for (const std::string& one : place.weak) text += (text.ends_with(": ") ? "" : ", ") + one;
  const custody::PassphraseProvider passphrase =
      [&made](const custody::PassphraseRequest&) -> Result<crypto::SecretText> {
    EXHIBIT_ASSERT(made.key_passphrase != nullptr);  // plain keys are opened without
    return made.key_passphrase->Duplicate();
  };
  Pool pool;
  TRY(const auto writer,
      VaultWriter::Open({.folder = made.folder,
                         .custodian_key = made.custodian_key,
                         .act = custody::Note::kForm,
                         .opening = {.pins = {}, .engine = &place.vault->engine(), .interrupted = &Interrupted()}},
                        passphrase, pool));
  TRY(store::Fields fields, custody::ItemFields({tlog::Sequence{0}}));
  fields.emplace_back("text", custody::FieldValue(std::move(text)));
  TRY_VOID(writer->CommitAct({custody::Note{}, std::move(fields)}));
  return {};
}

}  // namespace

void RemoteOptions::AddTo(const Command& command) {
  command
      .AddOption("--lock-days", log_lock_days,
                 "on an object store: for how many days the log and its checkpoints cannot be deleted by anybody")
      .Between(1, kMostLockDays)
      .ShowDefault();
  command
      .AddOption("--payload-lock-days", payload_lock_days,
                 "on an object store: the same of sealed content. `exhibit retain` renews it")
      .Between(1, kMostLockDays)
      .ShowDefault();
  command.AddFlag("--accept-weak-lock", accept_weak_lock,
                  "on an object store whose lock does not hold: make a vault all the same; its log says so");
  command.AddFlag("--make-buckets", make_buckets, "on an object store: make the two buckets, too");
}

Result<RemotePlace> FindRemotePlace(std::string_view text, const RemoteOptions& options) {
  TRY(const net::S3Place place, net::S3Place::Parse(text));
  store::ObjectSettings settings{
      static_cast<std::uint32_t>(options.log_lock_days), static_cast<std::uint32_t>(options.payload_lock_days), {}, {}};
  TRY(const auto tried, RemoteVault::Of(place, &Interrupted()));
  if (options.make_buckets) {
    TRY_VOID(tried->log_bucket().Make(net::S3Bucket::Kind::kPlain));
    TRY_VOID(tried->data_bucket().Make(net::S3Bucket::Kind::kLocking));
  }
  auto probed = work::ProbeBuckets({tried->log_bucket(), tried->data_bucket()});
  if (!probed) return Fail(std::move(probed).error().In("the buckets could not be tried"));
  auto unused = work::ProbeUnused(tried->log_bucket(), tried->data_bucket());
  if (!unused) return Fail(std::move(unused).error().In("the buckets could not be tried"));
  probed->insert(probed->end(), std::make_move_iterator(unused->begin()), std::make_move_iterator(unused->end()));
  TRY_VOID(work::CheckProbes(*probed, options.accept_weak_lock ? work::WeakLock::kAccepted : work::WeakLock::kRefused));
  settings.weak = work::NotHolding(*probed, work::Probe::Need::kLock);
  settings.other = work::NotHolding(*probed, work::Probe::Need::kNone);
  TRY(auto vault, RemoteVault::Of(place, &Interrupted(), settings));
  return RemotePlace{std::move(vault), std::move(*probed), std::move(settings.weak)};
}

Result<void> FinishRemote(const RemotePlace& place, const work::NewVault& made) {
  TRY_VOID(place.vault->ShareKeyFiles());
  return place.weak.empty() ? Result<void>() : NoteWeakness(place, made);
}

}  // namespace exhibit::cli
