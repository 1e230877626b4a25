#include "vault/work/replicate.h"

#include <algorithm>
#include <iterator>
#include <map>

#include "vault/base/format.h"
#include "vault/verify/verifier.h"
#include "vault/work/later_said.h"
#include "vault/work/move_keys.h"
#include "vault/work/replica_files.h"
#include "vault/work/replica_writer.h"

namespace exhibit::work {
namespace {

constexpr std::string_view kDamaged =
    "nothing of a log that does not verify is copied. `exhibit verify` says all that is wrong, and `exhibit rescue` "
    "makes a vault of what is left";

// What the log is wrong in. A file of the medium that is damaged keeps nothing from being copied: what is read of it is
// compared with what was signed, and a disk that fails is the best reason for a copy.
Result<void> VerifyLog(const ReplicateJob& job, const VaultReader& source, const Replica& replica, Pool& pool,
                       std::vector<std::string>& remarks) {
  verify::Options options;
  options.depth = verify::Depth::kLog;
  options.fingerprint = job.fingerprint;
  options.interrupted = job.interrupted;
  if (const auto& head = replica.before().head)
    options.kept.push_back({verify::KeptCheckpoint::Use::kResume, replica.name(), head->note});
  TRY(verify::Report report, verify::Verify(source, options, pool));
  if (report.newer_from) {
    return Fail(ErrorCode::kUnsupported, "the vault was not copied: " + verify::FirstProblem(report),
                "use a newer version of exhibit");
  }
  const auto is_medium = [](const verify::Finding& one) { return one.property == verify::Property::kMedium; };
  for (const verify::Finding& one : report.findings) {
    if (is_medium(one)) remarks.push_back("of the vault that is copied: " + verify::Describe(one));
  }
  std::erase_if(report.findings, is_medium);
  if (report.ok()) return {};
  const bool is_unread = report.findings.empty();
  return Fail(is_unread ? ErrorCode::kIo : ErrorCode::kTampered,
              "the vault was not copied: " + verify::FirstProblem(report),
              is_unread ? std::string() : std::string(kDamaged));
}

// What the log says is destroyed and the copy has, also where an interrupted copy left it. A store whose bytes are locked
// refuses it once it has the entry that says so; others destroy it after the copy shows that entry.
class Destroyer {
 public:
  Destroyer(const LaterSaid& said, store::Store& store) : said_(said), store_(store) {}

  // Before anything is copied.
  Result<void> FindWhatGoes() {
    const custody::PositionRanges& shredded = said_.shredded();
    for (auto range = shredded.RangeFrom(0); range; range = shredded.RangeFrom(range->last + 1)) {
      for (std::uint64_t item = range->first; item <= range->last; ++item) {
        TRY(const bool is_there, Has(store_.FindPlace({item})));
        if (is_there) files_.push_back({item});
      }
    }
    for (const auto& [item, under] : said_.destroyed_under()) {
      if (said_.IsShredded(item)) continue;
      TRY(const bool is_there, HasHeader(store_.FindPlace(item)));
      if (is_there) headers_.emplace(item, under);
    }
    for (const auto& [item, under] : said_.DestroyedHeaders()) {
      if (said_.IsShredded(item)) continue;
      TRY(const bool is_there, HasHeader(store_.FindPlace(item, under)));
      if (is_there) headers_.emplace(item, said_.destroyed_under().at(item));
    }
    return {};
  }
  Result<void> Run() const {
    for (const tlog::Sequence item : files_) TRY_VOID(store_.DestroySealedFile(item));
    for (const auto& [item, under] : headers_) TRY_VOID(store_.DestroyHeaders(item, under));
    return {};
  }
  std::uint64_t count() const { return files_.size() + headers_.size(); }

 private:
  static Result<bool> Has(const Result<store::SealedPlace>& place) {
    if (place) return true;
    if (place.error().code == ErrorCode::kNotFound) return false;
    return Fail(place.error());
  }
  static Result<bool> HasHeader(const Result<store::SealedPlace>& place) {
    TRY(const bool is_there, Has(place));
    return is_there && place->header_bytes > 0 && place->header == store::SealedPlace::Header::kHere;
  }

  const LaterSaid& said_;
  store::Store& store_;
  std::vector<tlog::Sequence> files_;
  std::map<tlog::Sequence, tlog::Sequence> headers_;  // by item, the entry that destroyed them
};

void TakeRemarks(CopiedFiles files, Replicated& done) {
  std::ranges::move(files.remarks, std::back_inserter(done.remarks));
}

}  // namespace

Result<Replicated> Replicate(const ReplicateJob& job, Pool& pool) {
  const VaultPaths source_paths(job.source);
  const bool moves = job.writing == ReplicateJob::Writing::kMovesThere;
  std::optional<FileLock> nobody_adds;
  if (moves) {
    TRY(nobody_adds, LockForMove(source_paths, job.source_engine, job.interrupted));
  }
  TRY(const auto source, job.open_source());
  if (moves) TRY_VOID(CheckMayMove(source_paths, *source));
  TRY(Replica replica, Replica::Open(job.to, job.source, *source, job.interrupted));
  const Replica::Holds& before = replica.before();
  Replicated done{.fingerprint = source->fingerprint(), .head = source->head()};
  if (before.head) done.before = before.head->says.size;
  if (before.is_ahead) {
    done.is_ahead = true;
    if (before.head) done.head = before.head->says;
    return done;
  }
  TRY_VOID(VerifyLog(job, *source, replica, pool, done.remarks));
  TRY(const custody::LogKeys keys, source->ReadLogKeys());
  TRY(const custody::State state, source->State());
  TRY(const LaterSaid said, LaterSaid::Read(*source, state));
  TRY(CopiedFiles key_files, CopyKeyFiles(source_paths, replica.paths(), state.facts(), job.fetch_keys));
  TakeRemarks(std::move(key_files), done);
  if (job.share_keys) TRY_VOID(job.share_keys());
  Destroyer destroyer(said, replica.store());
  TRY_VOID(destroyer.FindWhatGoes());
  TRY_VOID(ReplicaWriter(*source, keys, said, replica, job, pool, done).Run());
  TRY_VOID(destroyer.Run());
  done.destroyed = destroyer.count();
  TRY(CopiedFiles cosigned, CopyCosigned(*source, keys, replica.paths()));
  done.cosigned = cosigned.copied;
  TakeRemarks(std::move(cosigned), done);
  if (moves) TRY_VOID(BringKeys(source_paths, replica.paths()));
  TRY_VOID(replica.Finish());
  if (moves) {
    TRY(done.moved_keys, EraseKeys(source_paths));
  }
  return done;
}

}  // namespace exhibit::work
