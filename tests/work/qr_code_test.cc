// Goal: a picture is a QR code that telephones read. Method: its size, and the three marks in its corners; a text that is too
// long for paper is refused. (What a code says is the library's to know.)
#include "vault/work/qr_code.h"

#include "tests/support/check.h"

namespace exhibit::testing {
namespace {

bool Has(const std::string& svg, std::string_view part) { return svg.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("a code has a white border and a mark in three corners", "[qr]") {
  const std::string svg = Unwrap(work::QrCodeSvg("exhibit"));
  CHECK(svg.starts_with("<svg viewBox=\"0 0 29 29\""));  // 21 points, and 4 on each side
  CHECK(Has(svg, "M0 0h29v29H0z"));
  CHECK(Has(svg, "\"M4 4h7v1h-7z"));  // above on the left: seven dark points in a row
  CHECK(Has(svg, "M18 4h7v1h-7z"));   // on the right
  CHECK(Has(svg, "M4 24h7v1h-7z"));   // below
  CHECK(svg.ends_with("z\"/></svg>"));
}

TEST_CASE("as much as paper takes is taken, and no more", "[qr]") {
  REQUIRE_OK(work::QrCodeSvg(std::string(work::kMaxQrBytes, '\xff')));
  CHECK_FAILS(work::QrCodeSvg(std::string(work::kMaxQrBytes + 1, 'a')), ErrorCode::kInvalid,
              "1201 bytes make no QR code");
  CHECK_FAILS(work::QrCodeSvg(""), ErrorCode::kInvalid, "0 bytes");
}

}  // namespace exhibit::testing
