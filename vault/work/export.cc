#include "vault/work/export.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "vault/base/encoding.h"
#include "vault/base/format.h"
#include "vault/base/text.h"
#include "vault/custody/free_text.h"

namespace exhibit::work {
namespace {

// The code word of an `export-failed` entry. What a system or a medium said stays with whoever reads the message.
std::string_view WordOf(ErrorCode code) {
  switch (code) {
    case ErrorCode::kInvalid: return "invalid";
    case ErrorCode::kNotFound: return "not-found";
    case ErrorCode::kExists: return "exists";
    case ErrorCode::kIo: return "io";
    case ErrorCode::kBusy: return "busy";
    case ErrorCode::kDenied: return "denied";
    case ErrorCode::kPermission: return "permission";
    case ErrorCode::kWrongKey: return "wrong-key";
    case ErrorCode::kTampered: return "tampered";
    case ErrorCode::kUnsupported: return "unsupported";
    case ErrorCode::kInterrupted: return "interrupted";
  }
  InternalError("an error has no code word", __FILE__, __LINE__);
}

class Exporter {
 public:
  Exporter(const ExportJob& job, seal::Identities keys, Pool& pool) : job_(job), keys_(keys), pool_(pool) {}

  // Reads the vault as it is before anybody is told of an export.
  Result<void> Prepare() {
    TRY(const auto vault, job_.open_reader());
    TRY(items_, job_.choose(*vault));
    TRY_VOID(CheckItems(*vault));
    TRY(const custody::State state, vault->State());
    const custody::PositionRanges& shredded = *state.facts().shredded;
    if (job_.whole == ExportJob::Whole::kLeaveOut) {
      TRY_VOID(LeaveOutWhatFails(*vault, shredded));
    } else {
      TRY_VOID(CheckNotShredded(shredded));
    }
    cases_ = CasesOf(*vault, keys_, items_, pool_);
    return {};
  }

  const std::vector<tlog::Sequence>& items() const { return items_; }

  Result<custody::AccessGrant> Record() const {
    Pool pool;
    TRY(const auto writer, job_.open_writer(custody::Access::kForm, pool));
    return RecordAccess(*writer,
                        {custody::AccessWay::kExport, items_, job_.purpose, bundle::NamesOf(job_.recipients), cases_});
  }

  // The data, the act that names their manifest, and the rest.
  Result<Exported> Write(const custody::AccessGrant& grant, const tlog::SigningKey& signer) const {
    auto written = TryToWrite(grant, signer);
    if (!written) return RecordFailure(grant.entry(), std::move(written).error());
    return written;
  }

  // Nothing left, and an entry says so.
  Failure RecordFailure(std::optional<tlog::Sequence> announced, Error error) const {
    error.message = "not exported: " + error.message;
    const auto record = [&]() -> Result<void> {
      store::Fields fields = {{"why", custody::FieldValue(WordOf(error.code))}};
      if (announced) fields.emplace_back("export", NumberOf(*announced));
      Pool pool;
      TRY(const auto writer, job_.open_writer(custody::Access::kForm, pool));
      TRY_VOID(writer->CommitAccess(custody::AccessWay::kExportFailed, items_, fields, cases_));
      return {};
    };
    if (const auto recorded = record(); !recorded) job_.on_unrecorded(recorded.error());
    return Fail(std::move(error));
  }

 private:
  static custody::FieldValue NumberOf(tlog::Sequence sequence) {
    return custody::FieldValue::Number(static_cast<std::int64_t>(sequence.value));
  }

