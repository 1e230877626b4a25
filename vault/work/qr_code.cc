#include "vault/work/qr_code.h"

#include <qrencode.h>

#include <cerrno>
#include <memory>
#include <system_error>

#include "vault/base/format.h"

namespace exhibit::work {
namespace {

constexpr int kBorder = 4;  // points of white around it (ISO/IEC 18004)

struct FreeCode {
  void operator()(QRcode* code) const { ::QRcode_free(code); }
};
using Code = std::unique_ptr<QRcode, FreeCode>;

// The dark points, a stroke for each run of them in a row.
std::string PathOf(const QRcode& code) {
  std::string path;
  const auto is_dark = [&](int x, int y) { return (code.data[y * code.width + x] & 1) != 0; };
  for (int y = 0; y < code.width; ++y) {
    for (int x = 0; x < code.width;) {
      int end = x;
      while (end < code.width && is_dark(end, y)) ++end;
      if (end > x) path += Format("M{} {}h{}v1h-{}z", x + kBorder, y + kBorder, end - x, end - x);
      x = end > x ? end : x + 1;
    }
  }
  return path;
}

}  // namespace

Result<std::string> QrCodeSvg(std::string_view text) {
  if (text.empty() || text.size() > kMaxQrBytes) {
    return Fail(ErrorCode::kInvalid,
                Format("{} bytes make no QR code that can be printed; 1 to {} do", text.size(), kMaxQrBytes));
  }
  // As bytes: a text is not split into parts of other modes, so every reader gives back the same.
  const Code code(::QRcode_encodeData(static_cast<int>(text.size()),
                                      reinterpret_cast<const unsigned char*>(text.data()), 0, QR_ECLEVEL_M));
  if (code == nullptr)
    return Fail(ErrorCode::kIo, "no QR code could be made: " + std::generic_category().message(errno));
  const int side = code->width + 2 * kBorder;
  return Format(
      "<svg viewBox=\"0 0 {} {}\" shape-rendering=\"crispEdges\"><path fill=\"#fff\" d=\"M0 0h{}v{}H0z\"/>"
      "<path fill=\"#000\" d=\"{}\"/></svg>",
      side, side, side, side, PathOf(*code));
}

}  // namespace exhibit::work
