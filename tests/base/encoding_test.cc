// Goal: one text for each value. Method: the vectors of RFC 4648 section 10, every length round
// trip, and each way in which a second spelling could be tried.
#include "vault/base/encoding.h"

#include "tests/support/catch.h"
#include "tests/support/check.h"

namespace exhibit {
namespace {

using testing::Unwrap;

TEST_CASE("base64 gives the answers of RFC 4648", "[base]") {
  struct Row {
    std::string_view text, padded, unpadded;
  };
  for (const Row& row : {Row{"", "", ""}, Row{"f", "Zg==", "Zg"}, Row{"fo", "Zm8=", "Zm8"}, Row{"foo", "Zm9v", "Zm9v"},
                         Row{"foob", "Zm9vYg==", "Zm9vYg"}, Row{"fooba", "Zm9vYmE=", "Zm9vYmE"},
                         Row{"foobar", "Zm9vYmFy", "Zm9vYmFy"}}) {
    CAPTURE(row.text);
    CHECK(ToBase64(ViewOf(row.text), Base64::kPadded) == row.padded);
    CHECK(ToBase64(ViewOf(row.text), Base64::kUnpadded) == row.unpadded);
    CHECK(ToText(Unwrap(FromBase64(row.padded, Base64::kPadded))) == row.text);
    CHECK(ToText(Unwrap(FromBase64(row.unpadded, Base64::kUnpadded))) == row.text);
  }
}

TEST_CASE("the alphabet of base64 is the standard one, not that for URLs", "[base]") {
  const Bytes bytes = {0xfb, 0xff, 0xbf};
  CHECK(ToBase64(bytes, Base64::kPadded) == "+/+/");
  CHECK_FAILS(FromBase64("-_-_", Base64::kPadded), ErrorCode::kInvalid, "outside its alphabet");
}

TEST_CASE("hex and base64 give back bytes of every length", "[base]") {
  Bytes bytes;
  for (std::size_t size = 0; size < 300; ++size) {
    CAPTURE(size);
    CHECK(Unwrap(FromHex(ToHex(bytes))) == bytes);
    CHECK(Unwrap(FromBase64(ToBase64(bytes, Base64::kPadded), Base64::kPadded)) == bytes);
    CHECK(Unwrap(FromBase64(ToBase64(bytes, Base64::kUnpadded), Base64::kUnpadded)) == bytes);
    bytes.push_back(static_cast<std::uint8_t>(size * 37));
  }
}

TEST_CASE("base64 with wrong padding for its form is refused", "[base]") {
  for (const std::string_view text : {"Zg", "Zg=", "Zm8", "Zg===", "Zm9v=", "Z"}) {
    CAPTURE(text);
    CHECK_FAILS(FromBase64(text, Base64::kPadded), ErrorCode::kInvalid, "not padded to four");
  }
  CHECK_FAILS(FromBase64("Z===", Base64::kPadded), ErrorCode::kInvalid, "base64");
  CHECK_FAILS(FromBase64("====", Base64::kPadded), ErrorCode::kInvalid, "base64");
  CHECK_FAILS(FromBase64("Zg==Zg==", Base64::kPadded), ErrorCode::kInvalid, "outside its alphabet");
  CHECK_FAILS(FromBase64("Zg==", Base64::kUnpadded), ErrorCode::kInvalid, "outside its alphabet");
  CHECK_FAILS(FromBase64("Zm9vY", Base64::kUnpadded), ErrorCode::kInvalid, "impossible length");
}

TEST_CASE("base64 with white space or other characters is refused", "[base]") {
  for (const std::string_view text : {"Zm9 ", "Zm9\n", "Z\r\n=", "Zm9*", "Zm\xc3\xa9"}) {
    CAPTURE(text);
    CHECK_FAILS(FromBase64(text, Base64::kPadded), ErrorCode::kInvalid, "outside its alphabet");
  }
  CHECK_FAILS(FromBase64(std::string_view("Zm\0v", 4), Base64::kPadded), ErrorCode::kInvalid, "outside its alphabet");
}

TEST_CASE("base64 with bits set behind the last byte is refused", "[base]") {
  CHECK_FAILS(FromBase64("Zh==", Base64::kPadded), ErrorCode::kInvalid, "not canonical");
  CHECK_FAILS(FromBase64("Zm9=", Base64::kPadded), ErrorCode::kInvalid, "not canonical");
  CHECK_FAILS(FromBase64("Zh", Base64::kUnpadded), ErrorCode::kInvalid, "not canonical");
  CHECK_FAILS(FromBase64("Zm9", Base64::kUnpadded), ErrorCode::kInvalid, "not canonical");
}

TEST_CASE("hex is lower case, and two digits a byte", "[base]") {
  CHECK(ToHex(Bytes{0x00, 0x9f, 0xff}) == "009fff");
  CHECK(Unwrap(FromHex("009fff")) == Bytes{0x00, 0x9f, 0xff});
  CHECK_FAILS(FromHex("009FFF"), ErrorCode::kInvalid, "not 0-9 or a-f");
  CHECK_FAILS(FromHex("0x"), ErrorCode::kInvalid, "not 0-9 or a-f");
  CHECK_FAILS(FromHex("00 9"), ErrorCode::kInvalid, "not 0-9 or a-f");
  CHECK_FAILS(FromHex("00f"), ErrorCode::kInvalid, "odd number");
}

TEST_CASE("a value of fixed size is read at exactly its size, and named when it is not", "[base]") {
  struct ExampleTag;
  using Example = Fixed<ExampleTag, 4>;
  CHECK(ToHex(Unwrap(FixedFromHex<Example>("00ff1122", "root")).view()) == "00ff1122");
  CHECK_FAILS(FixedFromHex<Example>("00ff11", "root"), ErrorCode::kInvalid, "root is not 8 lower-case hex digits");
  CHECK_FAILS(FixedFromHex<Example>("00FF1122", "root"), ErrorCode::kInvalid, "root is not 8");
  CHECK(ToHex(Unwrap(FixedFromBase64<Example>("AP8RIg==", "key")).view()) == "00ff1122");
  CHECK_FAILS(FixedFromBase64<Example>("AP8RIg", "key"), ErrorCode::kInvalid, "key is not the base64 of 4 bytes");
  CHECK_FAILS(FixedFromBase64<Example>("AP8R", "key"), ErrorCode::kInvalid, "base64 of 4 bytes");
}

TEST_CASE("decimal numbers have one spelling each", "[base]") {
  CHECK(Unwrap(FromDecimal("0")) == 0);
  CHECK(Unwrap(FromDecimal("10")) == 10);
  CHECK(Unwrap(FromDecimal("18446744073709551615")) == 18446744073709551615U);
  for (const std::string_view text : {"", "00", "01", "+1", "-1", " 1", "1 ", "1x", "0x1", "1.0", "1e3",
                                      "18446744073709551616", "99999999999999999999999"}) {
    CAPTURE(text);
    CHECK_FAILS(FromDecimal(text), ErrorCode::kInvalid, "not a decimal number");
  }
}

TEST_CASE("big-endian integers round trip, in the order of their bytes", "[base]") {
  Bytes bytes(8);
  PutU64(bytes, 0x0102030405060708U);
  CHECK(ToHex(bytes) == "0102030405060708");
  CHECK(GetU64(bytes) == 0x0102030405060708U);
  PutU64(bytes, UINT64_MAX);
  CHECK(GetU64(bytes) == UINT64_MAX);
}

}  // namespace
}  // namespace exhibit