  Result<Exported> TryToWrite(const custody::AccessGrant& grant, const tlog::SigningKey& signer) const {
    TRY(const auto before, job_.open_reader());
    bundle::ExportRequest request;
    request.target = job_.target;
    request.items = items_;
    request.recipients = job_.recipients;
    request.interrupted = job_.interrupted;
    request.policy = job_.policy;
    request.missing = missing_;
    request.withhold = job_.withhold;
    request.digests = job_.digests;
    request.program = job_.program;
    auto begun = bundle::BundleWriter::Begin(grant, *before, keys_, request, pool_);
    if (!begun) return Fail(NotWhole(std::move(begun).error()));
    bundle::BundleWriter writer = std::move(*begun);
    TRY(const tlog::Sequence exported, RecordExported(grant.entry(), writer));
    // Opened after that entry was made, so that the bundle tells of itself.
    TRY(const auto vault, job_.open_reader());
    TRY_VOID(job_.cosign(*vault));
    TRY(std::vector<crypto::TimestampToken> timestamps, job_.stamp(*vault));
    TRY_VOID(writer.Finish(*vault, {exported, signer, std::move(timestamps)}, *job_.companion));
    return Exported{std::set<tlog::Sequence>(items_.begin(), items_.end()).size(), missing_, vault->fingerprint(),
                    grant.entry(), exported};
  }

  Result<tlog::Sequence> RecordExported(tlog::Sequence announced, const bundle::BundleWriter& bundle) const {
    const store::Fields fields = {
        {"export", NumberOf(announced)},
        {"manifest", custody::FieldValue(ToHex(bundle.manifest().view()))},
        {"checked", custody::FieldValue::Bool(true)}};  // each was opened while it was written
    Pool pool;
    TRY(const auto writer, job_.open_writer(custody::Access::kForm, pool));
    TRY(const custody::AccessGrant grant, writer->CommitAccess(custody::AccessWay::kExported, items_, fields, cases_));
    return grant.entry();
  }

  Result<void> CheckItems(const VaultReader& vault) const {
    constexpr std::uint64_t kAtOnce = 1024;
    const auto check = [&](std::uint64_t i) -> Result<void> {
      const tlog::Sequence item = items_[static_cast<std::size_t>(i)];
      TRY(const auto entry, vault.EntryIfHere(item));
      if (!entry && job_.whole == ExportJob::Whole::kLeaveOut) return {};
      if (!entry) return Fail(verify::LostEntry(item));
      if (custody::FormOf(entry->parsed().body).sealed == custody::SealedRule::kContent) return {};
      return Fail(ErrorCode::kInvalid, Format("entry {} is an act, not an item: leave it out", item));
    };
    const auto take = [](std::uint64_t, Result<void> checked) { return checked; };
    return MakeAndTake<Result<void>>(pool_, items_.size(), kAtOnce, check, take);
  }

  Result<void> CheckNotShredded(const custody::PositionRanges& shredded) const {
    for (const tlog::Sequence item : items_) {
      if (shredded.Has(item.value)) return Fail(ErrorCode::kInvalid, Format("item {} was shredded", item));
    }
    return {};
  }

  // Each item is read and opened in full, and what fails is left out and listed.
  Result<void> LeaveOutWhatFails(const VaultReader& vault, const custody::PositionRanges& shredded) {
    std::vector<tlog::Sequence> readable;
    for (const tlog::Sequence item : std::set<tlog::Sequence>(items_.begin(), items_.end())) {
      if (shredded.Has(item.value)) {
        missing_.push_back({item, "shredded"});
      } else {
        readable.push_back(item);
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

  static Error NotWhole(Error error) {
    if (error.code != ErrorCode::kTampered || !error.hint.empty()) return error;
    return std::move(error).Hint(
        "exhibit verify --content names everything that is wrong; --partial leaves it out, and says so in the bundle");
  }

  const ExportJob& job_;
  seal::Identities keys_;
  Pool& pool_;
  std::vector<tlog::Sequence> items_;
  std::vector<std::string> cases_;
  std::vector<bundle::Missing> missing_;
};

}  // namespace

Result<Exported> Export(const ExportJob& job, seal::Identities keys, Pool& pool) {
  Exporter exporter(job, keys, pool);
  TRY_VOID(exporter.Prepare());
  TRY(const tlog::SigningKey signer, job.load_signer());
  TRY(const custody::AccessGrant grant, exporter.Record());
  return exporter.Write(grant, signer);
}

}  // namespace exhibit::work
