#include "vault/tlog/sequence_range.h"

#include "vault/base/format.h"

namespace exhibit::tlog {

std::string SequenceRange::ToText() const {
  return first == last ? std::to_string(first.value) : Format("{}-{}", first, last);
}

std::vector<SequenceRange> RangesOf(std::span<const Sequence> positions) {
  std::vector<SequenceRange> ranges;
  for (const Sequence at : positions) {
    if (!ranges.empty() && ranges.back().last.value + 1 == at.value) {
      ranges.back().last = at;
    } else {
      ranges.push_back({at, at});
    }
  }
  return ranges;
}

std::string ListOf(std::span<const SequenceRange> ranges, std::size_t most) {
  std::string text;
  for (std::size_t i = 0; i < ranges.size(); ++i) {
    if (i == most) return text + " and more";
    text += (i == 0 ? "" : ", ") + ranges[i].ToText();
  }
  return text;
}

}  // namespace exhibit::tlog
