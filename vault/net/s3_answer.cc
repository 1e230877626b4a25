#include "vault/net/s3_answer.h"

#include <array>
#include <optional>

#include "vault/base/encoding.h"
#include "vault/base/format.h"
#include "vault/base/text.h"

namespace exhibit::net {
namespace {

constexpr std::size_t kMostWords = 200;

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

std::string WordsOfRefusal(std::string_view xml) {
  const auto code = Element(xml, "Code");
  if (!code) return {};
  const auto message = Element(xml, "Message");
  const std::string words = std::string(*code) + (message && !message->empty() ? ": " + std::string(*message) : "");
  return PrintableUpTo(kMostWords, words);
}

}  // namespace exhibit::net
