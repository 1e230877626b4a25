// Goal: who has no key of a case can neither tell a label from a free place nor link two labels. Method: 10^6 labels, counted.
// The bounds are so wide that a sound build crosses one of them in less than one of 10^7 runs; a label with a bit that says
// something crosses them always.
#include "vault/custody/labels.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "tests/support/check.h"

using namespace exhibit;
using namespace exhibit::custody;
using exhibit::testing::Unwrap;

namespace {

constexpr std::size_t kLabels = 1'000'000;
constexpr std::size_t kBits = Label::kSize * 8;
constexpr double kSigmas = 7;

// How often each byte has each value.
struct Counts {
  std::array<std::array<std::uint32_t, 256>, Label::kSize> values{};
  void Add(const Label& label) {
    for (std::size_t byte = 0; byte < Label::kSize; ++byte) ++values[byte][label.view()[byte]];
  }
  std::uint32_t Ones(std::size_t bit) const {
    std::uint32_t ones = 0;
    for (std::size_t value = 0; value < 256; ++value) {
      if ((value >> (bit % 8) & 1U) != 0) ones += values[bit / 8][value];
    }
    return ones;
  }
};

// How far a count of `of` tries is from what chance `p` gives, in standard deviations.
double Away(double count, double of, double p) { return std::abs(count - of * p) / std::sqrt(of * p * (1 - p)); }

void CheckIsNoise(const Counts& counts) {
  for (std::size_t bit = 0; bit < kBits; ++bit) {
    CAPTURE(bit);
    CHECK(Away(counts.Ones(bit), kLabels, 0.5) < kSigmas);
  }
  double furthest = 0;
  for (const auto& of_byte : counts.values) {
    for (const std::uint32_t count : of_byte) furthest = std::max(furthest, Away(count, kLabels, 1.0 / 256));
  }
  CHECK(furthest < kSigmas);
}

// Headers that differ as little as they can.
HeaderDigest HeaderOf(std::uint64_t number) {
  std::array<std::uint8_t, HeaderDigest::kSize> bytes{};
  PutU64(std::span(bytes).first<8>(), number);
  return *HeaderDigest::From(bytes);
}

}  // namespace

TEST_CASE("a million labels of one case are noise, and no two of them are linked", "[labels]") {
  const CaseKey key = LabelSecret::Generate().KeyOf("IR-2025-014");
  const auto vault = DigestOf<Fingerprint>(ViewOf(std::string_view("vault")));
  Counts counts;
  std::vector<Label> labels;
  labels.reserve(kLabels);
  std::uint64_t equal_bits = 0;  // of each label and the next
  for (std::size_t i = 0; i < kLabels; ++i) {
    labels.push_back(key.LabelFor(vault, HeaderOf(i)));
    counts.Add(labels.back());
    if (i == 0) continue;
    for (std::size_t byte = 0; byte < Label::kSize; ++byte) {
      const unsigned differing = labels[i].view()[byte] ^ labels[i - 1].view()[byte];
      equal_bits += 8 - static_cast<unsigned>(__builtin_popcount(differing));
    }
  }
  CheckIsNoise(counts);
  CHECK(Away(static_cast<double>(equal_bits), static_cast<double>((kLabels - 1) * kBits), 0.5) < kSigmas);
  std::ranges::sort(
      labels, [](const Label& a, const Label& b) { return std::ranges::lexicographical_compare(a.view(), b.view()); });
  CHECK(std::ranges::adjacent_find(labels) == labels.end());
}

TEST_CASE("where a label stands among the free places says nothing", "[labels]") {
  constexpr std::size_t kEntries = 100'000;
  const CaseKey key = LabelSecret::Generate().KeyOf("IR-2025-014");
  const auto vault = DigestOf<Fingerprint>(ViewOf(std::string_view("vault")));
  std::array<std::size_t, 4> at{};  // at how many entries the label is at each place
  for (std::size_t i = 0; i < kEntries; ++i) {
    const Label own = key.LabelFor(vault, HeaderOf(i));
    const std::string text = Unwrap(Labels::Make({own}, {4})).ToText();
    const Bytes bytes = Unwrap(FromBase64(text, Base64::kPadded));
    for (std::size_t place = 0; place < at.size(); ++place) {
      if (Equal(ByteView(bytes).subspan(place * Label::kSize, Label::kSize), own.view())) ++at[place];
    }
  }
  for (const std::size_t count : at) CHECK(Away(static_cast<double>(count), kEntries, 0.25) < kSigmas);
}

TEST_CASE("of two cases, two vaults or two headers the labels differ", "[labels]") {
  const LabelSecret secret = LabelSecret::Generate();
  const auto vault = DigestOf<Fingerprint>(ViewOf(std::string_view("vault")));
  const auto other = DigestOf<Fingerprint>(ViewOf(std::string_view("other")));
  const Label label = secret.KeyOf("a").LabelFor(vault, HeaderOf(1));
  CHECK(label == secret.KeyOf("a").LabelFor(vault, HeaderOf(1)));
  CHECK(label != secret.KeyOf("b").LabelFor(vault, HeaderOf(1)));
  CHECK(label != secret.KeyOf("a").LabelFor(other, HeaderOf(1)));
  CHECK(label != secret.KeyOf("a").LabelFor(vault, HeaderOf(2)));
  CHECK(label != LabelSecret::Generate().KeyOf("a").LabelFor(vault, HeaderOf(1)));
}
