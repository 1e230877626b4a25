#include "vault/work/export.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "vault/base/format.h"
#include "vault/base/text.h"
#include "vault/bundle/writer.h"
#include "vault/custody/json_fields.h"
#include "vault/verify/source_at.h"

namespace exhibit::work {
namespace {

class Exporter {
 public:
  Exporter(const ExportJob& job, seal::Identities keys, Pool& pool) : job_(job), keys_(keys), pool_(pool) {}

  // Reads the vault as it is before anybody is told of an export.
  Result<void> Prepare() {
    TRY(const auto vault, job_.open_reader());
    TRY(items_, job_.choose(*vault));
    TRY_VOID(CheckItems(*vault));
    TRY(const custody::State state, vault->State());
    if (job_.whole == ExportJob::Whole::kLeaveOut) return LeaveOutWhatFails(*vault, state.facts().shredded);
    TRY_VOID(CheckNotShredded(state.facts().shredded));
    if (keys_.empty()) return {};
    auto whole = CheckWhole(*vault);
    if (whole || whole.error().code == ErrorCode::kInterrupted) return whole;
    return RecordFailure(std::move(whole).error());
  }

  const std::vector<tlog::Sequence>& items() const { return items_; }

  Result<custody::AccessGrant> Record() const {
    Pool pool;
    TRY(const auto writer, job_.open_writer(custody::Act::kAccess, pool));
    return RecordAccess(*writer, custody::Access::Way::kExport, items_, job_.purpose, bundle::NamesOf(job_.recipients));
  }

  Result<Exported> Write(const custody::AccessGrant& grant, const VaultReader& vault, const verify::Source& source,
                         const tlog::SigningKey& signer) const {
    bundle::ExportRequest request{job_.target, items_,   job_.recipients, job_.interrupted,
                                  job_.policy, missing_, &signer,         job_.program};
    auto written = bundle::WriteBundle(grant, source, keys_, request, *job_.companion, pool_);
    if (!written) return RecordFailure(std::move(written).error());
    return Exported{std::set<tlog::Sequence>(items_.begin(), items_.end()).size(), missing_, vault.fingerprint()};
  }

  // Nothing left, and an entry says so; it may come after one that announced the export.
  Failure RecordFailure(Error error) const {
    error.message = "not exported: " + error.message;
    const auto record = [&]() -> Result<void> {
      Pool pool;
      TRY(const auto writer, job_.open_writer(custody::Act::kAccess, pool));
      TRY_VOID(RecordAccess(*writer, custody::Access::Way::kExportFailed, items_,
                            PrintableUpTo(custody::kMaxLineBytes, error.message)));
      return {};
    };
    if (const auto recorded = record(); !recorded) job_.on_unrecorded(recorded.error());
    return Fail(std::move(error));
  }

 private:
  using Shredded = std::map<std::uint64_t, tlog::Sequence>;  // which entry did it

  Result<void> CheckItems(const VaultReader& vault) const {
    for (const tlog::Sequence item : items_) {
      TRY(const custody::SignedEntry entry, vault.Entry(item));
      if (custody::SealedFileOf(entry.parsed().body) != nullptr) continue;
      return Fail(ErrorCode::kInvalid, Format("entry {} is an act, not an item: leave it out", item));
    }
    return {};
  }

  Result<void> CheckNotShredded(const Shredded& shredded) const {
    for (const tlog::Sequence item : items_) {
      const auto found = shredded.find(item.value);
      if (found == shredded.end()) continue;
      return Fail(ErrorCode::kInvalid, Format("item {} was shredded under entry {}", item, found->second));
    }
    return {};
  }

  // Each item is read and opened in full, and what fails is left out and listed.
  Result<void> LeaveOutWhatFails(const VaultReader& vault, const Shredded& shredded) {
    std::vector<tlog::Sequence> readable;
    for (const tlog::Sequence item : std::set<tlog::Sequence>(items_.begin(), items_.end())) {
      const auto found = shredded.find(item.value);
      if (found == shredded.end()) {
        readable.push_back(item);
      } else {
        missing_.push_back({item, Format("shredded under entry {}", found->second)});
      }
    }
    TRY(std::vector<bundle::Missing> failing, bundle::FindFailing(vault, keys_, readable, job_.interrupted, pool_));
    items_.clear();
    for (const tlog::Sequence item : readable) {
      if (!std::ranges::any_of(failing, [&](const bundle::Missing& one) { return one.item == item; }))
        items_.push_back(item);
    }
    std::ranges::move(failing, std::back_inserter(missing_));
    std::ranges::sort(missing_, {}, &bundle::Missing::item);
    for (const bundle::Missing& one : missing_) job_.on_left_out(one);
    if (items_.empty()) return Fail(ErrorCode::kTampered, "not exported: none of the items is whole");
    return {};
  }

