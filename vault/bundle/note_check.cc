#include "vault/bundle/note_check.h"

#include <algorithm>
#include <span>
#include <string_view>

#include "vault/base/file.h"
#include "vault/base/format.h"
#include "vault/bundle/layout.h"
#include "vault/bundle/line_ends.h"
#include "vault/custody/signatures.h"
#include "vault/verify/report.h"

namespace exhibit::bundle {
namespace {

bool CouldRead(const BagManifests& manifests, std::string_view file) {
  return std::ranges::none_of(manifests.problems, [&](const BagProblem& problem) {
    return problem.file == file && verify::IsUnread(problem.because);
  });
}

}  // namespace

Result<ReadNote> ReadSignedNote(const BagFolder& folder, const custody::Facts& facts) {
  TRY(Bytes note, ReadFile(folder.PathOf(kNoteFile), kMaxBundleNoteBytes));
  if (WithLineFeeds(note)) return Fail(ErrorCode::kTampered, std::string(kLineEndsConverted));
  TRY(BundleStatement statement, ParseBundleNote(note));
  TRY_VOID(facts.MayAct(statement.made_by, custody::Act::kAccess));
  const custody::Membership* const member = facts.Find(statement.made_by);
  TRY_VOID(custody::CheckExactSignatures(note, std::span(&member->custodian.key, 1)));
  return ReadNote{std::move(statement), std::move(note)};
}

Result<void> CompareNote(const BundleStatement& statement, const BagManifests& manifests, const NotedBundle& bundle) {
  const FileHashes& tags = manifests.tag_manifests;
  const FileHashes& before = manifests.tag_manifests_before_crlf;
  const bool is_other_sha256 = statement.sha256 != tags.sha256 && CouldRead(manifests, kTagManifestFile);
  const bool is_other_sha512 = statement.sha512 != tags.sha512 && CouldRead(manifests, kTagManifest512File);
  if (is_other_sha256 || is_other_sha512) {
    const bool converted = statement.sha256 == before.sha256 && statement.sha512 == before.sha512;
    return Fail(ErrorCode::kTampered,
                converted ? "is of these tag manifests before somebody converted their line ends (copy them as binary)"
                          : "is of other tag manifests than these");
  }
  if (statement.origin != bundle.origin || (bundle.size && statement.size != *bundle.size)) {
    return Fail(ErrorCode::kTampered, "is of another log than the checkpoint in the bundle");
  }
  if (statement.sealed_files != bundle.sealed_files && bundle.could_list) {
    return Fail(ErrorCode::kTampered, Format("says that there are {} sealed files, and there are {}",
                                             statement.sealed_files, bundle.sealed_files));
  }
  if (statement.range.last.value >= statement.size.value) {
    return Fail(ErrorCode::kTampered, "has a range beyond the log's end");
  }
  return {};
}

}  // namespace exhibit::bundle
