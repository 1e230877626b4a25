#include "vault/net/http_files.h"

#include "vault/base/text.h"

namespace exhibit::net {

Result<Bytes> HttpFiles::Read(std::string_view path, std::size_t limit_bytes) const {
  const Url url = prefix_.Below(path);
  TRY(HttpAnswer answer, HttpGet(url, limit_bytes, interrupted_));
  if (answer.status == 200) return std::move(answer.body);
  const std::string what = Printable(url.text()) + ": HTTP status " + std::to_string(answer.status);
  if (answer.status == 404 || answer.status == 410) return Fail(ErrorCode::kNotFound, what);
  if (answer.status >= 300 && answer.status < 400) {
    return Fail(ErrorCode::kIo, what + ", a redirect, which is not followed",
                "name the place that it leads to, if you trust it to be the log's");
  }
  return Fail(ErrorCode::kIo, what);
}

}  // namespace exhibit::net
