#include "vault/net/s3_answer.h"

#include <array>
#include <optional>

#include "vault/base/encoding.h"
#include "vault/base/format.h"
#include "vault/base/text.h"

namespace exhibit::net {
namespace {

constexpr std::size_t kMostWords = 200;
constexpr std::string_view kVersionElement = "Version";
constexpr std::string_view kMarkerElement = "DeleteMarker";

// The text between the next <name> and </name> of `xml`, which is taken away up to there. Nothing if there is none.
std::optional<std::string_view> TakeElement(std::string_view& xml, std::string_view name) {
  const std::string open = "<" + std::string(name) + ">";
  const std::string close = "</" + std::string(name) + ">";
  const std::size_t begin = xml.find(open);
  if (begin == std::string_view::npos) return std::nullopt;
  const std::size_t end = xml.find(close, begin + open.size());
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view text = xml.substr(begin + open.size(), end - begin - open.size());
  xml.remove_prefix(end + close.size());
  return text;
}

std::optional<std::string_view> Element(std::string_view xml, std::string_view name) { return TakeElement(xml, name); }

Result<std::string> Unescaped(std::string_view text) {
  constexpr std::array<std::pair<std::string_view, char>, 5> kEntities = {
      {{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&apos;", '\''}}};
  std::string out;
  while (!text.empty()) {
    std::size_t taken = 0;
    for (const auto& [entity, character] : kEntities) {
      if (!text.starts_with(entity)) continue;
      out.push_back(character);
      taken = entity.size();
    }
    if (taken == 0) {
      if (text.front() == '&' || text.front() == '<') return Fail(ErrorCode::kInvalid, "a name that cannot be read");
      out.push_back(text.front());
      taken = 1;
    }
    text.remove_prefix(taken);
  }
  return out;
}

}  // namespace

Result<ObjectStore::Page> ReadListAnswer(std::string_view xml) {
  const auto whole = Element(xml, "IsTruncated");
  if (xml.find("<ListBucketResult") == std::string_view::npos || !whole || (*whole != "true" && *whole != "false")) {
    return Fail(ErrorCode::kInvalid, "the answer is no list of objects");
  }
  ObjectStore::Page page;
  page.is_last = *whole == "false";
  while (const auto contents = TakeElement(xml, "Contents")) {
    const auto key = Element(*contents, "Key");
    const auto size = Element(*contents, "Size");
    if (!key || !size) return Fail(ErrorCode::kInvalid, "the list has an object without a name or a size");
    TRY(std::string name, Unescaped(*key));
    TRY(const std::uint64_t bytes, FromDecimal(*size));
    // What comes again or goes back would be asked for without end.
    if (!page.objects.empty() && name <= page.objects.back().key) {
      return Fail(ErrorCode::kInvalid, "the list is not in the order of its names");
    }
    page.objects.push_back({std::move(name), bytes});
  }
  if (!page.is_last && page.objects.empty()) return Fail(ErrorCode::kInvalid, "the list goes on without end");
  return page;
}

namespace {

// One <Version> or <DeleteMarker>.
Result<ListedVersion> ReadVersion(std::string_view xml, std::string_view element) {
  ListedVersion version;
  version.is_marker = element == kMarkerElement;
  const auto key = Element(xml, "Key");
  const auto id = Element(xml, "VersionId");
  const auto put = Element(xml, "LastModified");
  const auto size = Element(xml, "Size");
  if (!key || !id || !put || (!size && !version.is_marker)) {
    return Fail(ErrorCode::kInvalid, "the list has a version without a name, a size or a time");
  }
  TRY(version.name.key, Unescaped(*key));
  TRY(version.name.version, Unescaped(*id));
  if (version.name.version == "null") version.name.version.clear();
  TRY(version.put, ParseTime(*put));
  if (!version.is_marker) {
    TRY(version.bytes, FromDecimal(*size));
  }
  return version;
}

}  // namespace

Result<ObjectStore::VersionPage> ReadVersionsAnswer(std::string_view xml) {
  const auto whole = Element(xml, "IsTruncated");
  if (xml.find("<ListVersionsResult") == std::string_view::npos || !whole || (*whole != "true" && *whole != "false")) {
    return Fail(ErrorCode::kInvalid, "the answer is no list of versions");
  }
  ObjectStore::VersionPage page;
  page.is_last = *whole == "false";
  for (;;) {
    const std::size_t version_at = xml.find(Format("<{}>", kVersionElement));
    const std::size_t marker_at = xml.find(Format("<{}>", kMarkerElement));
    const std::string_view element = version_at < marker_at ? kVersionElement : kMarkerElement;
    const auto row = TakeElement(xml, element);
    if (!row) break;
    TRY(ListedVersion version, ReadVersion(*row, element));
    if (!page.versions.empty() && version.name.key < page.versions.back().name.key) {
      return Fail(ErrorCode::kInvalid, "the list is not in the order of its names");
    }
    page.versions.push_back(std::move(version));
  }
  if (!page.is_last && page.versions.empty()) return Fail(ErrorCode::kInvalid, "the list goes on without end");
  return page;
}

Result<std::optional<LockedUntil>> ReadRetentionAnswer(std::string_view xml) {
  const auto mode = Element(xml, "Mode");
  const auto until = Element(xml, "RetainUntilDate");
  if (!mode || !until) return Fail(ErrorCode::kInvalid, "the answer is no lock");
  if (*mode != "COMPLIANCE") return std::optional<LockedUntil>();
  TRY(const Moment time, ParseTime(*until));
  return std::optional(LockedUntil{time});
}

std::string_view CodeOfRefusal(std::string_view xml) { return Element(xml, "Code").value_or(std::string_view()); }

std::string WordsOfRefusal(std::string_view xml) {
  const auto code = Element(xml, "Code");
  if (!code) return {};
  const auto message = Element(xml, "Message");
  const std::string words = std::string(*code) + (message && !message->empty() ? ": " + std::string(*message) : "");
  return PrintableUpTo(kMostWords, words);
}

}  // namespace exhibit::net
