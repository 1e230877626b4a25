// A QR code of a short text, as a picture for a page. libqrencode makes the code; only qr_code.cc includes it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "vault/base/error.h"

namespace exhibit::work {

// More would still make a code, whose points are too small to be read from paper by any telephone.
inline constexpr std::size_t kMaxQrBytes = 1'200;

// An <svg> element with the code of `text`, black on white, with the white border that readers need. kInvalid for an empty
// text or one of more than kMaxQrBytes.
Result<std::string> QrCodeSvg(std::string_view text);

}  // namespace exhibit::work
