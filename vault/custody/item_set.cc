#include "vault/custody/item_set.h"

#include <algorithm>

#include "vault/base/canonical.h"
#include "vault/base/encoding.h"
#include "vault/base/format.h"
#include "vault/base/text.h"

namespace exhibit::custody {
namespace {

Failure Broken(std::string_view rule) { return Fail(ErrorCode::kInvalid, "items: " + std::string(rule)); }
Failure TooMany() { return Broken(Format("more than {} in one entry", ItemSet::kMaxItems)); }

Result<ItemSet::Range> ParseRange(std::string_view text) {
  const std::size_t dash = text.find('-');
  const auto first = FromDecimal(text.substr(0, dash));
  const auto last = dash == std::string_view::npos ? first : FromDecimal(text.substr(dash + 1));
  if (!first || !last || (dash != std::string_view::npos && *last <= *first)) {
    return Broken(Format("\"{}\" is neither a number nor a range such as 3-9", Printable(text.substr(0, 64))));
  }
  if (*last > kMaxNumber) return Broken("\"" + Printable(text.substr(0, 64)) + "\" is beyond 2^53 - 1");
  return ItemSet::Range{*first, *last};
}

}  // namespace

Result<ItemSet> ItemSet::Parse(std::string_view text) {
  std::vector<Range> ranges;
  std::uint64_t count = 0;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(',', begin), text.size());
    TRY(const Range range, ParseRange(text.substr(begin, end - begin)));
    // The difference first: a range up to 2^64-1 has a count that does not fit.
    if (!ranges.empty() && (range.first <= ranges.back().last || range.first - ranges.back().last == 1)) {
      return Broken("not ascending, or ranges that overlap or touch");
    }
    if (range.last - range.first >= kMaxItems - count) return TooMany();
    count += range.last - range.first + 1;
    ranges.push_back(range);
    begin = end + 1;
  }
  return ItemSet(std::move(ranges));
}

Result<ItemSet> ItemSet::Of(std::vector<tlog::Sequence> items) {
  if (items.empty()) return Broken("none is named");
  std::ranges::sort(items);
  if (items.back().value > kMaxNumber) return Broken(Format("position {} is beyond 2^53 - 1", items.back().value));
  std::vector<Range> ranges;
  std::uint64_t count = 0;
  for (const tlog::Sequence item : items) {
    if (!ranges.empty() && item.value == ranges.back().last) continue;
    if (++count > kMaxItems) return TooMany();
    if (!ranges.empty() && item.value == ranges.back().last + 1) {
      ranges.back().last = item.value;
    } else {
      ranges.push_back({item.value, item.value});
    }
  }
  return ItemSet(std::move(ranges));
}

std::string ItemSet::ToText() const {
  std::string text;
  for (const Range& range : ranges_) {
    if (!text.empty()) text += ",";
    text += std::to_string(range.first);
    if (range.last != range.first) text += Format("-{}", range.last);
  }
  return text;
}

std::vector<tlog::Sequence> ItemSet::Items() const {
  std::vector<tlog::Sequence> items;
  items.reserve(count());
  for (const Range& range : ranges_) {
    for (std::uint64_t i = 0; i <= range.last - range.first; ++i) items.push_back({range.first + i});
  }
  return items;
}

std::uint64_t ItemSet::count() const {
  std::uint64_t count = 0;
  for (const Range& range : ranges_) count += range.last - range.first + 1;
  return count;
}

}  // namespace exhibit::custody
