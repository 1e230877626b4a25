// Goal: who has the stolen documents and sees a disk learns little of which one an item is. Method: 400 documents of
// close sizes, sealed; how many have a stored size of their own, with padding and as it would be without. The public log
// has a hash of the layout and tells nothing (tests of entries).
#include <map>

#include "tests/seal/example_bytes.h"
#include "tests/seal/plaintexts.h"
#include "tests/support/catch.h"
#include "tests/support/check.h"

namespace exhibit::seal {
namespace {

using testing_parts::PlaintextParts;

struct Told {
  std::size_t classes = 0;     // of sizes
  std::size_t alone = 0;       // documents whose size no other has
  std::size_t fewest = 0;      // documents in the smallest class
  double mean_candidates = 0;  // how many documents have the size of one, on the average
};

Told Judge(const std::vector<std::uint64_t>& sizes) {
  std::map<std::uint64_t, std::size_t> classes;
  for (const std::uint64_t size : sizes) ++classes[size];
  Told told{classes.size(), 0, SIZE_MAX, 0};
  for (const auto& [size, count] : classes) {
    if (count == 1) ++told.alone;
    told.fewest = std::min(told.fewest, count);
    told.mean_candidates += static_cast<double>(count) * static_cast<double>(count) / static_cast<double>(sizes.size());
  }
  return told;
}

TEST_CASE("of 400 documents of close sizes, few have a stored size of their own", "[seal]") {
  std::mt19937_64 generator(1);  // the figures are those of these documents
  std::vector<std::uint64_t> exact;
  std::vector<std::uint64_t> stored;
  std::uint64_t bytes = 0;
  for (int i = 0; i < 400; ++i) {
    // Records of patients, say: text of 20 to 60 KiB, no two alike.
    std::string text;
    const std::size_t size = 20'000 + generator() % 40'000;
    while (text.size() < size) {
      text += "patient " + std::to_string(generator() % 100'000) + ", ward " + std::to_string(generator() % 30) +
              ", admitted 2025-03-" + std::to_string(10 + generator() % 20) + ", diagnosis J" +
              std::to_string(generator() % 99) + "." + std::to_string(generator() % 10) + "\n";
    }
    const PlaintextParts parts = PlaintextParts::Of(ViewOf(text));
    const std::uint64_t without = parts.content[0].size() + parts.fields.size();
    exact.push_back(without);
    stored.push_back(SealedSize(parts.Join().size()));
    bytes += stored.back();
  }
  const Told before = Judge(exact);
  const Told after = Judge(stored);
  std::uint64_t bare = 0;
  for (const std::uint64_t size : exact) bare += SealedSize(size);
  const double cost = static_cast<double>(bytes) / static_cast<double>(bare) - 1;
  WARN("400 documents: without padding " << before.alone << " have a size of their own (" << before.classes
                                         << " sizes); stored, " << after.alone << " (" << after.classes
                                         << " sizes, at least " << after.fewest << " documents each, "
                                         << after.mean_candidates << " on the average); padding costs " << cost * 100
                                         << " %");
  CHECK(before.alone > 350);
  CHECK(after.alone <= 4);
  CHECK(after.mean_candidates > 10);
  CHECK(cost < 0.0625);
}

}  // namespace
}  // namespace exhibit::seal
