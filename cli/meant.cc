#include "cli/meant.h"

#include <algorithm>
#include <cstddef>

#include "vault/base/format.h"

namespace exhibit::cli {
namespace {

// No option or command of ours is longer; what is longer was not one of them misspelt.
constexpr std::size_t kLongestWord = 32;

// How many letters must be put in, taken out, replaced or exchanged with the next to make `b` of `a`.
std::size_t Distance(std::string_view a, std::string_view b) {
  std::vector<std::vector<std::size_t>> of(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i) {
    for (std::size_t j = 0; j <= b.size(); ++j) {
      if (i == 0 || j == 0) {
        of[i][j] = i + j;
        continue;
      }
      of[i][j] = std::min({of[i - 1][j] + 1, of[i][j - 1] + 1, of[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0U : 1U)});
      const bool is_exchanged = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (is_exchanged) of[i][j] = std::min(of[i][j], of[i - 2][j - 2] + 1);
    }
  }
  return of[a.size()][b.size()];
}

}  // namespace

std::optional<std::string> Meant(std::string_view typed, const std::vector<std::string>& words) {
  std::optional<std::string> nearest;
  std::size_t distance = std::min<std::size_t>(2, (typed.size() + 2) / 3) + 1;
  if (typed.size() > kLongestWord) return nearest;
  for (const std::string& word : words) {
    if (const std::size_t here = Distance(typed, word); here < distance) {
      distance = here;
      nearest = word;
    }
  }
  return nearest;
}

std::string DidYouMean(const std::optional<std::string>& word) {
  return word ? Format("; did you mean {}?", *word) : "";
}

}  // namespace exhibit::cli
