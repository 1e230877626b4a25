#include "vault/verify/collected_notes.h"

#include "vault/base/text.h"
#include "vault/custody/named_items.h"

namespace exhibit::verify {

void CollectedNotes::Add(const custody::Entry& entry) {
  const auto* const number = custody::CollectedNumberOf(entry.body);
  if (number != nullptr) numbers_[number->collector].insert(number->number);
}

void CollectedNotes::RemarkGaps(Report& report) const {
  for (const auto& [collector, numbers] : numbers_) {
    const std::uint64_t missing = *numbers.rbegin() - numbers.size();
    if (missing == 0) continue;
    std::uint64_t gap = 1;
    for (auto number = numbers.begin(); number != numbers.end() && *number == gap; ++number) ++gap;
    report.remarks.push_back("collector " + Printable(collector) + ": " + std::to_string(missing) +
                             " of the numbers up to " + std::to_string(*numbers.rbegin()) +
                             " are not in the log, first " + std::to_string(gap));
  }
}

}  // namespace exhibit::verify
