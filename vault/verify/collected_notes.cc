#include "vault/verify/collected_notes.h"

#include "vault/base/format.h"
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
    report.remarks.push_back(Format("collector {}: {} of the numbers up to {} are not in the log, first {}",
                                    Printable(collector), missing, *numbers.rbegin(), gap));
  }
}

}  // namespace exhibit::verify
