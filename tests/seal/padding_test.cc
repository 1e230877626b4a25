// Goal: a plaintext has the length that the format says, in a class with many others, and its zeros are dealt in one
// way. Method: the examples of docs/FORMAT.md, the rule written another way, and sizes around every step.
#include "vault/seal/padding.h"

#include <cmath>

#include "tests/seal/example_bytes.h"
#include "tests/support/catch.h"
#include "vault/seal/seek_table.h"

namespace exhibit::seal {
namespace {

constexpr std::uint64_t kGiB = std::uint64_t{1} << 30;
constexpr std::uint64_t kMostZeros = kGiB - 8;

TEST_CASE("padded lengths are those of the format's examples", "[seal]") {
  CHECK(PaddedLength(1) == 4096);
  CHECK(PaddedLength(4096) == 4096);
  CHECK(PaddedLength(4097) == 4352);
  CHECK(PaddedLength(5000) == 5120);
  CHECK(PaddedLength(70'000) == 71'680);
  CHECK(PaddedLength(1'048'577) == 1'081'344);
  CHECK(PaddedLength(kGiB) == kGiB);
  CHECK(PaddedLength(kGiB + 1) == 1'107'296'256);
}

TEST_CASE("a padded length is the next multiple of its unit, and its own padded length", "[seal]") {
  std::mt19937_64 generator(testing::TestSeed());
  CAPTURE(testing::TestSeed());
  for (int i = 0; i < 20'000; ++i) {
    const std::uint64_t length = 4097 + (generator() >> (11 + generator() % 50));
    const auto e = static_cast<std::uint64_t>(std::floor(std::log2(static_cast<double>(length))));
    const auto s = static_cast<std::uint64_t>(std::floor(std::log2(static_cast<double>(e)))) + 1;
    const std::uint64_t unit = std::uint64_t{1} << (e - s);
    const std::uint64_t padded = PaddedLength(length);
    CAPTURE(length);
    REQUIRE(padded % unit == 0);
    REQUIRE(padded >= length);
    REQUIRE(padded - length < unit);
    REQUIRE(PaddedLength(padded) == padded);
  }
}

TEST_CASE("padding costs at most 6.25 % above 4 KiB, 3.2 % from 64 KiB on, 1.6 % from 4 GiB on", "[seal]") {
  double worst_small = 0;
  double worst = 0;
  double worst_large = 0;
  for (std::uint64_t length = 4097; length < std::uint64_t{1} << 42; length += 1 + length / 100) {
    const double cost = static_cast<double>(PaddedLength(length)) / static_cast<double>(length) - 1;
    double& place = length < 65'536 ? worst_small : length < 4 * kGiB ? worst : worst_large;
    place = std::max(place, cost);
  }
  CHECK(worst_small < 0.0625);
  CHECK(worst < 0.03126);
  CHECK(worst_large < 0.01563);
}

TEST_CASE("an act without content is padded to 4 KiB", "[seal]") {
  const PaddingPlan plan = PlanPadding({9, 1, 64});
  CHECK(plan.frames == 1);
  CHECK(plan.plaintext_bytes == 4096);
  CHECK(plan.zeros == 4096 - 9 - 8 - 64 - SeekTableBytes(3));
  CHECK(plan.ZerosIn(0) == plan.zeros);
  CHECK(plan.bytes() == plan.zeros + 8);
}

TEST_CASE("no zeros are wanted where the length is padded already", "[seal]") {
  const std::uint64_t rest = 8 + 64 + SeekTableBytes(3);
  const PaddingPlan plan = PlanPadding({8192 - rest, 1, 64});
  CHECK(plan.frames == 1);
  CHECK(plan.zeros == 0);
  CHECK(plan.plaintext_bytes == 8192);
  CHECK(PlanPadding({8193 - rest, 1, 64}).zeros == 511);
}

TEST_CASE("more zeros than one padding frame holds go on in the next", "[seal]") {
  std::mt19937_64 generator(testing::TestSeed());
  CAPTURE(testing::TestSeed());
  std::uint64_t most_frames = 0;
  for (int i = 0; i < 20'000; ++i) {
    const std::uint64_t content = generator() % (std::uint64_t{1} << 43);
    const std::uint64_t frames = content / (4 << 20) + 1;
    const std::uint64_t fields = 17 + generator() % 1000;
    const PaddingPlan plan = PlanPadding({content, frames, fields});
    most_frames = std::max(most_frames, plan.frames);
    CAPTURE(content, frames, fields);
    const auto bare = [&](std::uint64_t m) { return content + 8 * m + fields + 8 + 8 * (frames + m + 1) + 9; };
    REQUIRE(plan.plaintext_bytes == bare(plan.frames) + plan.zeros);
    REQUIRE(plan.plaintext_bytes == PaddedLength(bare(plan.frames)));
    REQUIRE(plan.zeros <= plan.frames * kMostZeros);
    for (std::uint64_t m = 1; m < plan.frames; ++m) REQUIRE(PaddedLength(bare(m)) - bare(m) > m * kMostZeros);
    std::uint64_t sum = 0;
    for (std::uint64_t m = 0; m < plan.frames; ++m) {
      const std::uint64_t zeros = plan.ZerosIn(m);
      REQUIRE(zeros <= kMostZeros);
      if (m + 1 < plan.frames && sum + zeros < plan.zeros) REQUIRE(zeros == kMostZeros);
      sum += zeros;
    }
    REQUIRE(sum == plan.zeros);
  }
  CHECK(most_frames > 30);
}

}  // namespace
}  // namespace exhibit::seal
