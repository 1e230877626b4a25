#include "vault/work/rescue.h"

#include <algorithm>

#include "vault/base/file.h"
#include "vault/base/format.h"
#include "vault/base/new_folder.h"
#include "vault/base/text.h"
#include "vault/session/opening.h"
#include "vault/store/kept_heads.h"
#include "vault/work/rescue_files.h"
#include "vault/work/rescue_writer.h"

namespace exhibit::work {

namespace fs = std::filesystem;

namespace {

constexpr NewFolder::Rules kMaking{
    .existing = NewFolder::Existing::kReplaceIfEmpty, .prefix = ".", .suffix = ".rescuing"};

fs::path Resolved(const fs::path& path) {
  std::error_code error;
  fs::path resolved = fs::weakly_canonical(path, error);
  return error ? path : resolved;
}

// Nothing is ever written into the damaged vault.
Result<void> RefuseWithin(const fs::path& target, const fs::path& damaged) {
  const fs::path inner = Resolved(target);
  const fs::path outer = Resolved(damaged);
  const auto differs = std::ranges::mismatch(outer, inner);
  if (differs.in1 != outer.end()) return {};
  return Fail(ErrorCode::kInvalid,
              Printable(target.native()) + " lies in the damaged vault, and nothing is written there",
              "name a folder elsewhere, best on another disk: --to DIR");
}

// What a rescue that was killed left beside the target.
void RemarkOnLeft(const fs::path& target, std::vector<std::string>& remarks) {
  fs::path named = target.has_filename() ? target : target.parent_path();
  const std::string begin = std::string(kMaking.prefix) + named.filename().native() + std::string(kMaking.suffix);
  const fs::path folder = fs::absolute(named).parent_path();
  std::error_code error;
  for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    if (at->path().filename().native().starts_with(begin))
      remarks.push_back(
          Format("{} was left by a rescue that was cut short, and can be removed", Printable(at->path().native())));
  }
}

// The heads that this user kept of the vaults that were found here count as signed checkpoints. They are only read.
Result<void> AddKeptHeads(rescue::Found& found) {
  std::vector<std::string> origins;
  for (const auto& [origin, count] : found.origins_here) origins.push_back(origin);
  for (const std::string& text : origins) {
    const auto origin = tlog::Origin::Parse(text);
    const auto path = origin ? store::UserHeadPath(*origin) : Result<fs::path>(Fail(origin.error()));
    if (!path) continue;
    TRY(const auto head, store::HeadFile(*path).Read());
    if (!head) continue;
    const std::uint32_t source = found.AddSource(*path);
    found.Take(rescue::Carve(*head, head->size()), source, 0, *head, 0);
  }
  return {};
}

Result<void> WriteVault(const RescueJob& job, const rescue::Search& search, const rescue::Found& found,
                        const rescue::RescuedLog& log, const VaultPaths& paths, Rescued& rescued) {
  const SaidOfFiles said = SaidOfFiles::Of(found, log);
  std::vector<fs::path> places = {job.damaged};
  places.insert(places.end(), job.also.begin(), job.also.end());
  TRY(SmallFiles small, RescueSmallFiles(places, paths, said.reader_key, log.keys));
  rescued.lost_files = std::move(small.lost);
  std::ranges::move(small.remarks, std::back_inserter(rescued.remarks));
  TRY_VOID(CreateFolders(paths.store));
  TRY(const auto store, opening::EngineOr(job.engine).Create(paths.store));
  rescue::SealedFinder finder(found, search);
  TRY_VOID(RescueWriter(found, log, said, finder, *store, rescued).Run());
  return store::HeadFile(paths.head).Replace(log.head_note);
}

Result<void> VerifyVault(const RescueJob& job, const fs::path& folder, Pool& pool, Rescued& rescued) {
  OpenOptions opening;
  opening.engine = job.engine;
  TRY(const ContradictedVault opened, VaultReader::OpenContradicted(folder, opening));
  rescued.kept = opened.lost;
  verify::Options options;
  options.fingerprint = job.fingerprint;
  options.interrupted = job.interrupted;
  TRY(rescued.report, verify::Verify(*opened.vault, options, pool));
  return {};
}

}  // namespace

bool Rescued::is_whole() const {
  return lost.empty() && !signed_head && lost_files.empty() && contradicted.empty() && kept.empty() && report.ok();
}

Result<Rescued> Rescue(const RescueJob& job, Pool& pool) {
  TRY_VOID(CheckFolder(job.damaged));
  TRY_VOID(RefuseWithin(job.target, job.damaged));
  TRY_VOID(NewFolder::MayMake(job.target, kMaking));
  const rescue::Search search{job.damaged, job.also, job.interrupted, job.bytes_read};
  TRY(rescue::Found found, rescue::SearchPlaces(search));
  TRY_VOID(AddKeptHeads(found));
  TRY(const rescue::RescuedLog log, rescue::FindLog(found, job.fingerprint));
  Rescued rescued{log.fingerprint(), log.head, {}, {}, {}, {}, {}, {}, {}, log.contradicted, {}, found.remarks, {}};
  RemarkOnLeft(job.target, rescued.remarks);
  for (const rescue::CarvedCheckpoint& one : log.beyond) {
    if (!rescued.signed_head || rescued.signed_head->size < one.says.size) rescued.signed_head = one.says;
  }
  TRY(NewFolder making, NewFolder::Make(job.target, kMaking));
  TRY_VOID(WriteVault(job, search, found, log, VaultPaths(making.path()), rescued));
  TRY_VOID(VerifyVault(job, making.path(), pool, rescued));
  TRY_VOID(making.Finish());
  return rescued;
}

}  // namespace exhibit::work