  // Nothing is written of what is not whole to its last byte.
  Result<void> CheckWhole(const VaultReader& vault) const {
    const std::set<tlog::Sequence> each(items_.begin(), items_.end());
    TRY(const std::vector<bundle::Missing> failing,
        bundle::FindFailing(vault, keys_, {each.begin(), each.end()}, job_.interrupted, pool_));
    if (failing.empty()) return {};
    return Fail(
        ErrorCode::kTampered, failing.front().why,
        "exhibit verify --content names everything that is wrong; --partial leaves it out, and says so in the bundle");
  }

  const ExportJob& job_;
  seal::Identities keys_;
  Pool& pool_;
  std::vector<tlog::Sequence> items_;
  std::vector<bundle::Missing> missing_;
};

// The newest checkpoint with cosignatures that holds the entry.
Result<Bytes> FindCosigned(const VaultReader& vault, tlog::Sequence announced) {
  TRY(const custody::LogKeys keys, vault.ReadLogKeys());
  std::optional<std::pair<tlog::TreeSize, Bytes>> newest;
  TRY(std::vector<verify::KeptCheckpoint> cosigned, vault.ReadCosigned());
  for (verify::KeptCheckpoint& one : cosigned) {
    const auto checkpoint = verify::CheckKept(vault, vault.head(), keys, one);
    if (!checkpoint || checkpoint->size.value <= announced.value) continue;
    if (!newest || checkpoint->size > newest->first) newest.emplace(checkpoint->size, std::move(one.note));
  }
  if (newest) return std::move(newest->second);
  return Fail(ErrorCode::kNotFound, Format("no checkpoint with entry {} in it has cosignatures", announced),
              "get them: exhibit checkpoint --witness-request FILE, exhibit witness sign, exhibit checkpoint "
              "--witness ANSWER");
}

}  // namespace

Result<Exported> Export(const ExportJob& job, seal::Identities keys, Pool& pool) {
  Exporter exporter(job, keys, pool);
  TRY_VOID(exporter.Prepare());
  TRY(const tlog::SigningKey signer, job.load_signer());
  TRY(const custody::AccessGrant grant, exporter.Record());
  // Opened after the entry was made, so that the bundle tells of itself.
  TRY(const auto vault, job.open_reader());
  if (auto cosigned = job.cosign(*vault); !cosigned) return exporter.RecordFailure(std::move(cosigned).error());
  return exporter.Write(grant, *vault, *vault, signer);
}

Result<tlog::Sequence> Announce(const ExportJob& job, seal::Identities keys, Pool& pool) {
  Exporter exporter(job, keys, pool);
  TRY_VOID(exporter.Prepare());
  TRY_VOID(custody::ItemSet::Of(exporter.items()));  // one entry announces all
  TRY(const custody::AccessGrant grant, exporter.Record());
  return grant.entry();
}

Result<Exported> ExportAnnounced(const ExportJob& job, tlog::Sequence announced, seal::Identities keys, Pool& pool) {
  Exporter exporter(job, keys, pool);
  TRY_VOID(exporter.Prepare());
  TRY(const tlog::SigningKey signer, job.load_signer());
  TRY(const auto vault, job.open_reader());
  TRY(const custody::State state, vault->State());
  TRY_VOID(state.MayAct(custody::ActorOf(signer.verifier()), custody::Act::kAccess));
  TRY(const custody::ItemSet items, custody::ItemSet::Of(exporter.items()));
  TRY(const custody::AccessGrant grant, vault->FindAnnounced(announced, items, bundle::NamesOf(job.recipients)));
  TRY_VOID(job.cosign(*vault));
  TRY(Bytes checkpoint, FindCosigned(*vault, announced));
  return exporter.Write(grant, *vault, verify::SourceAt(*vault, std::move(checkpoint)), signer);
}

}  // namespace exhibit::work
