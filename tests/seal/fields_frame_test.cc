// Goal: the fields frame has one form. Method: its bytes, and each of them changed alone.
#include "vault/seal/fields_frame.h"

#include "tests/support/catch.h"
#include "tests/support/check.h"

namespace exhibit::seal {
namespace {

using testing::Unwrap;

constexpr std::string_view kLines = "[\"00\",\"a\",1]\n[\"01\",\"b\",2]\n";

TEST_CASE("the fields frame has the bytes that the format says", "[seal]") {
  CHECK(ToHex(EncodeFieldsFrame("x\n")) ==
        "502a4d18"
        "0a000000"
        "780a"
        "02000000"
        "4558484d");
  CHECK(Unwrap(ParseFieldsFrame(EncodeFieldsFrame(kLines))) == kLines);
  const std::string longest = std::string(kMaxFieldsBytes - 1, 'x') + "\n";
  CHECK(Unwrap(ParseFieldsFrame(EncodeFieldsFrame(longest))) == longest);
}

TEST_CASE("a fields frame of another form is refused", "[seal]") {
  const Bytes frame = EncodeFieldsFrame(kLines);
  for (std::size_t size = 0; size < frame.size(); ++size) {
    CAPTURE(size);
    CHECK_FAILS(ParseFieldsFrame(ByteView(frame).first(size)), ErrorCode::kInvalid, "fields frame: ");
    if (size > 0) CHECK_FAILS(ParseFieldsFrame(ByteView(frame).subspan(size)), ErrorCode::kInvalid, "fields frame: ");
  }
  const auto changed = [&](std::size_t at, std::uint8_t value) {
    Bytes other = frame;
    other[at] = value;
    return ParseFieldsFrame(other);
  };
  CHECK_FAILS(changed(0, 0x51), ErrorCode::kInvalid, "does not begin as one");
  CHECK_FAILS(changed(4, 0xff), ErrorCode::kInvalid, "its length is not the one that it says");
  CHECK_FAILS(changed(7, 0xff), ErrorCode::kInvalid, "longer than 1 MiB");
  CHECK_FAILS(changed(frame.size() - 8, 0), ErrorCode::kInvalid, "says two lengths");
  CHECK_FAILS(changed(frame.size() - 1, 'm'), ErrorCode::kInvalid, "does not end in EXHM");
  CHECK_FAILS(changed(frame.size() - 9, ']'), ErrorCode::kInvalid, "ends within a line");
  Bytes empty;
  AppendSkippableHeader(empty, kFieldsMagic, 8);
  Append(empty, testing::Hex("000000004558484d"));
  CHECK_FAILS(ParseFieldsFrame(empty), ErrorCode::kInvalid, "holds no field");
}

TEST_CASE("a fields frame of 1 MiB is taken, and of one byte more is not", "[seal]") {
  Bytes start;
  AppendSkippableHeader(start, kFieldsMagic, kMaxFieldsBytes + 8);
  CHECK(Unwrap(FieldsFrameBytes(start)) == kMaxFieldsBytes + kFieldsFrameOverhead);
  start.clear();
  AppendSkippableHeader(start, kFieldsMagic, kMaxFieldsBytes + 9);
  CHECK_FAILS(FieldsFrameBytes(start), ErrorCode::kInvalid, "longer than 1 MiB");
}

}  // namespace
}  // namespace exhibit::seal
