// The items that an entry names, as a set with one spelling.
//
//   set   = range *( "," range )        "1-3,7"
//   range = number [ "-" number ]       the second is greater than the first
//
// Numbers are positions of entries, without leading zeros, at most 2^53 - 1. Ranges ascend and neither overlap nor touch,
// so a set has one text. It holds at most kMaxItems: each item gets a row in the store's index, in the same batch as the
// entry.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "vault/base/error.h"
#include "vault/tlog/sequence.h"

namespace exhibit::custody {

class ItemSet {
 public:
  static constexpr std::uint64_t kMaxItems = 65'536;

  struct Range {
    std::uint64_t first = 0;
    std::uint64_t last = 0;
    bool operator==(const Range&) const = default;
  };

  // The one spelling only. kInvalid naming the rule that `text` breaks.
  static Result<ItemSet> Parse(std::string_view text);

  // In any order, and repeated. kInvalid for none, or more than kMaxItems.
  static Result<ItemSet> Of(std::vector<tlog::Sequence> items);

  std::string ToText() const;
  const std::vector<Range>& ranges() const { return ranges_; }
  // Ascending.
  std::vector<tlog::Sequence> Items() const;
  std::uint64_t count() const;
  bool operator==(const ItemSet&) const = default;

 private:
  explicit ItemSet(std::vector<Range> ranges) : ranges_(std::move(ranges)) {}
  std::vector<Range> ranges_;  // never empty
};

}  // namespace exhibit::custody
