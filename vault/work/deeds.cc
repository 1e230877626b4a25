#include "vault/work/deeds.h"

#include <utility>

#include "vault/base/encoding.h"
#include "vault/base/file.h"
#include "vault/base/json.h"
#include "vault/store/kept_heads.h"

namespace exhibit::work {
namespace {

constexpr JsonLimits kLimits = {.levels = 4, .members = 16};
constexpr std::uint64_t kMaxDeedsBytes = 64 << 10;

Json JsonOf(const Deed& deed) { return {{"at", FormatTime(deed.at)}, {"size", deed.size.value}, {"how", deed.how}}; }

std::optional<Deed> DeedIn(const Json& notes, std::string_view name) {
  const Json* const note = notes.Find(name);
  const Json* const at = note != nullptr ? note->Find("at") : nullptr;
  const Json* const size = note != nullptr ? note->Find("size") : nullptr;
  const Json* const how = note != nullptr ? note->Find("how") : nullptr;
  if (at == nullptr || at->Text() == nullptr || size == nullptr || !size->Unsigned() || how == nullptr ||
      how->Text() == nullptr)
    return std::nullopt;
  const auto time = ParseCanonicalTime(*at->Text());
  return time ? std::optional(Deed{*time, {*size->Unsigned()}, *how->Text()}) : std::nullopt;
}

}  // namespace

Deeds ReadDeeds(const tlog::Origin& origin, const custody::Fingerprint& fingerprint) {
  const auto path = store::UserDeedsPath(origin);
  if (!path) return {};
  const auto bytes = ReadFile(*path, kMaxDeedsBytes);
  if (!bytes) return {};
  const auto notes = Json::ParseObject(TextOf(*bytes), kLimits);
  if (!notes) return {};
  const Json* const whose = notes->Find("fingerprint");
  if (whose == nullptr || whose->Text() == nullptr || *whose->Text() != ToHex(fingerprint.view())) return {};
  return {DeedIn(*notes, "verified"), DeedIn(*notes, "published"), DeedIn(*notes, "copied")};
}

Result<void> NoteDeed(const tlog::Origin& origin, const custody::Fingerprint& fingerprint, DeedKind kind, Deed deed) {
  TRY(const auto path, store::UserDeedsPath(origin));
  Deeds deeds = ReadDeeds(origin, fingerprint);
  switch (kind) {
    case DeedKind::kVerified: deeds.verified = std::move(deed); break;
    case DeedKind::kPublished: deeds.published = std::move(deed); break;
    case DeedKind::kCopied: deeds.copied = std::move(deed); break;
  }
  Json notes = {{"fingerprint", ToHex(fingerprint.view())}};
  if (deeds.verified) notes["verified"] = JsonOf(*deeds.verified);
  if (deeds.published) notes["published"] = JsonOf(*deeds.published);
  if (deeds.copied) notes["copied"] = JsonOf(*deeds.copied);
  const std::string text = notes.Dump() + "\n";
  TRY_VOID(CreateFolders(path.parent_path()));
  return ReplaceFile(path, ViewOf(text), 0600);
}

}  // namespace exhibit::work
