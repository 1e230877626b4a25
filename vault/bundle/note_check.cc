#include "vault/bundle/note_check.h"

#include <algorithm>
#include <span>
#include <string_view>

#include "vault/base/encoding.h"
#include "vault/base/file.h"
#include "vault/base/format.h"
#include "vault/base/text.h"
#include "vault/bundle/layout.h"
#include "vault/bundle/line_ends.h"
#include "vault/custody/field_forms.h"
#include "vault/custody/item_facts.h"
#include "vault/custody/position_ranges.h"
#include "vault/verify/report.h"

namespace exhibit::bundle {
namespace {

Failure Bad(std::string rule) { return Fail(ErrorCode::kTampered, std::move(rule)); }

bool CouldRead(const BagManifests& manifests, std::string_view file) {
  return std::ranges::none_of(manifests.problems, [&](const BagProblem& problem) {
    return problem.file == file && verify::IsUnread(problem.because);
  });
}

Result<void> CompareManifests(const custody::BundleNote& note, const BagManifests& manifests) {
  const bool has_sha512 = note.tagmanifest_sha512.has_value();
  if (has_sha512 != manifests.has_sha512) {
    return Bad(Format("{} tagmanifest-sha512.txt, and the bundle has {}", has_sha512 ? "names" : "does not name",
                      has_sha512 ? "none" : "one"));
  }
  const FileHashes& tags = manifests.tag_manifests;
  const FileHashes& before = manifests.tag_manifests_before_crlf;
  const auto is_sha256 = [&](const FileHashes& hashes) { return Equal(note.tagmanifest.view(), hashes.sha256.view()); };
  const auto is_sha512 = [&](const FileHashes& hashes) {
    return !has_sha512 || (hashes.sha512 && Equal(note.tagmanifest_sha512->view(), hashes.sha512->view()));
  };
  const bool is_other = (!is_sha256(tags) && CouldRead(manifests, kTagManifestFile)) ||
                        (!is_sha512(tags) && CouldRead(manifests, kTagManifest512File));
  if (!is_other) return {};
  return Bad(is_sha256(before) && is_sha512(before)
                 ? "is of these tag manifests before somebody converted their line ends (copy them as binary)"
                 : "is of other tag manifests than these");
}

// An access act that is told, with its fields.
struct AccessAct {
  const ToldEntry* entry;
  custody::FieldList fields;
};
Result<AccessAct> FindAccess(const ToldLogCheck& log, tlog::Sequence at, custody::Showing showing) {
  const ToldEntry* const entry = log.Find(at);
  if (entry == nullptr || entry->type != custody::Access::kForm.type)
    return Bad(Format("names entry {}, which is no access act that is told", at));
  auto fields = log.FieldsOf(at);
  if (!fields) return Bad(Format("names entry {}, whose fields are not told", at));
  if (auto told = custody::CheckTold(showing, *fields); !told)
    return Fail(std::move(told).error().In(tlog::NameOf(at)));
  return AccessAct{entry, std::move(*fields)};
}

// The fields were told, and have their forms.
Result<void> CheckWay(const AccessAct& act, tlog::Sequence at, custody::AccessWay way) {
  const std::string& says = *act.fields.Find("act")->Text();
  if (says == custody::ToText(way)) return {};
  return Bad(Format("names entry {}, whose act is {} and not {}", at, says, custody::ToText(way)));
}

// Where the exported act tells all of its items, they are those of the bundle and those that are kept elsewhere.
Result<void> CompareItems(const AccessAct& exported, const ToldLogCheck& log, const std::vector<ToldFile>& files) {
  auto items = custody::ItemsIn(exported.fields);
  if (!items || !*items) return {};
  custody::PositionRanges named;
  for (const custody::ItemSet::Range& range : **items) named.Add(range);
  custody::PositionRanges here;
  const auto add = [&](tlog::Sequence at) { here.Add({at.value, at.value}); };
  for (const ToldFile& file : files) add(file.entry);
  for (const auto& [at, entry] : log.entries()) {
    if (!entry.HasOriginal() || !entry.fields) continue;
    const auto fields = log.FieldsOf(at);
    const auto state = fields ? custody::ItemFactsIn(*fields).state : std::nullopt;
    if (state && state->content == custody::ContentPlace::kElsewhere) add(at);
  }
  return named == here ? Result<void>() : Bad("names an act that exported other items than are here");
}

}  // namespace

Result<custody::SignedBundleNote> ReadNote(const BagFolder& folder) {
  TRY(Bytes note, ReadFile(folder.PathOf(kNoteFile), custody::BundleNote::kMaxBytes));
  if (WithLineFeeds(note)) return Bad(std::string(kLineEndsConverted));
  return custody::SignedBundleNote::Parse(std::move(note));
}

Result<void> CompareNote(const custody::BundleNote& note, const BagManifests& manifests, const ToldLogCheck& log) {
  TRY_VOID(CompareManifests(note, manifests));
  if (note.origin != log.state().origin() || note.fingerprint != log.state().fingerprint())
    return Bad("is of another vault than the entries in the bundle");
  if (log.checkpoint() && note.size != log.checkpoint()->size.value) {
    return Bad(Format("is of a log of {} entries, and the checkpoint in the bundle has {}", note.size,
                      log.checkpoint()->size));
  }
  return {};
}

Result<void> CheckNoteSigner(const custody::SignedBundleNote& note, const ToldLogCheck& log) {
  const custody::Actor& maker = note.said().made_by;
  TRY_VOID(log.state().MayAct(maker, custody::Access::kForm));
  const custody::Membership* const member = log.state().facts().FindPresent(maker);
  return note.CheckSignatures(std::span(&member->key, 1));
}

Result<ExportCheck> CheckExport(const custody::BundleNote& note, const BagManifests& manifests, const ToldLogCheck& log,
                                const std::vector<ToldFile>& files, Form form) {
  const bool is_plain = form == Form::kPlain;
  TRY(const AccessAct exported, FindAccess(log, note.exported, custody::Showing::kExported));
  if (exported.entry->actor != note.made_by)
    return Bad(Format("is signed by another than entry {}, the act that it names", note.exported));
  TRY_VOID(CheckWay(exported, note.exported, custody::AccessWay::kExported));
  if (manifests.manifest && *exported.fields.Find("manifest")->Text() != ToHex(manifests.manifest->view()))
    return Bad(Format("names entry {}, which exported another manifest than this", note.exported));
  if (is_plain && !*exported.fields.Find("checked")->Bool())
    return Bad("is of originals that its maker did not compare with their fields");
  const tlog::Sequence begun{static_cast<std::uint64_t>(*exported.fields.Find("export")->Number())};
  if (begun >= note.exported) return Bad(Format("names an act that ends entry {}, which is no earlier one", begun));
  TRY(const AccessAct first,
      FindAccess(log, begun, is_plain ? custody::Showing::kExport : custody::Showing::kSealedExport));
  if (first.entry->actor.name() != note.made_by.name())
    return Bad(Format("ends entry {}, which is an act of somebody else", begun));
  TRY_VOID(CheckWay(first, begun, custody::AccessWay::kExport));
  TRY_VOID(CompareItems(exported, log, files));
  return ExportCheck{is_plain ? 0 : first.fields.Find("recipients")->AsArray()->size()};
}

}  // namespace exhibit::bundle
