#include "vault/bundle/collecting_kit.h"

#include <array>

#include "vault/base/encoding.h"
#include "vault/base/format.h"
#include "vault/base/text.h"

namespace exhibit::bundle {
namespace {

constexpr std::string_view kTitle = "# exhibit collecting kit v";
constexpr std::string_view kVersion = "1";

Failure Wrong(std::string why) { return Fail(ErrorCode::kTampered, std::move(why)); }

// What follows `before` in the first line, which is taken from the text.
Result<std::string_view> TakeLine(std::string_view& text, std::string_view before) {
  const std::size_t end = text.find('\n');
  if (end == std::string_view::npos || !text.starts_with(before) || end < before.size())
    return Wrong(Format("no line begins with \"{}\" where one should", before));
  const std::string_view value = text.substr(before.size(), end - before.size());
  text.remove_prefix(end + 1);
  return value;
}

}  // namespace

bool collecting_kit::ChangesInUse(std::string_view name) {
  return name == "collector/state" || name == "collector/LOCK" || name.starts_with("collector/journal") ||
         name.starts_with("drop/") || name.starts_with("journal/");
}

std::string EncodeKitList(const KitList& list) {
  return Format("{}{}\n# origin {}\n# fingerprint {}\n# collector {}\n# made {}\n", kTitle, kVersion,
                list.origin.text(), ToHex(list.fingerprint.view()), list.collector.text(),
                custody::FormatEntryTime(list.made)) +
         EncodeManifest(list.files, Lists::kTags);
}

Result<KitList> ParseKitList(std::string_view text) {
  const std::string_view whole = text;
  TRY(const std::string_view version, TakeLine(text, kTitle));
  if (version != kVersion) {
    return Fail(ErrorCode::kUnsupported, Format("version {} is not known", PrintableUpTo(32, version)),
                "a newer version of exhibit may know it");
  }
  TRY(const std::string_view origin_text, TakeLine(text, "# origin "));
  TRY(tlog::Origin origin, tlog::Origin::Parse(origin_text));
  TRY(const std::string_view fingerprint_text, TakeLine(text, "# fingerprint "));
  TRY(const auto fingerprint, FixedFromHex<custody::Fingerprint>(fingerprint_text, "fingerprint"));
  TRY(const std::string_view collector_text, TakeLine(text, "# collector "));
  TRY(custody::Actor collector, custody::Actor::Parse(collector_text));
  TRY(const std::string_view made_text, TakeLine(text, "# made "));
  TRY(const custody::EntryTime made, custody::ParseEntryTime(made_text));
  TRY(Manifest files, DecodeManifest(text, Lists::kTags));
  if (files.empty()) return Wrong("it lists no file");
  KitList list{std::move(origin), fingerprint, std::move(collector), made, std::move(files)};
  if (EncodeKitList(list) != whole) return Wrong("it is written in another form than ours");
  return list;
}

}  // namespace exhibit::bundle
