// Goal: a place in the database is read in its one form, and what has another form is damage and never a place.
// Method: places of each state written and read again; each rule broken once.
#include "vault/store/rocks_keys.h"

#include "tests/support/check.h"

namespace exhibit::testing {
namespace {

using store::DecodePlace;
using store::EncodePlace;
using store::EncodeU64;
using store::PlaceState;
using store::SealedPlace;

const std::string kLayout = "{\"bytes\":4128,\"tail\":4112,\"root\":\"…\"}\n";

// In two packs.
SealedPlace ASealedFile() { return {200, 4128, 64, {{1, 1000, 392}, {2, 0, 4000}}, kLayout}; }
SealedPlace AHeader() { return {200, 0, 0, {{3, 17, 200}}, {}}; }

std::string Numbers(const std::vector<std::uint64_t>& numbers) {
  std::string text;
  for (const std::uint64_t number : numbers) text += EncodeU64(number);
  return text;
}

}  // namespace

TEST_CASE("a place is read as it was written", "[store][place]") {
  SECTION("of a sealed file") {
    const std::string value = EncodePlace(PlaceState::kSealed, ASealedFile());
    CHECK(value == "s" + Numbers({200, 4128, 64, 1, 1000, 392, 2, 0, 4000}) + kLayout);
    const auto read = Unwrap(DecodePlace(value));
    CHECK(static_cast<char>(read.state) == 's');
    CHECK(read.place == ASealedFile());
  }
  SECTION("of a header alone") {
    const std::string value = EncodePlace(PlaceState::kSealed, AHeader());
    CHECK(value == "s" + Numbers({200, 0, 0, 3, 17, 200}));
    CHECK(Unwrap(DecodePlace(value)).place == AHeader());
  }
  SECTION("whose header was destroyed: the layout line stays") {
    const std::string value = EncodePlace(PlaceState::kHeaderDestroyed, ASealedFile());
    CHECK(value == "h" + Numbers({200, 4128, 64, 1, 1000, 392, 2, 0, 4000}) + kLayout);
    const auto read = Unwrap(DecodePlace(value));
    CHECK((read.place.header == SealedPlace::Header::kDestroyed));
    CHECK(read.place.layout == kLayout);
    CHECK(EncodePlace(read.state, read.place) == value);
  }
  SECTION("that was destroyed: the layout line is gone") {
    const std::string value = EncodePlace(PlaceState::kDestroyed, ASealedFile());
    CHECK(value == "x" + Numbers({200, 4128, 64, 1, 1000, 392, 2, 0, 4000}));
    const auto read = Unwrap(DecodePlace(value));
    CHECK(read.place.layout.empty());
    CHECK(EncodePlace(read.state, read.place) == value);
  }
}

TEST_CASE("what is no place is damage", "[store][place]") {
  const std::string value =
      GENERATE_COPY(std::string(), "y" + Numbers({200, 0, 0, 3, 17, 200}),  // no such state
                    "s" + Numbers({200, 0}),                                // cut off
                    "s" + Numbers({200, 0, 0, 3, 17}),                      // in an extent
                    "s" + Numbers({200, 0, 0, 3, 17, 199}),                 // extents that are too short
                    "s" + Numbers({200, 0, 0, 3, 17, 201}),                 // too long
                    "s" + Numbers({200, 0, 0, 3, 17, 0, 3, 17, 200}),       // empty
                    "s" + Numbers({200, 0, 0, 0, 17, 200}),                 // in no pack
                    "s" + Numbers({200, 0, 0, 3, 17, 200}) + kLayout,       // a header alone has no layout line
                    "s" + Numbers({200, 4128, 64, 1, 0, 4392}),             // a payload has one
                    "h" + Numbers({200, 4128, 64, 1, 0, 4392}),             // whose header was destroyed, too
                    "x" + Numbers({200, 4128, 64, 1, 0, 4392}) + kLayout,   // and none once all was destroyed
                    "s" + Numbers({~std::uint64_t{0}, 0, 0, 3, 17, 200}));
  CAPTURE(value.size());
  CHECK_FAILS(DecodePlace(value), ErrorCode::kTampered, "the place of a sealed file has an unknown form");
}

}  // namespace exhibit::testing
