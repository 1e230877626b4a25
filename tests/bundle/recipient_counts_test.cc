// Goal: a sealed file for more or fewer than any entry names is found, and nothing is asked where none names it.
#include "vault/bundle/recipient_counts.h"

#include "tests/support/check.h"

namespace exhibit::testing {
namespace {

custody::Access Export(std::string_view items, std::size_t recipients) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < recipients; ++i) names.push_back("age1" + std::to_string(i));
  return {custody::Access::Way::kExport, Unwrap(custody::ItemSet::Parse(items)), "a test", names};
}

std::vector<std::uint64_t> Odd(const bundle::RecipientCounts& counts) {
  std::vector<std::uint64_t> numbers;
  for (const auto& odd : counts.Find()) numbers.push_back(odd.sequence.value);
  return numbers;
}

}  // namespace

TEST_CASE("a file for as many as an entry names is in order", "[bundle]") {
  bundle::RecipientCounts counts;
  counts.NoteSealedFile({1}, 1);
  counts.NoteSealedFile({2}, 2);
  counts.NoteSealedFile({3}, 3);
  CHECK(Odd(counts).empty());  // nobody says anything of them
  counts.NoteExport(Export("1-2", 2));
  CHECK(Odd(counts) == std::vector<std::uint64_t>{1});
  counts.NoteExport(Export("1-2", 0));  // plain, for the identity in the bundle
  CHECK(Odd(counts).empty());
  counts.NoteExport(Export("3", 1));
  CHECK(Odd(counts) == std::vector<std::uint64_t>{3});
  counts.NoteExport(Export("1-60000", 3));
  CHECK(Odd(counts).empty());
  auto read = Export("3", 7);
  read.way = custody::Access::Way::kRead;
  counts.NoteSealedFile({3}, 7);
  counts.NoteExport(read);
  CHECK(Odd(counts) == std::vector<std::uint64_t>{3});
}

TEST_CASE("an export twice to the same is for one", "[bundle]") {
  bundle::RecipientCounts counts;
  counts.NoteSealedFile({1}, 1);
  auto twice = Export("1", 1);
  twice.recipients.push_back(twice.recipients.front());
  counts.NoteExport(twice);
  CHECK(Odd(counts).empty());
}

}  // namespace exhibit::testing
